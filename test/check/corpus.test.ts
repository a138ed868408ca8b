import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import vm from 'node:vm';
import type { Check } from '../../runtime/check/check.ts';
import { describe, openFixture } from './fixture.ts';

const FOLDER = new URL('./corpus/', import.meta.url);
const PROGRAMS = readdirSync(FOLDER).map((name) => ({
  name,
  code: readFileSync(new URL(name, FOLDER), 'utf8'),
}));

let native: Check;
let javascript: Check;
before(async () => {
  [native, javascript] = await Promise.all([
    openFixture({ typeChecker: 'native' }),
    openFixture({ typeChecker: 'javascript' }),
  ]);
});
after(() => Promise.all([native.close(), javascript.close()]));

test('the corpus is large enough to mean something', () => {
  assert.ok(PROGRAMS.length >= 60);
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
    const places = (result: typeof one) => result.warnings.map(({ line, column }) => `${line}:${column}`);
    assert.equal(one.ok, other.ok);
    assert.deepEqual(places(one), places(other));
  });
