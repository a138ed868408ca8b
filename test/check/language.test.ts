import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Check } from '../../runtime/check/check.ts';
import { LANGUAGE_NAMES } from '../../runtime/contract/language.ts';
import type { TestEngine } from '../open-test-engine.ts';
import { openAthenaCheck } from './athena-check.ts';
import { openAthenaEngine } from './athena-engine.ts';
import { describe } from './fixture.ts';

/** The language's own objects, as far as programs may name them. */
const NAMES = LANGUAGE_NAMES.filter((name) => /^[A-Z]/.test(name) && !['NaN', 'Infinity'].includes(name));

/** What no program needs: it reaches under an object's skin, or to a kind of date that programs do not have. */
const UNTYPED: ReadonlySet<string> = new Set([
  ...['__defineGetter__', '__defineSetter__', '__lookupGetter__', '__lookupSetter__', '__proto__'].map(
    (name) => `Object.prototype.${name}`,
  ),
  'Date.prototype.toTemporalInstant',
]);

const LISTING = `
const found: string[] = [];
const list = (path: string, object: object) => {
  for (const key of Reflect.ownKeys(object)) if (typeof key === 'string') found.push(path + '.' + key);
};
for (const [name, value] of Object.entries<any>({ ${NAMES.join(', ')} })) {
  list(name, value);
  if (value.prototype) list(name + '.prototype', value.prototype);
}
list('Uint8Array', Object.getPrototypeOf(Uint8Array));
list('Uint8Array.prototype', Object.getPrototypeOf(Uint8Array.prototype));
return found;`;

/** Few enough to be checked in time on a busy machine. */
const CHUNK = 50;

let engine: TestEngine;
let check: Check;
before(async () => {
  [engine, check] = await Promise.all([openAthenaEngine(), openAthenaCheck()]);
});
after(() => Promise.all([engine.close(), check.close()]));

test('everything that the language has in the sandbox is known to the check', async () => {
  const outcome = await engine.run(LISTING);
  assert.equal(outcome.kind, 'finished', JSON.stringify(outcome));
  const members = (outcome.kind === 'finished' ? outcome.value : []) as string[];
  assert.ok(members.length > 600, `only ${members.length} members`);
  const uses = members.filter((member) => !UNTYPED.has(member)).map((member) => `void ${member};`);
  for (let from = 0; from < uses.length; from += CHUNK) {
    const result = await check.check(uses.slice(from, from + CHUNK).join('\n'));
    assert.ok(result.ok, result.ok ? '' : result.errors.map(describe).join('\n'));
    assert.deepEqual(result.warnings, []);
  }
});
