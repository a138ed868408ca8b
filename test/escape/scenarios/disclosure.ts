import { answered, CONTAINED, type Expectation, returns, stopped, throws } from '../expectation.ts';
import type { Before, Group, Scenario } from '../scenario.ts';

const row = (id: string, technique: string, code: string, inside: Expectation, more: Partial<Scenario['expect']> & Pick<Scenario, 'before' | 'grant'> = {}): Scenario => {
  const { before, grant, ...expect } = more;
  return {
    id,
    stride: 'I',
    technique,
    code,
    ...(before !== undefined && { before }),
    ...(grant !== undefined && { grant }),
    expect: { all: inside, checkOff: inside, processOnly: inside, ...expect },
  };
};
/** A start realm keeps what a program leaves in it; it is the process that no other session ever gets. */
const note = (id: string, technique: string, left: string, found: string, more: Partial<Scenario['expect']> = {}): Scenario =>
  row(id, technique, found, returns(false), { before: [left], processOnly: CONTAINED, ...more });

/** Nothing of one tenant's worker is ever another's, SES broken or not. */
const left = (id: string, technique: string, beforeIn: Before): Scenario => ({
  ...row(id, technique, `return 'left' in JSON.parse('{}') || typeof left !== 'undefined';`, returns(false), {
    before: [`Reflect.set(Object.prototype, 'left', 'note');\ntry { left = 'note'; } catch {}\nreturn 1;`, `globalThis.left = process.left = 'note';\nObject.prototype.left = 'note';\nreturn 1;`],
  }),
  beforeIn,
});
const stored = (id: string, technique: string, beforeIn: Before): Scenario => ({
  ...row(id, technique, `return [(await session.get('theirs')) ?? null, (await session.keys()).includes('theirs')];`, returns([null, false]), {
    before: [`await session.set('theirs', 'note');\nreturn 1;`],
  }),
  beforeIn,
});
/** Walks all that a program can reach by names, prototypes, properties and syntax, and lists what is not frozen. */
const WALK = `const found = [];
const seen = new Set();
const queue = [];
const push = (value, path) => { if (Object(value) === value && !seen.has(value)) { seen.add(value); queue.push([value, path]); } };
const own = [async function* () {}, function* () {}, async () => {}, () => {}, /x/, new Date(), Promise.resolve(), new Proxy({}, {})];
for (const value of [athena, session, console, sleep, setTimeout, clearTimeout, Object, Array, ArrayBuffer, BigInt, DataView, Date, Error, AggregateError, Float16Array, Iterator, JSON, Map, Math, Number, Promise, Proxy, Reflect, RegExp, Set, String, Symbol, Uint8Array, WeakMap, WeakSet, isNaN, escape]) push(value, 'global');
const fails = (run) => { try { run(); } catch (error) { return error; } };
const dive = () => dive();
for (const value of [...own, [].values(), [].values().map((x) => x), Iterator.from({ next() {} }), new Map().entries(), new Set().values(), 'x'.matchAll(/x/g), ''[Symbol.iterator](), (function () { return arguments; })(), ((strings) => strings)\`x\`, own[0].prototype, own[1].prototype, fails(dive), fails(() => null.x), fails(() => JSON.parse('{')), fails(() => new Array(-1)), await athena.memory.recall({ query: '' }).catch((error) => error), athena.memory.recall({ query: 'x' }), Reflect.get(JSON, 'rawJSON')('1'), Reflect.get(new Date(0), 'toTemporalInstant')?.call(new Date(0))]) { if (Object(value) === value) { seen.add(value); push(Object.getPrototypeOf(value), 'prototype'); } }
while (queue.length > 0) {
  const [value, path] = queue.pop();
  if (!Object.isFrozen(value)) found.push(path);
  push(Object.getPrototypeOf(value), path + '.__proto__');
  for (const key of Reflect.ownKeys(value)) {
    const { value: inner, get, set } = Object.getOwnPropertyDescriptor(value, key);
    for (const one of [inner, get, set]) push(one, path + '.' + String(key));
  }
}
return [seen.size > 600, found];`;

const GITHUB = `'ghp_' + 'aB3dE6gH9j'.repeat(4).slice(0, 36)`;
const stoppedSaying = stopped('RESULT_NOT_JSON');
const REMOVED = '[removed: github credential]';

