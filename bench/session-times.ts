import { join } from 'node:path';
import { DEFAULT_LIMITS } from '../runtime/contract/limits.ts';
import { openSessionStore } from '../runtime/session/session-store.ts';
import { measure, type Series } from './measure.ts';

const WARM_UP = 50;
const RUNS = 500;
const VALUE = { text: 'x'.repeat(10_000) };
const RUN = {
  execution: 'bench',
  code: 'return 1',
  seed: '00112233445566778899aabbccddeeff',
  startedAt: 0,
  timeoutMs: 5_000,
  program: { source: 'return 1', insertions: [], hash: 'h', effects: [], openNamespaces: [] },
  operations: [],
  schemas: {},
};

/** What a session's variable of 10 KB costs to read and to write, in a session that holds 99 others of that size. */
export async function measureSession(
  directory: string,
  raise: (error: unknown) => never,
): Promise<{ readonly read: Series; readonly write: Series }> {
  const store = await openSessionStore(join(directory, 'bench-sessions.sqlite'), DEFAULT_LIMITS, raise);
  const opened = await store.open('bench', 'bench', RUN);
  if (!opened.ok) throw new Error(opened.message);
  const { variables } = opened.session;
  let calls = 0;
  const set = async (key: string): Promise<void> => {
    const stored = await variables.set(key, VALUE, ++calls, 'bench');
    if (!stored.ok) throw new Error(stored.message);
  };
  for (let number = 0; number < 100; number++) await set(`key-${number}`);
  const write = await measure(WARM_UP, RUNS, (run) => set(`key-${run % 100}`));
  const read = await measure(WARM_UP, RUNS, async (run) => {
    const got = await variables.get(`key-${run % 100}`, 'bench');
    if (!got.ok || !got.value.found) throw new Error(JSON.stringify(got));
  });
  await store.close();
  return { read, write };
}
