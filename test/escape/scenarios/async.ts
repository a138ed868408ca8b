import { answered, CONTAINED, type Expectation, refused, returns, stopped, throws } from '../expectation.ts';
import type { Group, Scenario, Stride } from '../scenario.ts';

interface More extends Partial<Scenario['expect']> {
  readonly timeoutMs?: number;
  readonly before?: readonly string[];
}
const row = (id: string, stride: Stride, technique: string, code: string, inside: Expectation, { timeoutMs, before, ...expect }: More = {}): Scenario => ({
  id,
  stride,
  technique,
  code,
  ...(timeoutMs !== undefined && { timeoutMs }),
  ...(before !== undefined && { before }),
  expect: { all: inside, checkOff: inside, processOnly: CONTAINED, ...expect },
});
const FAST = { timeoutMs: 400, processOnly: stopped('TIMEOUT') };

export const ASYNC: Group = {
  name: 'Async',
  scenarios: [
    row('AS-01', 'T', 'a thenable as the result', `return { then: (resolve) => resolve('from then') };`, returns('from then')),
    row('AS-02', 'D', 'an endless chain of thenables', `const next = () => ({ then: (resolve) => resolve(next()) });\nreturn next();`, stopped('TIMEOUT'), FAST),
    row('AS-03', 'D', 'a thenable that never settles', `return { then() {} };`, stopped('TIMEOUT'), FAST),
    row('AS-04', 'T', 'a thenable that settles twice', `return { then: (resolve, reject) => { resolve(1); resolve(2); reject(new Error('late')); throw new Error('later'); } };`, returns(1)),
    row('AS-05', 'T', 'a then getter that throws', `return { get then() { throw new Error('then'); } };`, throws(/then/)),
    row('AS-06', 'T', 'a promise nested in the result', `return { inner: Promise.resolve(1) };`, stopped('RESULT_NOT_JSON')),
    row('AS-07', 'T', 'Promise.prototype.then patched', `Promise.prototype.then = () => 'patched';\nreturn 1;`, throws(/read only|Cannot assign/)),
    row('AS-08', 'T', 'a then of its own on a call’s promise', `const call = athena.memory.recall({ query: 'own' });\nReflect.set(call, 'then', (resolve) => resolve({ memories: ['patched'] }));\nreturn (await call).memories.length;`, returns(0)),
    row('AS-09', 'T', 'Symbol.species of a promise’s class', `class Sneaky extends Promise { static get [Symbol.species]() { return Array; } }\nconst sneaky = new Sneaky((resolve) => resolve(1));\nreturn await sneaky.then((value) => value);`, throws(/not callable/), { all: refused('TYPE_ERROR') }),
    row('AS-10', 'T', 'Promise.prototype.constructor replaced', `Reflect.set(Promise.prototype, 'constructor', class { constructor(run) { run((value) => value, () => 0); } });\nreturn 1;`, throws(/read only|Cannot assign/)),
    row('AS-11', 'T', 'an async iterator whose return throws', `const source = { [Symbol.asyncIterator]: () => ({ next: async () => ({ done: false, value: 1 }), return: async () => { throw new Error('return'); } }) };\nfor await (const value of source) break;`, throws(/return/)),
    row('AS-12', 'D', 'an iterator without an end, spread into a call', `const forever = { *[Symbol.iterator]() { for (;;) yield 'x'; } };\nawait athena.memory.remember({ content: 'x', memory_type: 'fact', tags: [...forever] });`, stopped('TIMEOUT', 'MEMORY_LIMIT'), { timeoutMs: 500, processOnly: stopped('TIMEOUT', 'MEMORY_LIMIT') }),
    row('AS-13', 'D', 'a rejection that nobody handles', `void Promise.reject(new Error('lost'));\nawait null;\nreturn 1;`, returns(1)),
    row('AS-14', 'D', 'a rejection with a hostile reason that nobody handles', `void Promise.reject(new Proxy({}, { get() { throw null; }, getPrototypeOf() { throw null; } }));\nawait null;\nreturn 1;`, returns(1)),
    row('AS-15', 'D', 'a rejection after the result', `void (async () => { await null; await null; await null; throw new Error('late'); })();\nreturn 1;`, returns(1)),
    row('AS-16', 'D', '10,000 rejections that nobody handles', `for (let n = 0; n < 10000; n += 1) void Promise.reject(n);\nawait sleep(1);\nreturn 1;`, returns(1)),
    row('AS-17', 'T', 'a call made after the result', `void (async () => { for (let n = 0; n < 50; n += 1) await null; await session.set('late', 'work'); })();\nreturn await session.get('late') ?? 'nothing';`, returns('nothing'), { before: [`await session.delete('late');\nvoid (async () => { for (let n = 0; n < 50; n += 1) await null; await session.set('late', 'work'); })();\nreturn 1;`] }),
    row('AS-18', 'D', 'microtasks without an end after the result', `return 2;`, returns(2), { before: [`const spin = () => Promise.resolve().then(spin);\nvoid spin();\nreturn 1;`], processOnly: returns(2) }),
    row('AS-19', 'T', 'a timer that outlives its run', `await sleep(60);\nreturn await session.get('timer') ?? 'nothing';`, returns('nothing'), { before: [`await session.delete('timer');\nsetTimeout(() => { void session.set('timer', 'fired'); }, 20);\nreturn 1;`] }),
    row('AS-20', 'D', 'an await without an answer', `await new Promise(() => {});`, stopped('TIMEOUT'), FAST),
    row('AS-21', 'D', 'a call that the backend never answers', `await athena.memory.recall({ query: 'never answer' });`, stopped('TIMEOUT'), FAST),
    row('AS-22', 'D', 'a sleep beyond the run', `await sleep(1e9);`, stopped('TIMEOUT'), FAST),
    row('AS-23', 'D', 'a sleep of less than nothing', `await sleep(-1);`, answered('INVALID_PARAMETERS'), { processOnly: answered('INVALID_PARAMETERS') }),
    row('AS-24', 'D', 'calls that nobody waits for', `for (let n = 0; n < 100; n += 1) void athena.memory.recall({ query: 'never answer' });\nreturn 1;`, returns(1)),
    row('AS-25', 'T', 'an async disposal that throws over the result', `const dispose = Reflect.get(Symbol, 'asyncDispose');\nawait using held = { async [dispose]() { throw new Error('disposed'); } };\nreturn 1;`, throws(/disposed/)),
    row('AS-26', 'D', 'a generator that runs itself', `function* again() { yield* it; }\nconst it = again();\nreturn it.next();`, throws(/already running/)),
    row('AS-27', 'S', 'an async callback in a timer that throws', `setTimeout(async () => { throw new Error('in a timer'); }, 1);\nawait sleep(30);\nreturn 1;`, returns(1, { logs: ['Uncaught in a timer: Error: in a timer (line 1, column 32)'] })),
    row('AS-28', 'T', 'a rejection out of a sync iterator that is awaited', `let closed = 'open';\nconst source = { [Symbol.iterator]: () => ({ next: () => ({ done: false, value: Promise.reject(new Error('inner')) }), return() { closed = 'closed'; return {}; } }) };\ntry { for await (const one of source) break; } catch (error) { return [closed, String(error)]; }`, returns(['closed', 'Error: inner'])),
    row('AS-29', 'D', 'Array.fromAsync without an end', `return await Reflect.get(Array, 'fromAsync')({ async *[Symbol.asyncIterator]() { for (;;) yield 1; } });`, stopped('TIMEOUT', 'MEMORY_LIMIT'), { timeoutMs: 500, processOnly: stopped('TIMEOUT', 'MEMORY_LIMIT') }),
    row('AS-30', 'D', 'an iterator helper that finds nothing without an end', `return Iterator.from({ next: () => ({ done: false, value: 1 }) }).filter(() => false).toArray();`, stopped('TIMEOUT'), FAST),
  ],
};
