import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OTHER_FILES } from '../codegen/sources.ts';

const CODEGEN = new URL('../codegen/start.js', import.meta.url).pathname;

/** What `npm run codegen` takes, from the start of its process to the end, in ms. */
export interface CodegenTimes {
  /** With an output folder that is not there, and nothing kept from earlier runs. */
  readonly nothing: number;
  readonly unchanged: number;
  /** After one schema file was changed. */
  readonly changed: number;
}

/**
 * Compiles a folder of schemas three times.
 * @param schemas its first file is changed for a while
 * @param out a folder that is not there, and was not compiled to before
 */
export function measureCodegen(schemas: string, out: string): CodegenTimes {
  const nothing = compile(schemas, out);
  const unchanged = compile(schemas, out);
  const [name = ''] = readdirSync(schemas).filter(
    (file) => file.endsWith('.json') && !OTHER_FILES.includes(file),
  );
  const path = join(schemas, name);
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.replace('"summary": "', '"summary": "Now '));
  const changed = compile(schemas, out);
  writeFileSync(path, text);
  return { nothing, unchanged, changed };
}

function compile(schemas: string, out: string): number {
  const start = performance.now();
  // The remarks: a synthetic backend has one layer, larger than agents are shown at once.
  execFileSync(process.execPath, [CODEGEN, '--schemas', schemas, '--out', out], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return performance.now() - start;
}
