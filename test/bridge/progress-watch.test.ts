import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProgressWatch } from '../../runtime/bridge/progress-watch.ts';

test('of a million reports only the last is looked into, once a look', async () => {
  const cleaned: string[] = [];
  const watch = createProgressWatch();
  watch.begin();
  const { promise: end, resolve } = Promise.withResolvers<void>();
  const clean = async (message: string): Promise<string> => {
    cleaned.push(message);
    return message.toUpperCase();
  };
  const running = watch.during('files.index', clean, async (listen) => {
    for (let progress = 1; progress <= 1_000_000; progress++)
      listen?.({ progress, total: undefined, message: `file ${progress}` });
    await end;
  });
  assert.deepEqual(await watch.read(), {
    operation: 'files.index',
    progress: 1_000_000,
    total: undefined,
    message: 'FILE 1000000',
  });
  assert.deepEqual(cleaned, ['file 1000000']);
  resolve();
  await running;
  assert.equal(await watch.read(), undefined);
});

test('of several calls the one that reported last is told of; a call that ends takes only its own report away', async () => {
  const watch = createProgressWatch();
  watch.begin();
  const [one, other] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const report = { progress: 1, total: undefined, message: undefined };
  const start = (operation: 'a.one' | 'a.other', end: Promise<void>) =>
    watch.during(
      operation,
      async (message) => message,
      async (listen) => {
        listen?.(report);
        await end;
      },
    );
  const running = [start('a.one', one.promise), start('a.other', other.promise)];
  assert.equal((await watch.read())?.operation, 'a.other');
  one.resolve();
  await running[0];
  assert.equal((await watch.read())?.operation, 'a.other');
  other.resolve();
  await running[1];
  assert.equal(await watch.read(), undefined);
});

test('a call that ends while its message is cleaned is not told of', async () => {
  const watch = createProgressWatch();
  watch.begin();
  const [end, cleaned] = [Promise.withResolvers<void>(), Promise.withResolvers<string>()];
  const running = watch.during(
    'a.one',
    () => cleaned.promise,
    async (listen) => {
      listen?.({ progress: 1, total: undefined, message: 'x' });
      await end.promise;
    },
  );
  const reading = watch.read();
  end.resolve();
  await running;
  cleaned.resolve('x');
  assert.equal(await reading, undefined);
});
