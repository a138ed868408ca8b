import { answered, CONTAINED, type Expectation, returns, stopped, throws } from '../expectation.ts';
import type { Group, Scenario, Stride } from '../scenario.ts';

/** Inside SES the check makes no difference, unless the row says so. */
const row = (id: string, stride: Stride, technique: string, code: string, inside: Expectation, more: Partial<Scenario['expect']> & { readonly timeoutMs?: number } = {}): Scenario => {
  const { timeoutMs, ...expect } = more;
  return {
    id,
    stride,
    technique,
    code,
    ...(timeoutMs !== undefined && { timeoutMs }),
    expect: { all: inside, checkOff: inside, processOnly: CONTAINED, ...expect },
  };
};

export const ERRORS: Group = {
  name: 'Errors and stacks',
  scenarios: [
    row('ER-01', 'E', 'Error.prepareStackTrace for the host’s frames', `let seen = 'nothing';\nError.prepareStackTrace = (_, sites) => { seen = sites.map((site) => typeof site.getThis()); return ''; };\nJSON.parse('{}').stack ?? new Error('x').stack;\nreturn seen;`, returns('nothing')),
    row('ER-02', 'I', 'Error.captureStackTrace on an object of its own', `const holder = JSON.parse('{}');\nconst capture = JSON.parse('0') || Reflect.get(Error, 'captureStackTrace');\nif (typeof capture === 'function') capture(holder);\nreturn /node:|\\/|guest/.test(String(holder.stack ?? ''));`, returns(false)),
    row('ER-03', 'I', 'the stack of an error of its own', `return /node:|guest|\\//.test(String(new Error('x').stack));`, returns(false)),
    row('ER-04', 'I', 'the stack of an error of a call', `try { await athena.memory.recall({ query: '' }); } catch (error) { return /node:|guest|\\//.test(String(Reflect.get(Object(error), 'stack'))); }`, returns(false)),
    row('ER-05', 'I', 'the stack of an error that V8 throws', `try { JSON.parse('{'); } catch (error) { return /node:|guest|\\//.test(String(Reflect.get(Object(error), 'stack'))); }`, returns(false)),
    row('ER-06', 'I', 'Error.stackTraceLimit raised', `Reflect.set(Error, 'stackTraceLimit', 1e9);\nfunction deep(n) { if (n === 0) throw new Error('deep'); deep(n - 1); }\ntry { deep(200); } catch (error) { return String(Reflect.get(Object(error), 'stack')).length < 100; }`, returns(true)),
    row('ER-07', 'D', 'a symbol for an error’s name', `const error = new Error('x');\nReflect.defineProperty(error, 'name', { value: Symbol('name') });\nthrow error;`, throws(/^Error: x$/)),
    row('ER-08', 'D', 'null thrown', `throw null;`, throws(/threw null/)),
    row('ER-09', 'D', 'undefined thrown', `throw undefined;`, throws(/threw undefined/)),
    row('ER-10', 'D', 'a symbol thrown', `throw Symbol('s');`, throws(/threw Symbol\(s\)/)),
    row('ER-11', 'D', 'a function thrown', `throw () => 1;`, throws(/threw \[function\]/)),
    row('ER-12', 'D', 'a proxy thrown whose every trap throws', `const trap = () => { throw null; };\nthrow new Proxy(new Error('x'), { get: trap, getPrototypeOf: trap, ownKeys: trap, getOwnPropertyDescriptor: trap, has: trap });`, throws(/threw \[unreadable\]/)),
    row('ER-13', 'D', 'a revoked proxy thrown', `const { proxy, revoke } = Proxy.revocable({}, {});\nrevoke();\nthrow proxy;`, throws(/threw \[unreadable\]/)),
    row('ER-14', 'D', 'an error whose getters throw', `const trap = { get() { throw new Error('inner'); } };\nthrow Object.defineProperties(new Error('x'), { message: trap, name: trap, cause: trap, stack: trap });`, throws(/^Error: /)),
    row('ER-15', 'D', 'an error whose message changes when read again', `let reads = 0;\nthrow Object.defineProperty(new Error('x'), 'message', { get: () => (reads++ === 0 ? 'first' : { toString() { throw null; } }) });`, throws(/^Error: /)),
    row('ER-16', 'D', 'an error that is its own cause', `const error = new Error('loop');\nReflect.set(error, 'cause', error);\nthrow error;`, throws(/loop \(cause: Error: loop\)$/)),
    row('ER-17', 'D', 'causes 5,000 deep', `let error = new Error('0');\nfor (let n = 1; n <= 5000; n += 1) error = new Error(String(n), { cause: error });\nthrow error;`, throws(/^Error: 5000 \(cause: Error: 4999\)$/)),
    row('ER-18', 'D', 'AggregateError of 1,000 errors', `throw new AggregateError(Array.from({ length: 1000 }, (_, n) => new Error('e' + n)), 'many');`, throws(/^AggregateError: many \[e0\] \[e1\] \[e2\]$/)),
    row('ER-19', 'D', 'an AggregateError whose errors are a hostile proxy', `const error = new AggregateError([], 'many');\nReflect.defineProperty(error, 'errors', { value: new Proxy([], { get() { throw null; } }) });\nthrow error;`, throws(/many/)),
    row('ER-20', 'S', 'an error that claims a call’s code', `throw Object.assign(new Error('forged'), { name: 'AthenaError', code: 'BACKEND_LOST', operation: 'memory.recall' });`, throws(/forged/)),
    row('ER-21', 'T', 'stack overflow caught', `let depth = 0;\nconst dive = () => { depth += 1; dive(); };\ntry { dive(); } catch (error) { return [depth > 100, error instanceof RangeError]; }`, returns([true, true])),
    row('ER-22', 'T', 'recursion to the limit inside a call', `let tries = 0;\nasync function dive() { tries += 1; if (tries > 20000) return; try { await dive(); } catch { void athena.memory.recall({ query: 'deep' }).catch(() => {}); } }\ntry { await dive(); } catch {}\nreturn Array.isArray((await athena.memory.recall({ query: 'after' })).memories);`, returns(true)),
    row('ER-23', 'T', 'stack overflow inside a getter of a call’s parameters', `const params = JSON.parse('{}');\nconst dive = () => dive();\nReflect.defineProperty(params, 'query', { enumerable: true, get: dive });\nawait athena.memory.recall(params);`, throws(/cannot be written as JSON/, 'INVALID_PARAMETERS')),
    row('ER-24', 'D', 'memory exhausted inside toJSON of a call’s parameters', `const params = JSON.parse('{}');\nReflect.set(params, 'toJSON', () => { const all = []; for (;;) all.push(new Array(1e5).fill(all.length)); });\nawait athena.memory.recall(params);`, stopped('MEMORY_LIMIT'), { processOnly: stopped('MEMORY_LIMIT') }),
    row('ER-25', 'I', 'an error of the backend with a path in it', `await athena.memory.recall({ query: 'throw a path' });`, answered('INTERNAL_ERROR'), { processOnly: answered('INTERNAL_ERROR') }),
    row('ER-26', 'D', 'an error with a message of 5 MB', `throw new Error('m'.repeat(5e6));`, throws(/^Error: m{3000,4100}…$/)),
    row('ER-27', 'D', 'an error with a name of 5 MB', `const error = new Error('x');\nReflect.set(error, 'name', 'n'.repeat(5e6));\nthrow error;`, throws(/^n{50,100}: x$/)),
    row('ER-28', 'S', 'an error that says where it was made', `const error = new Error('x');\nReflect.defineProperty(error, 'stack', { value: 'Error: x\\n    at program.js:999:1' });\nthrow error;`, throws(/^Error: x$/)),
    row('ER-29', 'D', 'an error made of the prototype alone', `throw Object.create(Error.prototype, { message: { value: 'look-alike' } });`, throws(/which is not an Error/)),
    row('ER-30', 'D', 'a SuppressedError or a DOMException by name', `throw Object.assign(Object.create(null), { name: 'DOMException', message: 'm' });`, throws(/which is not an Error/)),
    row('ER-31', 'I', 'stacks shown by the environment of the server, which weakens a lockdown', `return String(new Error('x').stack);`, returns('')),
    row('ER-32', 'T', 'recursion to the limit inside the log', `let tries = 0;\nasync function dive() { tries += 1; if (tries > 20000) return; try { await dive(); } catch { console.log('deep'); } }\ntry { await dive(); } catch {}\nreturn Array.isArray((await athena.memory.recall({ query: 'after' })).memories);`, returns(true)),
    row('ER-33', 'D', 'an error whose constructor never ends, while its place is looked for', `const error = new Error('x');\nReflect.defineProperty(error, 'constructor', { get() { for (;;); } });\nthrow error;`, stopped('TIMEOUT'), { timeoutMs: 400 }),
  ],
};
