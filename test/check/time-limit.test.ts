import assert from 'node:assert/strict';
import { after, before, describe as suite, test } from 'node:test';
import type { Check } from '../../runtime/check/check.ts';
import { processesBelow } from '../server/open-client.ts';
import { accepted, openFixture, refused, run } from './fixture.ts';

/** Types that take a checker minutes. */
const TYPE_BOMBS: Readonly<Record<string, string>> = {
  'a recursion that doubles':
    'type A<N, T extends unknown[] = []> = T["length"] extends N ? T : A<N, [...T, ...T, 1]>; type B<T> = T extends [infer H, ...infer R] ? [B<R>, B<R>, H] : [];\n' +
    'type P<U, K = U> = [U] extends [never] ? [] : K extends K ? [K, ...P<Exclude<U, K>>] : never; let p: P<1|2|3|4|5|6|7|8|9|10> = 1 as any; let q: P<1|2|3|4|5|6|7|8|9> = p as any; return q ?? 42;',
};

for (const typeChecker of ['native', 'javascript'] as const)
  suite(`with the ${typeChecker} type checker`, () => {
    let check: Check;
    before(async () => {
      check = await openFixture({ typeChecker });
    });
    after(() => check.close());

    for (const [name, code] of Object.entries(TYPE_BOMBS))
      test(`${name} is given up: the program passes with a warning, and the next one is checked in full`, async () => {
        const bomb = check.check(code);
        const next = check.check('return nowhere;');
        const result = await bomb;
        assert.equal(accepted(result).source.length > 0, true);
        assert.match(result.warnings[0]?.message ?? '', /types were not checked/);
        assert.equal(refused(await next)[0]?.code, 'TYPE_ERROR');
        assert.equal(check.typeChecker, typeChecker);
      });

    test('a name that does not exist is refused, however slow the types beside it are', async () => {
      const [bomb = ''] = Object.values(TYPE_BOMBS);
      const [error] = refused(await check.check(`console.log(typeof absent, nowhere);\n${bomb}`));
      assert.deepEqual([error?.code, error?.line, error?.column], ['TYPE_ERROR', 1, 28]);
    });

    test('a text that the parser would chew on for minutes is refused, and the next program is checked', async () => {
      const code = `async<T>(a=${'async<T>(a='.repeat(40)}a${')'.repeat(41)}`;
      const [error] = refused(await check.check(code));
      assert.equal(error?.code, 'NESTING_TOO_DEEP');
      assert.equal(await run(accepted(await check.check('return 42;'))), 42);
    });
  });

test('programs sent at once are all answered, each with its own result', async () => {
  const check = await openFixture();
  const values = Array.from({ length: 50 }, (_, n) => n);
  const programs = await Promise.all(
    values.map(async (n) => accepted(await check.check(`return ${n} + 1;`))),
  );
  assert.deepEqual(
    await Promise.all(programs.map((program) => run(program))),
    values.map((n) => n + 1),
  );
  await check.close();
});

test('a program that is checked when the check closes, or later, is refused', async () => {
  const check = await openFixture();
  const waiting = check.check('return 1;');
  await check.close();
  for (const result of [await waiting, await check.check('return 2;')]) {
    assert.deepEqual(
      refused(result).map(({ code }) => code),
      ['SANDBOX_UNAVAILABLE'],
    );
  }
});

test('a check that is closed leaves no process behind, not even a dead one', {
  skip: process.platform === 'linux' ? false : 'processes are found in /proc',
}, async () => {
  const before = await processesBelow(process.pid);
  const check = await openFixture({ typeChecker: 'native' });
  const during = await processesBelow(process.pid);
  assert.ok(during.length > before.length, 'the compiler is a process');
  await check.close();
  assert.deepEqual(await processesBelow(process.pid), before);
});

test('a principal that used up its share of the checking is checked without types, and others in full', async () => {
  const check = await openFixture();
  const [bomb = ''] = Object.values(TYPE_BOMBS);
  const wasChecked = async (principal: string): Promise<boolean> =>
    refused(await check.check('return nowhere;', principal))[0]?.code === 'TYPE_ERROR';
  // Each takes the whole of its time limit.
  for (let n = 0; n < 3; n += 1) accepted(await check.check(`${bomb} // ${n}`, 'eve'));
  const unchecked = await check.check('return 1 + 1;', 'eve');
  accepted(unchecked);
  assert.match(unchecked.warnings[0]?.message ?? '', /types were not checked/);
  assert.equal(await wasChecked('ann'), true);
  await check.close();
});
