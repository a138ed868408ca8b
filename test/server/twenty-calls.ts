import assert from 'node:assert/strict';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Reply } from '../../runtime/reply.ts';
import { type Connection, openClient } from './open-client.ts';

const KILL_AT = resolve(import.meta.dirname, 'fixtures/kill-at.ts');

/** Twenty calls: each kind that changes something, between others that depend on what came before. */
export const TWENTY_CALLS = `
const stored = [];
for (let round = 0; round < 4; round++) {
  const content = 'note ' + round + ' ' + Math.random() + ' at ' + Date.now();
  const { memory_id } = await athena.memory.remember({ content, memory_type: 'fact' });
  stored.push({ memory_id, content });
  const count = (await session.get('count')) ?? 0;
  await session.set('count', count + 1);
  const { memories } = await athena.memory.recall({ query: 'note ' + round });
  stored[round].found = memories.length;
}
await session.set('seen', stored.map(({ found }) => found));
return { stored, count: await session.get('count'), removed: await session.delete('seen'), keys: await session.keys() };`;

/** The environment of a server that kills itself as `kill-at.ts` says. */
export function killsItself(kill: string): Readonly<Record<string, string>> {
  return { NODE_OPTIONS: `--import=${KILL_AT}`, KILL: kill };
}

export function openDoomed(directory: string, kill: string): Promise<Connection> {
  return openClient(directory, [], undefined, killsItself(kill));
}

export type Attempt = { readonly reply: Reply } | 'killed';

/** Executes in a server that may be killed at any time, also while it starts: it opens files meanwhile. */
export async function attempt(opening: Promise<Connection>, args: Record<string, unknown>): Promise<Attempt> {
  let connection: Connection | undefined;
  try {
    connection = await opening;
    const { structuredContent } = await connection.client.callTool({ name: 'execute', arguments: args });
    return { reply: structuredContent as Reply };
  } catch {
    return 'killed';
  } finally {
    await connection?.close();
  }
}

/** The run that was cut off, as a new server tells of it. */
export async function findInterrupted(directory: string): Promise<string | undefined> {
  const connection = await openClient(directory);
  try {
    const { warnings } = await connection.execute('return 1', { session: 'other' });
    const told = warnings?.find(({ code }) => code === 'RUN_INTERRUPTED');
    return told?.message.match(/"resume": "([^"]+)"/)?.[1];
  } finally {
    await connection.close();
  }
}

export function memoriesIn(directory: string): readonly string[] {
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
}

export function assertOnce(directory: string, { value, metrics }: Reply): void {
  const { stored, ...rest } = value as unknown as TwentyCalls;
  assert.deepEqual(
    memoriesIn(directory),
    stored.map(({ content }) => content),
  );
  assert.equal(new Set(stored.map(({ content }) => content)).size, 4);
  assert.deepEqual(rest, { count: 4, removed: true, keys: ['count'] });
  assert.equal(metrics?.calls, 8);
}
