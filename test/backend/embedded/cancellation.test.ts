import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { openEmbeddedAthena } from '../../../backend/embedded/athena.ts';
import { raise } from '../../open-test-engine.ts';
import { backendCall } from '../contract.ts';
import { seedEvents } from './seed-events.ts';

const EVENTS = 500;
const CONSOLIDATE = {
  project_id: 1,
  strategy: 'balanced',
  force: true,
  max_age_minutes: 1_000_000,
};

async function openSeeded(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'athena-'));
  const file = join(folder, 'athena.sqlite');
  const backend = await openEmbeddedAthena(file, raise);
  t.after(async () => {
    await backend.close();
    await rm(folder, { recursive: true });
  });
  await seedEvents(backend, EVENTS);
  return { backend, file };
}

/** How many runs of consolidation there are, and how many events they took. */
function countConsolidated(file: string): { readonly runs: number; readonly events: number } {
  using database = new DatabaseSync(file, { readOnly: true });
  return database
    .prepare(
      `select (select count(*) from consolidation_runs) as runs,
        (select count(*) from events where consolidated_at is not null) as events`,
    )
    .get() as { runs: number; events: number };
}

test('a long write gives others their turn, and leaves nothing when it is cancelled', async (t) => {
  const { backend, file } = await openSeeded(t);
  const stop = new AbortController();
  const call = backendCall('consolidation_tools', 'run_consolidation', CONSOLIDATE, stop.signal);
  let isOver = false;
  const answer = backend.call(call).finally(() => {
    isOver = true;
  });
  for (let turns = 0; turns < 3; turns++) await nextTurn();
  assert.equal(isOver, false, 'it is still under way');
  const beside = backend.call(backendCall('memory_tools', 'list_memories', { sort_by: 'recent', limit: 1 }));
  stop.abort();
  assert.deepEqual(await answer, {
    ok: false,
    code: 'OPERATION_FAILED',
    message: 'the call was cancelled, and stored nothing',
  });
  assert.equal((await beside).ok, true);
  assert.deepEqual({ ...countConsolidated(file) }, { runs: 0, events: 0 });
  const again = await backend.call(backendCall('consolidation_tools', 'run_consolidation', CONSOLIDATE));
  assert.equal(again.ok, true);
  assert.deepEqual({ ...countConsolidated(file) }, { runs: 1, events: EVENTS });
});

test('closing waits for what is under way', async (t) => {
  const { backend, file } = await openSeeded(t);
  const answer = backend.call(backendCall('consolidation_tools', 'run_consolidation', CONSOLIDATE));
  await nextTurn();
  await backend.close();
  assert.equal((await answer).ok, true);
  assert.deepEqual({ ...countConsolidated(file) }, { runs: 1, events: EVENTS });
});
