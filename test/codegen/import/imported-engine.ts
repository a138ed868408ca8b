import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openRemoteBackend } from '../../../backend/remote/remote-backend.ts';
import type { Catalogue } from '../../../runtime/contract/catalogue.ts';
import { openTestEngine, type TestEngine } from '../../open-test-engine.ts';
import { ROOT } from '../codegen-process.ts';

/** The engine around a live server and the catalogue that was compiled from what it says of itself. */
export async function openImportedEngine(out: string, command: string): Promise<TestEngine> {
  const module: { catalogue: Catalogue } = await import(pathToFileURL(join(out, 'catalogue.ts')).href);
  return openTestEngine(module.catalogue, () =>
    openRemoteBackend({ command, version: 'test', onEvent: () => undefined }),
  );
}

/** What TypeScript says of everything that was generated, as its compiler prints it. */
export function typeCheckOutput(out: string): string {
  const tsc = join(ROOT, 'node_modules/typescript-native/bin/tsc');
  const options =
    '--ignoreConfig --noEmit --strict --exactOptionalPropertyTypes --noUncheckedIndexedAccess --target es2024 --lib es2025 --module nodenext --allowImportingTsExtensions --verbatimModuleSyntax --erasableSyntaxOnly --pretty false --types node';
  const roots = ['--typeRoots', join(ROOT, 'node_modules/@types')];
  const check = (file: string, more: readonly string[]): string => {
    const args = [tsc, ...options.split(' '), ...more, join(out, file)];
    return spawnSync(process.execPath, args, { encoding: 'utf8' }).stdout;
  };
  return check('catalogue.ts', roots) + check('athena.d.ts', ['--types', '']);
}
