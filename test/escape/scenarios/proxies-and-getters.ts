import { answered, CONTAINED, type Expectation, refused, returns, stopped, throws } from '../expectation.ts';
import type { Group, Scenario, Stride } from '../scenario.ts';

/** These attack the way between program and bridge, which is the same whether the check is on or not. */
const row = (id: string, stride: Stride, technique: string, code: string, inside: Expectation, more: Partial<Scenario['expect']> = {}): Scenario => ({
  id,
  stride,
  technique,
  code,
  expect: { all: inside, checkOff: inside, processOnly: CONTAINED, ...more },
});
const ANY = `const any = JSON.parse('{}');\n`;
const RECEIVED = `const text = JSON.stringify(found);\n`;

export const PROXIES: Group = {
  name: 'Proxies and getters',
  scenarios: [
    row('PX-01', 'T', 'a proxy for parameters whose traps throw', `await athena.memory.recall(new Proxy(JSON.parse('{}'), { get() { throw new Error('trap'); }, ownKeys() { throw new Error('trap'); } }));`, throws(/cannot be written as JSON/, 'INVALID_PARAMETERS')),
    row('PX-02', 'T', 'a getter that differs on the second read', `${ANY}let reads = 0;\nReflect.defineProperty(any, 'query', { enumerable: true, get: () => (reads++ === 0 ? 'first' : 'second') });\nconst found = await athena.memory.recall(any);\n${RECEIVED}return [reads, text.includes('first'), text.includes('second')];`, returns([1, true, false])),
    row('PX-03', 'T', 'arguments changed after the call', `${ANY}any.query = 'before';\nconst call = athena.memory.recall(any);\nany.query = 'after';\nconst found = await call;\n${RECEIVED}return [text.includes('before'), text.includes('after')];`, returns([true, false])),
    row('PX-04', 'T', 'toJSON that answers other parameters', `${ANY}any.query = 'seen';\nany.toJSON = () => ({ query: 'sent', operation: 'forget', session: 'other' });\nawait athena.memory.recall(any);`, answered('INVALID_PARAMETERS'), { processOnly: answered('INVALID_PARAMETERS') }),
    row('PX-05', 'T', 'toJSON on String.prototype', `Reflect.set(String.prototype, 'toJSON', () => 'patched');\nconst found = await athena.memory.recall({ query: 'plain' });\n${RECEIVED}return [text.includes('plain'), text.includes('patched')];`, returns([true, false])),
    row('PX-06', 'E', 'toPrimitive for an operation’s name', `let turns = 0;\nconst name = { [Symbol.toPrimitive]: () => (turns++ === 0 ? 'recall' : 'forget') };\nreturn await Reflect.get(athena.memory, JSON.parse('0') || name)({ query: 'x' }).then((found) => [turns, found.memories.length]);`, returns([1, 0])),
    row('PX-07', 'T', 'a revoked proxy for parameters', `const { proxy, revoke } = Proxy.revocable(JSON.parse('{}'), {});\nrevoke();\nawait athena.memory.recall(proxy);`, throws(/cannot be written as JSON/, 'INVALID_PARAMETERS')),
    row('PX-08', 'T', 'JSON.stringify patched to spoof calls', `Reflect.set(JSON, 'stringify', () => '{"query":"patched"}');\nconst found = await athena.memory.recall({ query: 'plain' });\nreturn found.memories.length === 0 && JSON.stringify(found).includes('plain');`, returns(true)),
    row('PX-09', 'T', 'WeakMap.prototype.get patched to forge a code', `WeakMap.prototype.get = () => 'BACKEND_LOST';\nthrow new Error('forged');`, throws(/read only|Cannot assign/)),
    row('PX-10', 'T', 'Symbol.hasInstance on Error', `Object.defineProperty(Error, Symbol.hasInstance, { value: () => true });`, throws(/Cannot define|not extensible|redefine/)),
    row('PX-11', 'T', 'Symbol.hasInstance on a class used for results', `class Map2 extends Map { static [Symbol.hasInstance]() { return true; } }\nreturn [new Map2([['a', 1]]), JSON.parse('{}') instanceof Map2];`, returns([{ a: 1 }, true])),
    row('PX-12', 'E', 'Symbol.unscopables to hide a global', `Reflect.set(Object.prototype, Symbol.unscopables, { athena: true, session: true });\nreturn typeof session.get;`, returns('function')),
    row('PX-13', 'T', 'Symbol.species on an array that is returned', `class Sneaky extends Array { static get [Symbol.species]() { throw new Error('species'); } }\nreturn Sneaky.from([1, 2]);`, returns([1, 2])),
    row('PX-14', 'E', 'a custom inspect function in the log', `console.log({ [Symbol.for('nodejs.util.inspect.custom')]: () => { throw new Error('inspected'); } });\nreturn 1;`, returns(1, { logs: ['{}'] })),
    row('PX-15', 'T', 'a getter in the log', `console.log({ get secret() { throw new Error('read'); } });\nreturn 1;`, returns(1, { logs: ['{ secret: [getter] }'] })),
    row('PX-16', 'D', 'a proxy in the log whose traps throw', `const trap = () => { throw null; };\nconsole.log(new Proxy({}, { get: trap, ownKeys: trap, getPrototypeOf: trap }));\nreturn 1;`, returns(1, { logs: ['[unreadable]'] })),
    row('PX-17', 'D', 'a proxy in the log with 100,000 keys', `const keys = Array.from({ length: 1e5 }, (_, n) => 'k' + n);\nconsole.log(new Proxy({}, { ownKeys: () => keys, getOwnPropertyDescriptor: () => ({ value: 1, enumerable: true, configurable: true }) }));\nreturn 1;`, returns(1)),
    row('PX-18', 'T', 'a proxy as the result', `return new Proxy({ a: 1 }, { get: (target, key) => (key === 'toJSON' ? undefined : 'spoofed') });`, returns({ a: 'spoofed' })),
    row('PX-19', 'D', 'a result whose toJSON throws', `return { toJSON() { throw new Error('no'); } };`, stopped('RESULT_NOT_JSON')),
    row('PX-20', 'T', 'a result whose toJSON answers forbidden keys', `return { toJSON: () => JSON.parse('{"__proto__":{"polluted":1}}') };`, stopped('RESULT_NOT_JSON')),
    row('PX-21', 'D', 'a Map whose iterator is replaced', `const map = new Map([['a', 1]]);\nReflect.defineProperty(map, Symbol.iterator, { value: () => { throw new Error('iterated'); } });\nReflect.defineProperty(map, 'entries', { value: () => { throw new Error('entries'); } });\nreturn map;`, returns({ a: 1 })),
    row('PX-22', 'T', 'a result of a constructor key', `return { constructor: { prototype: { polluted: true } } };`, stopped('RESULT_NOT_JSON')),
    row('PX-23', 'E', 'a proxy with the operations’ object for a target', `const seen = [];\nconst root = new Proxy(athena.memory, { get: (target, key) => { seen.push(key); return Reflect.get(target, key); } });\nreturn typeof root.forget;`, returns('undefined'), { processOnly: returns('undefined') }),
    row('PX-24', 'T', 'an Array whose length lies', `const list = [1, 2, 3];\nreturn new Proxy(list, { get: (target, key) => (key === 'length' ? 2 ** 32 : Reflect.get(target, key)) });`, stopped('RESULT_TOO_LARGE')),
    row('PX-25', 'T', 'isNativeError looked for as a global', `return typeof isNativeError;`, returns('undefined')),
    row('PX-26', 'T', 'Function.prototype.call patched under the stubs', `Object.getPrototypeOf(() => {}).call = () => 'patched';\nreturn 1;`, throws(/read only|Cannot assign/)),
    row('PX-27', 'T', 'a boxed string for a session key', `await session.set(new String('boxed'), 1);\nreturn await session.get('boxed');`, returns(1)),
    row('PX-28', 'T', 'a callable proxy as the callback of a timer', `let seen = 'nothing';\nsetTimeout(new Proxy(() => {}, { apply(_, self, args) { seen = String(self) + args.length; } }), 1, 'a');\nawait sleep(30);\nreturn seen;`, returns('undefined1')),
    row('PX-29', 'T', 'a typed array whose iterator is replaced', `const array = new Uint8Array([1, 2]);\nReflect.defineProperty(array, Symbol.iterator, { value: function* () { yield 'spoofed'; } });\nreturn array;`, returns(['spoofed'])),
    row('PX-30', 'D', 'a typed array over a buffer that was transferred away', `const array = new Uint8Array(8);\nReflect.apply(Reflect.get(array.buffer, 'transfer'), array.buffer, []);\nreturn array;`, stopped('RESULT_NOT_JSON')),
    row('PX-31', 'T', 'a buffer that shrinks while the result is written', `const buffer = new ArrayBuffer(8, { maxByteLength: 16 });\nconst view = new Uint8Array(buffer);\nreturn { toJSON() { buffer.resize(2); return view; } };`, returns([0, 0])),
    row('PX-32', 'T', 'raw JSON in the result, of a number beyond all numbers', `return [Reflect.get(JSON, 'rawJSON')('1e999')];`, stopped('RESULT_NOT_JSON')),
    row('PX-33', 'T', 'raw JSON for a parameter, of a number beyond all numbers', `await athena.memory.recall({ query: 'x', k: Reflect.get(JSON, 'rawJSON')('1e999') });`, answered('INVALID_PARAMETERS'), { all: refused('TYPE_ERROR') }),
    row('PX-34', 'T', 'raw JSON that claims to be more than a text', `const raw = Reflect.get(JSON, 'rawJSON');\nlet refused = 0;\nfor (const text of ['{"a":1}', '[1]', '1,"b":2', ' 1', '"a\\n"']) { try { raw(text); } catch { refused += 1; } }\nreturn [refused, { value: raw('"a\\\\",\\\\"b"') }];`, returns([5, { value: 'a","b' }])),
  ],
};
