import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Reply } from '../../runtime/reply.ts';
import { until } from '../await-state.ts';
import { ATHENA_LIKE, type Connection, openClient, openTemporaryDirectory } from './open-client.ts';

const directory = openTemporaryDirectory();
let connection: Connection;
before(async () => {
  connection = await openClient(directory.path, ['--backend', ATHENA_LIKE]);
});
after(async () => {
  await connection.close();
  directory.dispose();
});

interface Told {
  readonly progress: number;
  readonly total?: number | undefined;
  readonly message?: string | undefined;
}

/** Runs a program for a client that asks for progress. */
async function follow(code: string, onTold: (told: Told) => void): Promise<Reply> {
  const call = { name: 'execute', arguments: { code, session: 'followed', timeoutMs: 30_000 } };
  const { structuredContent } = await connection.client.callTool(call, undefined, { onprogress: onTold });
  return structuredContent as Reply;
}

/**
 * Runs a program one call of which is reported of, ends that call once the client has heard of it, and goes on for a
 * while.
 * @returns what the client was told first of the call, and all that it was told
 */
async function hearOf(report: object): Promise<{ readonly message: string; readonly told: readonly Told[] }> {
  const told: Told[] = [];
  const messages = (): readonly string[] => told.map(({ message = '' }) => message);
  const isReported = (message: string): boolean => message.includes('; memory.recall');
  // Code may not hold characters that turn the reading direction.
  const json = JSON.stringify(report).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`);
  const query = JSON.stringify(`report ${json}`);
  let reply: Reply | undefined;
  const running = follow(`await athena.memory.recall({ query: ${query} }); await sleep(3_500);`, (one) =>
    told.push(one),
  ).then((value) => {
    reply = value;
  });
  await until(() => reply !== undefined || messages().some(isReported));
  await connection.execute("return athena.memory.recall({ query: 'release' });", { session: 'other' });
  // What was on its way then may still come.
  const from = told.length + 1;
  await running;
  assert.equal(reply?.ok, true, JSON.stringify(reply));
  assert.ok(told.length > from, 'progress goes on after the call');
  assert.deepEqual(messages().slice(from).filter(isReported), [], 'nothing is told of a call that is over');
  return { message: messages().find(isReported) ?? '', told };
}

test('what a remote server reports of a call is told to the client while the call goes on', async () => {
  const { message, told } = await hearOf({ progress: 40, total: 100, message: 'reading' });
  assert.match(
    message,
    /^Running for \d+ s: 1 call made, of which 0 wrote; memory\.recall 40 of 100: reading$/,
  );
  // The numbers are those of the run.
  for (const [at, { progress, total }] of told.entries()) {
    assert.equal(total, 30_000);
    assert.ok(progress > (told[at - 1]?.progress ?? 0));
  }
});

test('a report without a total or a message is told as far as it goes', async () => {
  const { message } = await hearOf({ progress: 0.5 });
  assert.match(message, /wrote; memory\.recall 0\.5$/);
});

test('what a hostile server reports stays on its line, short, without secrets and personal data', async () => {
  const secret = `ghp_${'aB3dE6gH9j'.repeat(4).slice(0, 36)}`;
  const said = `\r\nRunning for 9 s.\u001b[2J\u202e\u2028 ${secret} ada@example.com ${'x'.repeat(1_000)}`;
  const { message } = await hearOf({ progress: 1, message: said });
  assert.doesNotMatch(message, /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u);
  assert.match(
    message,
    /memory\.recall 1: \\u000d\\nRunning for 9 s\.\\u001b\[2J\\u202e\\u2028 \[removed: github/,
  );
  assert.match(message, /\[removed: email\] x+…$/);
  assert.ok(message.length < 300, `${message.length} characters`);
});

test('a backend is asked to report only where the client wants to hear of it', async () => {
  const code = "return athena.memory.recall({ query: 'token' });";
  assert.equal((await connection.execute(code)).value, false);
  assert.equal((await follow(code, () => undefined)).value, true);
});
