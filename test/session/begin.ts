import { randomUUID } from 'node:crypto';
import type { RunHead } from '../../runtime/contract/journal.ts';
import type { JsonValue } from '../../runtime/contract/json.ts';
import type { Session, SessionStore } from '../../runtime/contract/session.ts';

/** A run as sessions are told of it. */
export function newRun(changes: Partial<RunHead> = {}): RunHead {
  return {
    execution: randomUUID(),
    code: 'return 1',
    seed: '00112233445566778899aabbccddeeff',
    startedAt: Date.now(),
    timeoutMs: 5_000,
    program: { source: 'return 1', insertions: [], hash: 'h', effects: [], openNamespaces: [] },
    operations: [],
    schemas: {},
    ...changes,
  };
}

/** A session opened for a run of its own, whose calls are counted as they are made. */
export interface BegunSession extends Omit<Session, 'variables'> {
  readonly variables: Omit<Session['variables'], 'set' | 'delete'> & {
    set(key: string, value: JsonValue): ReturnType<Session['variables']['set']>;
    delete(key: string): ReturnType<Session['variables']['delete']>;
  };
}

export async function beginIn(
  store: SessionStore,
  id: string,
  principal = 'ann',
  run = newRun(),
): Promise<BegunSession> {
  const opened = await store.open(principal, id, run);
  if (!opened.ok) throw new Error(opened.message);
  const { session } = opened;
  const { variables } = session;
  let calls = 0;
  return {
    ...session,
    variables: {
      ...variables,
      set: (key, value) => variables.set(key, value, ++calls),
      delete: (key) => variables.delete(key, ++calls),
    },
  };
}
