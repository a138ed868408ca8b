import { answered, type Expectation, either, finished, refused, stopped, throws } from '../expectation.ts';
import type { Group, Scenario } from '../scenario.ts';

const FOREVER = stopped('TIMEOUT');
const row = (id: string, technique: string, code: string, expected: Expectation, more: Partial<Scenario['expect']> & Pick<Scenario, 'timeoutMs' | 'needs'> = {}): Scenario => {
  const { timeoutMs = expected === FOREVER ? 300 : undefined, needs, ...expect } = more;
  return { id, stride: 'D', technique, code, ...(timeoutMs !== undefined && { timeoutMs }), ...(needs !== undefined && { needs }), expect: { all: expected, checkOff: expected, processOnly: expected, ...expect } };
};
const LIMITED = { needs: 'limits on memory' } as const;
/** A full heap collects garbage for long before it gives up: whichever limit is hit first on this machine, the other one holds too. */
const TOO_MUCH = stopped('MEMORY_LIMIT', 'TIMEOUT');
const BOMB = { timeoutMs: 3_000 };
const LARGE = stopped('RESULT_TOO_LARGE');
const NO_JSON = stopped('RESULT_NOT_JSON');
/** The value is of no interest: that it came back, and was searched, is. */
const FINISHED = finished();
const REDACTED = finished({ warning: 'RESULT_REDACTED' });

