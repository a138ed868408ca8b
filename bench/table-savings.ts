/**
 * What columns and rows save on results of the embedded Athena, in tokens (o200k_base):
 *
 *     npx node bench/table-savings.ts
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { DEFAULT_LIMITS } from '../runtime/contract/limits.ts';
import { tabulate } from '../runtime/filter/tabulate.ts';
import { openEngineIn } from './open-engine.ts';

const ROWS = 60;

const PREPARE = `
for (let n = 0; n < ${ROWS}; n += 1) {
  await athena.memory.remember({ content: \`Meeting \${n}: the team decided to ship part \${n % 7} next week\`, memory_type: 'fact' });
  await athena.taskManagement.createTask({ content: \`Ship part \${n}\`, active_form: \`Shipping part \${n}\` });
}`;

const RESULTS: Readonly<Record<string, string>> = {
  'memory.recall, 60 memories': `return await athena.memory.recall({ query: 'team ship part', k: ${ROWS} });`,
  'memory.listMemories': `return await athena.memory.listMemories({ limit: ${ROWS} });`,
  'taskManagement.listTasks': `return await athena.taskManagement.listTasks({ limit: ${ROWS} });`,
};

const directory = mkdtempSync(join(tmpdir(), 'athena-savings-'));
const raise = (error: unknown): never => {
  throw error;
};
const { engine, close } = await openEngineIn(directory, DEFAULT_LIMITS, raise);
const run = async (code: string) => {
  const outcome = await engine.execute(
    { code, session: 'bench', timeoutMs: 30_000 },
    { principal: 'bench', signal: new AbortController().signal },
  );
  if (outcome.kind !== 'finished') throw new Error(JSON.stringify(outcome));
  return outcome.value;
};
await run(PREPARE);
for (const [what, code] of Object.entries(RESULTS)) {
  const value = await run(code);
  const count = (json: unknown): number => encode(JSON.stringify(json)).length;
  const [before, after] = [count(value), count(tabulate(value).value)];
  const saved = (100 * (1 - after / before)).toFixed(0);
  process.stdout.write(
    `${what.padEnd(32)} ${String(before).padStart(6)} → ${String(after).padStart(6)} tokens, ${saved} % less\n`,
  );
}
await close();
rmSync(directory, { recursive: true });
