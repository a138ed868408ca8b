import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { openAthena } from './open-athena.ts';

function startWriter(file: string, name: string, count: number): ChildProcess {
  const script = new URL('fixtures/writer.ts', import.meta.url).pathname;
  return spawn(process.execPath, [script, file, name, String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

test('two processes that write at once lose nothing and keep the text index whole', async (t) => {
  const athena = await openAthena(t);
  const writers = [startWriter(athena.file, 'anna', 60), startWriter(athena.file, 'berta', 60)];
  const ended = writers.map((writer) => once(writer, 'exit'));
  for (const writer of writers) writer.stdout?.resume();
  for (const exit of ended) assert.deepEqual(await exit, [0, null]);
  const { memories, total } = await athena.call('memory_tools.list_memories', { limit: 500 });
  assert.equal(total, 120);
  assert.equal(new Set(memories.map(({ content }: any) => content)).size, 120);
  for (const name of ['anna', 'berta']) {
    const { memories: found } = await athena.call('memory_tools.recall', { query: name, k: 100 });
    assert.equal(found.length, 60, `facts of ${name} that the text index finds`);
    const events = await athena.call('memory_tools.recall_events_by_session', { session_id: name });
    assert.equal(events.total, 60);
  }
});

test('what was acknowledged is there after the process was killed', async (t) => {
  const athena = await openAthena(t);
  const writer = startWriter(athena.file, 'carla', 100_000);
  const exit = once(writer, 'exit');
  const acknowledged: number[] = [];
  assert.ok(writer.stdout);
  for await (const line of createInterface({ input: writer.stdout })) {
    acknowledged.push(Number(line));
    if (acknowledged.length === 40) writer.kill('SIGKILL');
  }
  assert.deepEqual(await exit, [null, 'SIGKILL']);
  await athena.reopen();
  const { total } = await athena.call('memory_tools.list_memories');
  assert.ok(total >= acknowledged.length, `${total} stored, ${acknowledged.length} acknowledged`);
  const { forgotten } = await athena.call('memory_tools.forget', { memory_id: acknowledged.at(-1) });
  assert.match(forgotten.content, /^carla fact/);
});
