import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { emitSupport, SUPPORT_FILE } from '../../codegen/emit/validators.ts';
import type { Validator } from '../../runtime/contract/catalogue.ts';

/** Imports modules of validators from files that lie as they do in an output folder, and are then removed. */
export async function importValidators(
  codes: readonly string[],
): Promise<readonly Readonly<Record<string, Validator<unknown>>>[]> {
  const folder = await mkdtemp(join(tmpdir(), 'codegen-validators-'));
  try {
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    await writeFile(join(folder, SUPPORT_FILE), await emitSupport());
    await mkdir(join(folder, 'validators'));
    return await Promise.all(
      codes.map(async (code, index) => {
        const path = join(folder, 'validators', `${index}.js`);
        await writeFile(path, code);
        return import(pathToFileURL(path).href);
      }),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
