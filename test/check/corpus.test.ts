import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import vm from 'node:vm';
import type { Check } from '../../runtime/check/check.ts';
import { openAthenaCheck } from './athena-check.ts';
import { PROGRAMS } from './corpus-programs.ts';
import { describe } from './fixture.ts';

let native: Pick<Check, 'check' | 'close'>;
let javascript: typeof native;
before(async () => {
  [native, javascript] = await Promise.all([openAthenaCheck('native'), openAthenaCheck('javascript')]);
});
after(() => Promise.all([native.close(), javascript.close()]));

test('the corpus is large enough to mean something, and no program stands in it twice', () => {
  assert.ok(PROGRAMS.length >= 320);
  assert.equal(new Set(PROGRAMS.map(({ code }) => code)).size, PROGRAMS.length);
});

for (const { name, code } of PROGRAMS)
  test(`${name}: a realistic program is not refused, and V8 compiles it`, async () => {
    const result = await native.check(code);
    assert.ok(result.ok, result.ok ? '' : result.errors.map(describe).join('\n'));
    new vm.Script(`(async () => {\n${result.program.source}\n})`);
    assert.equal(result.program.source.split('\n').length, code.split('\n').length);
  });

for (const { name, code } of PROGRAMS)
  test(`${name}: both type checkers come to the same verdict`, async () => {
    const [one, other] = await Promise.all([native.check(code), javascript.check(code)]);
    // Within a line, one may point at a list and the other at its elements.
    const lines = (result: typeof one) => [...new Set(result.warnings.map(({ line }) => line))];
    assert.equal(one.ok, other.ok);
    assert.deepEqual(lines(one), lines(other));
  });
