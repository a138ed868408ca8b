import assert from 'node:assert/strict';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import type { Reply } from '../../runtime/reply.ts';
import { type Connection, openClient, openTemporaryDirectory } from './open-client.ts';

const KILL_AT = resolve(import.meta.dirname, 'fixtures/kill-at.ts');
const directories: { dispose(): void }[] = [];
after(() => {
  for (const one of directories) one.dispose();
});
const newDirectory = (): string => {
  const made = openTemporaryDirectory();
  directories.push(made);
  return made.path;
};

/** Twenty calls: each kind that changes something, between others that depend on what came before. */
const TWENTY_CALLS = `
const stored = [];
for (let round = 0; round < 4; round++) {
  const content = 'note ' + round + ' ' + Math.random() + ' at ' + Date.now();
  const { memory_id } = await athena.memory.remember({ content, memory_type: 'fact' });
  stored.push({ memory_id, content });
  const count = (await session.get('count')) ?? 0;
  await session.set('count', count + 1);
  const { memories } = await athena.memory.recall({ query: 'note ' + round });
  await session.set('seen-' + round, memories.length);
}
return { stored, count: await session.get('count'), removed: await session.delete('seen-0'), keys: await session.keys(), again: await session.get('count') };`;

/** Starts a server that kills itself before its n-th statement; never when n is 0. */
function openDoomed(directory: string, killAt: number): Promise<Connection> {
  const env = killAt === 0 ? {} : { NODE_OPTIONS: `--import=${KILL_AT}`, KILL_AT: String(killAt) };
  return openClient(directory, [], undefined, env);
}

type Attempt = { readonly reply: Reply } | 'killed';

async function attempt(connection: Connection, args: Record<string, unknown>): Promise<Attempt> {
  try {
    const { structuredContent } = await connection.client.callTool({ name: 'execute', arguments: args });
    return { reply: structuredContent as Reply };
  } catch {
    return 'killed';
  } finally {
    await connection.close();
  }
}

/** The run that was cut off, as a new server tells of it. */
async function findInterrupted(directory: string): Promise<string | undefined> {
  const connection = await openClient(directory);
  try {
    const { warnings } = await connection.execute('return 1', { session: 'other' });
    const told = warnings?.find(({ code }) => code === 'RUN_INTERRUPTED');
    return told?.message.match(/"resume": "([^"]+)"/)?.[1];
  } finally {
    await connection.close();
  }
}

function memoriesIn(directory: string): readonly string[] {
  const database = new DatabaseSync(join(directory, 'athena.sqlite'), { readOnly: true });
  const rows = database.prepare('select content from memories order by id').all();
  database.close();
  return rows.map(({ content }) => String(content));
}

interface TwentyCalls {
  readonly stored: readonly { readonly content: string }[];
  readonly count: number;
  readonly removed: boolean;
  readonly keys: readonly string[];
  readonly again: number;
}

function assertOnce(directory: string, { value, metrics }: Reply): void {
  const { stored, ...rest } = value as unknown as TwentyCalls;
  assert.deepEqual(
    memoriesIn(directory),
    stored.map(({ content }) => content),
  );
  assert.equal(new Set(stored.map(({ content }) => content)).size, 4);
  assert.deepEqual(rest, {
    count: 4,
    removed: true,
    keys: ['count', 'seen-1', 'seen-2', 'seen-3'],
    again: 4,
  });
  assert.equal(metrics?.calls, 8);
}

test('a run that is killed again and again, at any statement, is resumed, and its effects happen exactly once', async () => {
  const directory = newDirectory();
  let resume: string | undefined;
  let reply: Reply | undefined;
  // Every start may come a few statements further: kills fall on all kinds of them.
  let starts = 0;
  for (let start = 0; reply === undefined; start++) {
    starts++;
    assert.ok(start < 60, 'the run does not get on');
    const connection = await openDoomed(directory, start === 0 ? 3 : 12 + (start % 11));
    const tried = await attempt(
      connection,
      resume === undefined ? { code: TWENTY_CALLS, session: 'killed' } : { resume },
    );
    if (tried !== 'killed') reply = tried.reply;
    else resume ??= await findInterrupted(directory);
  }
  console.error('starts', starts);
  assert.ok(reply.ok, JSON.stringify(reply));
  assertOnce(directory, reply);
});