export const DENIAL: Group = {
  name: 'Denial of service',
  scenarios: [
    row('DS-01', 'a loop without an end', `for (;;);`, FOREVER),
    row('DS-02', 'microtasks without an end', `for (;;) await null;`, FOREVER),
    row('DS-03', 'an async generator without an end', `async function* forever() { for (;;) yield 1; }\nfor await (const one of forever()) if (one === 2) break;`, FOREVER),
    row('DS-04', 'a regular expression that backtracks', `return /^(a+)+$/.test('a'.repeat(40) + '!');`, FOREVER),
    row('DS-05', 'a power of BigInts', `return String(7n ** 9999999n).length;`, stopped('TIMEOUT', 'MEMORY_LIMIT'), { timeoutMs: 400 }),
    row('DS-06', 'a sort whose comparison never ends', `return [3, 1, 2].sort(() => { for (;;); });`, FOREVER),
    row('DS-07', 'a toJSON of the result that never ends', `return { toJSON() { for (;;); } };`, FOREVER),
    row('DS-08', 'a proxy in the log that never ends', `console.log(new Proxy({}, { ownKeys() { for (;;); } }));`, FOREVER),
    row('DS-09', 'an error whose message never ends', `throw Object.defineProperty(new Error('x'), 'message', { get() { for (;;); } });`, FOREVER),
    row('DS-10', 'a loop in a finally that swallows the end', `try { for (;;) await null; } finally { for (;;); }`, FOREVER),
    row('DS-11', 'a loop that makes calls without an end', `for (;;) await athena.memory.recall({ query: 'x' });`, answered('CALL_LIMIT')),
    row('DS-12', 'a million calls at once', `const calls = [];\nfor (let n = 0; n < 1e6; n += 1) { calls.push(athena.memory.recall({ query: 'x' })); if (n > 1000) await calls[n]; }\nawait Promise.all(calls);`, answered('CALL_LIMIT')),
    row('DS-13', '5,000 sleeps at once', `const naps = [];\nfor (let n = 0; n < 5000; n += 1) naps.push(sleep(60000));\nawait Promise.all(naps);`, answered('CALL_LIMIT')),
    row('DS-14', '100,000 timers at once', `for (let n = 0; n < 1e5; n += 1) setTimeout(() => {}, 60000);\nawait sleep(1e6);`, stopped('TIMEOUT', 'MEMORY_LIMIT'), { timeoutMs: 2_000 }),
    row('DS-15', 'an array filled without an end', `const all = [];\nfor (;;) all.push(all.length);`, TOO_MUCH, BOMB),
    row('DS-16', 'an array of 1e9 filled at once', `return new Array(1e9).fill(0).length;`, TOO_MUCH, BOMB),
    row('DS-17', 'objects linked without an end', `let list = null;\nfor (;;) list = { list };`, TOO_MUCH, BOMB),
    row('DS-18', 'a string repeated beyond what a string can be', `return 'x'.repeat(2 ** 30).length;`, throws(/Invalid string length/)),
    row('DS-19', 'a string doubled without an end', `let text = 'x';\nfor (;;) text += text;`, throws(/Invalid string length/)),
    row('DS-20', 'a string padded beyond what a string can be', `return 'x'.padEnd(2 ** 30).length;`, throws(/Invalid string length/)),
    row('DS-21', 'strings kept without an end', `const all = [];\nfor (;;) all.push('x'.repeat(1e6) + all.length);`, TOO_MUCH, BOMB),
    row('DS-22', 'an ArrayBuffer of 4 GB', `return new ArrayBuffer(4e9).byteLength;`, throws(/allocation failed.*externalMb/, 'MEMORY_LIMIT'), LIMITED),
    row('DS-23', 'an ArrayBuffer that may grow to 1 TB', `const buffer = new ArrayBuffer(1, { maxByteLength: 1e12 });\nbuffer.resize(4e9);\nreturn buffer.byteLength;`, throws(/Out of memory.*externalMb/, 'MEMORY_LIMIT'), LIMITED),
    row('DS-24', 'typed arrays without an end', `const all = [];\nfor (;;) { const some = new Uint8Array(1e7); some.fill(1); all.push(some); }`, either(throws(/allocation failed.*externalMb/, 'MEMORY_LIMIT'), TOO_MUCH), { ...BOMB, ...LIMITED }),
    row('DS-25', 'typed arrays without an end, each failure caught', `const all = [];\nfor (;;) { try { all.push(new Uint8Array(1e6).fill(1)); } catch {} }`, stopped('TIMEOUT', 'MEMORY_LIMIT'), { ...LIMITED, timeoutMs: 500 }),
    row('DS-26', 'a Map filled without an end', `const map = new Map();\nfor (let n = 0; ; n += 1) map.set(n, n);`, TOO_MUCH, BOMB),
    row('DS-27', 'symbols without an end', `const all = [];\nfor (let n = 0; ; n += 1) all.push(Symbol.for('s' + n));`, stopped('MEMORY_LIMIT', 'TIMEOUT'), { timeoutMs: 1_000 }),
    row('DS-28', 'promises without an end', `const all = [];\nfor (;;) all.push(new Promise(() => {}));`, TOO_MUCH, BOMB),
    row('DS-29', 'closures without an end', `let keep = () => 0;\nfor (;;) { const last = keep; keep = () => last; }`, TOO_MUCH, BOMB),
    row('DS-30', 'JSON 5,000,000 deep, parsed', `return JSON.parse('['.repeat(5e6) + ']'.repeat(5e6)).length;`, TOO_MUCH, BOMB),
    row('DS-31', 'a sparse array joined', `return new Array(2 ** 32 - 1).join('x').length;`, throws(/Invalid string length/)),
    row('DS-32', 'a result of 200 MB', `return Array.from({ length: 200 }, () => 'x'.repeat(1e6));`, stopped('RESULT_TOO_LARGE', 'MEMORY_LIMIT', 'TIMEOUT'), BOMB),
    row('DS-50', 'a result a little beyond the limit', `return 'x'.repeat(5e6);`, LARGE),
    row('DS-33', 'a result that contains itself', `const a = JSON.parse('{}');\na.a = a;\nreturn a;`, NO_JSON),
    row('DS-34', 'a result 60 deep', `let deep = JSON.parse('1');\nfor (let n = 0; n < 60; n += 1) deep = [deep];\nreturn deep;`, LARGE),
    row('DS-35', 'a result 100,000 deep', `let deep = JSON.parse('1');\nfor (let n = 0; n < 1e5; n += 1) deep = [deep];\nreturn deep;`, LARGE),
    row('DS-36', 'a result that doubles at each level', `let twice = JSON.parse('"x"');\nfor (let n = 0; n < 40; n += 1) twice = [twice, twice];\nreturn twice;`, stopped('RESULT_TOO_LARGE', 'MEMORY_LIMIT', 'TIMEOUT'), BOMB),
    row('DS-37', 'a result with a BigInt', `return { n: 1n };`, NO_JSON),
    row('DS-38', 'a result of a symbol', `return Symbol('s');`, NO_JSON),
    row('DS-39', 'a result of a million keys', `const many = JSON.parse('{}');\nfor (let n = 0; n < 3e5; n += 1) many['key' + n] = n;\nreturn many;`, stopped('RESULT_TOO_LARGE', 'MEMORY_LIMIT', 'TIMEOUT'), BOMB),
    row('DS-40', 'an array of more than there can be', `return Array.from({ length: 2 ** 53 }).length;`, throws(/Invalid array length/)),
    row('DS-41', 'an iterator whose next never ends, spread', `return [...{ [Symbol.iterator]: () => ({ next() { for (;;); } }) }];`, FOREVER),
    row('DS-42', 'a replacement that doubles', `let text = 'xx';\nfor (;;) text = text.replaceAll('x', '$&$&');`, either(throws(/Invalid string length/), TOO_MUCH), BOMB),
    row('DS-43', 'a BigInt shifted by a billion', `return String(1n << 1073741823n).length;`, either(throws(/Maximum BigInt size/), stopped('MEMORY_LIMIT', 'TIMEOUT'))),
    row('DS-44', 'a generator chain 100,000 long', `function* one(next) { yield* next; }\nlet chain = [1][Symbol.iterator]();\nfor (let n = 0; n < 1e5; n += 1) chain = one(chain);\nreturn [...chain].length;`, throws(/Maximum call stack/)),
    row('DS-45', 'a secret’s beginning repeated, for the filter to search', `return ['-----BEGIN ', 'eyJ', 'Bearer ', 'AKIA', 'https://a:', 'xox'].map((text) => text.repeat(2e4).slice(0, 1e5));`, FINISHED),
    row('DS-51', 'a result of 40,000 tokens, for the filter to remove', `const token = ['ghp', 'aB3dE6gH9j'.repeat(4).slice(0, 36)].join('_');\nreturn Array.from({ length: 40000 }, () => token);`, REDACTED),
    row('DS-52', 'a text of 40,000 tokens, for the filter to remove', `const token = ['ghp', 'aB3dE6gH9j'.repeat(4).slice(0, 36)].join('_');\nreturn (token + ' ').repeat(40000);`, REDACTED),
    row('DS-53', 'an error of tokens, for the filter to remove', `throw new Error(('AKIA' + 'IOSFODNN7EXAMPL2 ').repeat(200000));`, throws(/^Error: /)),
    row('DS-47', 'a parameter of the bridge that is slow to judge', `await athena.memory.remember({ content: 'x'.repeat(900000), memory_type: 'fact' });`, answered('INVALID_PARAMETERS')),
    row('DS-48', 'a hundred thousand tags', `await athena.memory.remember({ content: 'x', memory_type: 'fact', tags: Array.from({ length: 1e5 }, () => 'y') });`, answered('INVALID_PARAMETERS')),
    row('DS-49', 'a label loop that a compiler may not leave', `outer: for (;;) { for (;;) continue outer; }`, FOREVER),
    row('DS-54', 'sixty results of 9 MB at once', `await Promise.all(Array.from({ length: 60 }, () => athena.memory.recall({ query: 'return 9 MB' })));\nreturn 1;`, stopped('MEMORY_LIMIT')),
    row('DS-55', 'a result of 150,000 keys below 45 levels', `let deep = JSON.parse('{}');\nfor (let n = 0; n < 150000; n += 1) deep['key' + n] = n;\nfor (let n = 0; n < 45; n += 1) deep = [deep];\nreturn deep;`, FINISHED),
    row('DS-56', 'the beginning of a web token a million times, for the filter to search', `return 'eyJ-'.repeat(1e6);`, FINISHED),
    row('DS-57', 'a hundred thousand short tokens, for the filter to compare', `return 'xoxb-1-a '.repeat(1e5);`, REDACTED),
    row('DS-58', 'a variable written over and over', `for (;;) await session.set('again', 'x'.repeat(6e4));`, answered('CALL_LIMIT')),
    row('DS-59', 'a parameter of 900,000 digits', `await athena.memory.recall({ query: 'x', k: Reflect.get(JSON, 'rawJSON')('1'.repeat(9e5)) });`, answered('INVALID_PARAMETERS'), { all: refused('TYPE_ERROR') }),
    row('DS-60', 'a word of 4 MB, for the filter to search', `return 'x'.repeat(4e6);`, FINISHED),
  ],
};
