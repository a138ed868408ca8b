/**
 * Writes the schemas of a synthetic backend: a tool for every 30 operations, of the size and depth of Athena's.
 *
 *     node bench/catalogue.ts --count 10000 --out /tmp/synthetic [--seed 1] [--name synthetic]
 *     node codegen/start.js --schemas /tmp/synthetic --out /tmp/synthetic-compiled
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { JsonObject } from '../runtime/contract/json.ts';
import { createTools, type SyntheticBackend } from './catalogue-tools.ts';

/** Writes a folder that `codegen --schemas` takes. */
export async function writeBackend(folder: string, backend: SyntheticBackend): Promise<void> {
  const write = (file: string, value: JsonObject): Promise<void> =>
    writeFile(join(folder, file), `${JSON.stringify(value, undefined, 2)}\n`);
  await mkdir(folder, { recursive: true });
  await write('backend.json', { name: backend.name });
  for (const tool of createTools(backend)) await write(`${tool.namespace}.json`, tool);
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      count: { type: 'string', default: '10000' },
      out: { type: 'string' },
      seed: { type: 'string', default: '1' },
      name: { type: 'string', default: 'synthetic' },
    },
  });
  if (values.out === undefined) throw new Error('--out must name a folder.');
  await writeBackend(values.out, {
    name: values.name,
    count: Number(values.count),
    seed: Number(values.seed),
  });
}
