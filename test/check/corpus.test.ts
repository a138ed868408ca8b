import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import vm from 'node:vm';
import type { Check } from '../../runtime/check/check.ts';
import { openAthenaCheck } from './athena-check.ts';
import { PROGRAMS } from './corpus-programs.ts';
import { describe } from './fixture.ts';

/** Where no overload fits, one compiler blames the callback, the other what it returns: the line is the same. */
const BLAMED_OTHERWISE: ReadonlySet<string> = new Set(['functional/reduce-with-spread']);

let native: Check;
let javascript: Check;
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
    const placeOf = ({ line, column }: { line: number; column: number }): string =>
      BLAMED_OTHERWISE.has(name) ? `${line}` : `${line}:${column}`;
    const places = (result: typeof one) => [...new Set(result.warnings.map(placeOf))];
    assert.equal(one.ok, other.ok);
    assert.deepEqual(places(one), places(other));
  });
