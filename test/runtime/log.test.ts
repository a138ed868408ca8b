import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';

const LOG = new URL('../../runtime/log.ts', import.meta.url);

/** What the log writes for the values, in a process of its own: it writes to standard error. */
async function logged(...values: readonly string[]): Promise<readonly string[]> {
  const script = `
    const { openLog } = await import(${JSON.stringify(LOG.href)});
    const log = openLog('info');
    for (const value of [${values.join(', ')}]) log.info('said: {value}', { value });`;
  const { stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  return stderr.trimEnd().split('\n');
}

test('whatever is said, a line of the log that begins a record is the log’s own', async () => {
  const forged = 'a\n2026-01-01T00:00:00.000Z [ERR] athena: forged';
  const lines = await logged(
    JSON.stringify(forged),
    `{ line: ${JSON.stringify(forged)} }`,
    `new Error(${JSON.stringify(forged)})`,
  );
  const records = lines.filter((line) => /^\d{4}-/.test(line));
  assert.equal(records.length, 3);
  for (const record of records) assert.match(record, /\[INF\] athena: said: /);
});

test('nothing that is said steers the terminal', async () => {
  const steering = JSON.stringify('\u001b[2J\u009b1A\u202e\u2066\u2028\r\u0007');
  const lines = await logged(steering, `{ line: ${steering} }`, `new Error(${steering})`);
  assert.doesNotMatch(lines.join('\n'), /(?![\n\t])[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u);
  assert.match(lines.join('\n'), /\\u001b\[2J/);
});