export const DISCLOSURE: Group = {
  name: 'Disclosure',
  scenarios: [
    row('DI-01', 'a token in an operation’s error', `await athena.memory.recall({ query: 'fail with a token' });`, throws(/\[removed: /, 'OPERATION_FAILED')),
    row('DI-02', 'a path in an operation’s error, caught', `try { await athena.memory.recall({ query: 'throw a path' }); } catch (error) { return /rehearsed|\\/work|\\.ts/.test(JSON.stringify(error) + String(error)); }`, returns(false)),
    row('DI-03', 'a token in a result', `return await athena.memory.recall({ query: 'return a token' });`, returns({ memories: [], note: `use ${REMOVED} to log in`, api_key: '[removed: field api_key]' }, { warning: 'RESULT_REDACTED' })),
    row('DI-04', 'a token in the log', `console.log(${GITHUB});\nreturn 1;`, returns(1, { logs: [REMOVED], warning: 'RESULT_REDACTED' })),
    row('DI-05', 'a token in a key', `return { [${GITHUB}]: 1 };`, returns({ [REMOVED]: 1 })),
    row('DI-06', 'a token in an error’s message', `throw new Error(${GITHUB});`, throws(/^Error: \[removed: /)),
    row('DI-07', 'a token in an error’s name', `const error = new Error('x');\nReflect.set(error, 'name', ${GITHUB});\nthrow error;`, throws(/\[removed: /)),
    row('DI-08', 'a private key in a nested value', `return { a: [{ b: '-----BEGIN RSA PRIVATE KEY-----\\n' + 'MIIEow'.repeat(60) + '\\n-----END RSA PRIVATE KEY-----' }] };`, returns({ a: [{ b: '[removed: privatekey credential]' }] })),
    row('DI-09', 'a bearer token in the middle of a text', `return 'Authorization: Bearer abcdefghijklmnopqrstuvwxyz012345 end';`, returns('Authorization: [removed: bearer token] end')),
    row('DI-10', 'a password by its field', `return { user: 'u', password: 'hunter2hunter2' };`, returns({ user: 'u', password: '[removed: field password]' })),
    row('DI-11', 'a token in the error of a result’s toJSON', `return { toJSON() { throw new Error(${GITHUB}); } };`, stoppedSaying),
    row('DI-12', 'a text of 3 MB in the error of a result’s toJSON', `return { toJSON() { throw new Error('x'.repeat(3e6)); } };`, stoppedSaying),
    row('DI-13', 'a token behind a text that switches the search for tokens off', `return ['// secretlint-disable', ${GITHUB}];`, returns(['// secretlint-disable', REMOVED])),
    row('DI-14', 'the end of a secret that is removed in part', `return 'aws_secret_access_key=' + 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYQWERTYUIKE';`, returns('[removed: aws credential]')),
    row('DI-15', 'a user’s password in a header', `return 'Authorization: Basic ' + 'dXNlcjpodW50ZXIyaHVudGVyMg';`, returns('[removed: basic credentials]')),
    left('DI-16', 'a note for another session of the same principal', 'another session'),
    left('DI-17', 'a note for another principal’s session of the same name', 'another principal'),
    stored('DI-18', 'a variable of another session', 'another session'),
    stored('DI-19', 'a variable of another principal’s session of the same name', 'another principal'),
    note('DI-20', 'a note in a global', `try { globalThis.left = 'note'; } catch {}\ntry { left = 'note'; } catch {}\nreturn 1;`, `return 'left' in Object(undefined ?? {}) || typeof left !== 'undefined';`),
    note('DI-21', 'a note on a frozen object', `for (const one of [athena, athena.memory, session, console, Math, Date, JSON, Object, Promise]) { try { Reflect.set(one, 'left', 'note'); } catch {} }\nreturn 1;`, `return [athena, athena.memory, session, console, Math, Date, JSON, Object, Promise].some((one) => Reflect.has(one, 'left'));`),
    note('DI-22', 'a note in Error.prepareStackTrace', `try { Reflect.set(Error, 'prepareStackTrace', () => 'note'); } catch {}\nreturn 1;`, `return String(Reflect.get(Error, 'prepareStackTrace')).includes('note');`),
    note('DI-23', 'a note in Error.stackTraceLimit', `Reflect.set(Error, 'stackTraceLimit', 77);\nreturn 1;`, `return Reflect.get(Error, 'stackTraceLimit') === 77;`),
    note('DI-24', 'a note in the last match of regular expressions', `/(note)/.exec('a note');\nreturn 1;`, `return JSON.stringify([Reflect.get(RegExp, '$1') ?? null, Reflect.get(RegExp, 'lastMatch') ?? null, Reflect.get(RegExp, 'input') ?? null]).includes('note');`),
    note('DI-25', 'a note on a shared function', `try { Object.assign(Object.getPrototypeOf(() => {}), { left: 'note' }); } catch {}\ntry { Object.assign(Array.prototype.map, { left: 'note' }); } catch {}\nreturn 1;`, `return 'left' in (() => {}) || 'left' in Array.prototype.map;`),
    note('DI-26', 'a note in the state of chance', `for (let n = 0; n < 5; n += 1) Math.random();\nawait session.set('chance', Math.random());\nreturn 1;`, `for (let n = 0; n < 5; n += 1) Math.random();\nreturn Math.random() === await session.get('chance');`),
    note('DI-27', 'a note in the cache of template objects', `const tag = (strings) => strings;\ntry { Reflect.set(tag\`x\`, 'left', 'note'); } catch {}\nreturn 1;`, `const tag = (strings) => strings;\nreturn 'left' in tag\`x\`;`),
    note('DI-28', 'a note in the lastIndex of a literal', `const find = () => /x/g;\nfind().lastIndex = 77;\nreturn 1;`, `const find = () => /x/g;\nreturn find().lastIndex === 77;`),
    note('DI-29', 'a note on a native iterator’s prototype', `try { Reflect.set(Object.getPrototypeOf(new Map().entries()), 'left', 'note'); } catch {}\nreturn 1;`, `return 'left' in new Map().entries();`),
    row('DI-30', 'all namespaces, searched for an operation beyond policy', `return Object.values(athena).some((namespace) => 'forget' in namespace);`, returns(false), { all: returns(false, { warning: 'COMPUTED_ACCESS' }) }),
    row('DI-31', 'the operations beyond the grant, listed', `return Reflect.ownKeys(athena.memory).includes('forget');`, returns(false), { grant: ['memory.recall'] }),
    row('DI-32', 'an operation of another namespace by a computed name', `const name = ['auto', 'mation'].join('');\nreturn typeof Object(athena[name]).registerAutomationRule;`, returns('undefined'), { all: returns('undefined', { warning: 'COMPUTED_ACCESS' }) }),
    row('DI-33', 'an operation beyond policy by a computed name', `const name = JSON.parse('"forget"');\nawait Reflect.get(athena.memory, name)({ memory_id: 1 });`, throws(/not a function/)),
    row('DI-34', 'the operations, walked with for…in', `const seen = [];\nfor (const name in athena.memory) seen.push(name);\nreturn seen.includes('forget');`, returns(false), { grant: ['memory.recall'] }),
    row('DI-35', 'the operations’ root kept in a variable', `const root = athena;\nreturn 'executeAutomationWorkflow' in Object(Reflect.get(root, 'automation'));`, returns(false), { all: returns(false, { warning: 'COMPUTED_ACCESS' }) }),
    row('DI-36', 'the source of an operation', `return String(athena.memory.recall).includes('native code');`, returns(false)),
    row('DI-40', 'a result of the backend with forbidden keys', `const found = await athena.memory.recall({ query: 'return forbidden keys' });\nreturn found.memories.length;`, answered('OPERATION_FAILED')),
    row('DI-42', 'a result of the backend in the form of a thenable', `const found = await athena.memory.recall({ query: 'return a thenable' });\nreturn found.memories.length;`, returns(0)),
    row('DI-43', 'a result of the backend beyond the limit', `await athena.memory.recall({ query: 'return 12 MB' });`, answered('CALL_RESULT_TOO_LARGE')),
    row('DI-44', 'a result of the backend 400 deep', `const found = await athena.memory.recall({ query: 'return depth 400' });\nreturn found.memories.length;`, answered('OPERATION_FAILED')),
    row('DI-45', 'memory of the worker as it was', `return Array.from(new Uint8Array(100000)).some((byte) => byte !== 0);`, returns(false)),
    row('DI-46', 'a thing that is not frozen, looked for in all that can be reached', WALK, returns([true, []]), { processOnly: CONTAINED }),
  ],
};
