import type { ErrorCode } from '../../../runtime/contract/error-codes.ts';
import { answered, CONTAINED, type Expectation, refused, returns, stopped, throws } from '../expectation.ts';
import type { Group, Scenario } from '../scenario.ts';

const FROZEN = throws(/read only|Cannot (assign|define|delete|add)|not extensible|object is not extensible|Immutable prototype|#<Object> is not extensible/);

/** A write to what all programs of a worker share. */
const write = (id: string, technique: string, code: string, all: Expectation = FROZEN, checkOff: Expectation = FROZEN): Scenario => ({
  id,
  stride: 'T',
  technique,
  code,
  expect: { all, checkOff, processOnly: CONTAINED },
});

/** Parameters that an honest program would not send. The bridge decides, whoever sends them. */
const send = (id: string, technique: string, code: string, inside: Expectation, all = inside, processOnly = inside): Scenario => ({
  id,
  stride: 'T',
  technique,
  code,
  expect: { all, checkOff: inside, processOnly },
});

const ABSENT = throws(/is not a function|is not defined/);
/** What host code under an attacker's control can do. No program has these names. */
const forge = (id: string, technique: string, code: string, processOnly: Expectation): Scenario => ({
  id,
  stride: 'T',
  technique,
  code,
  expect: { all: refused('TYPE_ERROR'), checkOff: ABSENT, processOnly },
});
/** What a program, or a skill that it calls, does to the object that all of its skills are reached by. */
const skill = (id: string, technique: string, code: string, byName: ErrorCode): Scenario => ({
  id,
  stride: 'T',
  technique,
  code,
  expect: {
    all: refused(byName),
    checkOff: throws(/not extensible|immutable|is not a function|Cannot read properties of undefined/),
    processOnly: CONTAINED,
  },
});
const VIOLATION = stopped('PROTOCOL_VIOLATION');
const INVALID = answered('INVALID_PARAMETERS');
const WRONG_TYPE = refused('TYPE_ERROR');
/** Throws what the bridge answered, as a program's own call would. */
const rawCall = (name: string, json: string): string =>
  `const answer = await rawCall(${JSON.stringify(name)}, ${JSON.stringify(json)});\nreturn answer[0] + (answer[0] === '-' ? JSON.parse(answer.slice(1)).code : '');`;
const STALL = `\nawait new Promise(() => {});`;
const RUN = `const run = 1;\n`;
const bytes = (expression: string): string =>
  `const send = (buffer) => { const { writeSync } = process.getBuiltinModule('node:fs'); for (let at = 0; at < buffer.length; ) { try { at += writeSync(1, buffer, at); } catch {} } };\nsend(${expression});${STALL}`;

export const TAMPERING: Group = {
  name: 'Tampering',
  scenarios: [
    write('TA-01', 'Object.prototype written to', `Object.prototype.polluted = 1;\nreturn 1;`),
    write('TA-02', 'Object.prototype written to through __proto__', `const any = JSON.parse('{}');\nany.__proto__.polluted = 1;\nreturn 1;`),
    write('TA-03', 'Array.prototype.push replaced', `Array.prototype.push = () => 0;\nreturn 1;`),
    write('TA-04', 'a property defined on Object.prototype', `Object.defineProperty(Object.prototype, 'polluted', { value: 1 });\nreturn 1;`),
    write('TA-05', 'a getter on Object.prototype by __defineGetter__', `JSON.parse('{}').__proto__.__defineGetter__('polluted', () => 1);\nreturn 1;`),
    write('TA-06', 'the prototype of Object.prototype set', `Object.setPrototypeOf(Object.prototype, { polluted: 1 });\nreturn 1;`),
    write('TA-07', 'an iterator of arrays replaced', `Array.prototype[Symbol.iterator] = function* () { yield 'patched'; };\nreturn 1;`),
    write('TA-08', 'the iterator’s next replaced', `Object.getPrototypeOf([][Symbol.iterator]()).next = () => ({ done: true });\nreturn 1;`),
    write('TA-09', 'RegExp.prototype.exec replaced', `RegExp.prototype.exec = () => null;\nreturn 1;`),
    write('TA-10', 'String.prototype.split deleted', `Reflect.deleteProperty(String.prototype, 'split') || (() => { throw new TypeError('Cannot delete'); })();\nreturn 1;`),
    write('TA-11', 'Error.prototype.toString replaced', `Error.prototype.toString = () => 'patched';\nif (String(new Error('x')) === 'patched') return 1;\nthrow new TypeError('Cannot assign: own only');`),
    write('TA-12', 'an operation replaced', `athena.memory.recall = async () => ({ memories: [] });\nreturn 1;`),
    write('TA-13', 'an operation added', `Object.assign(athena.memory, { forge: async () => 1 });\nreturn 1;`),
    write('TA-14', 'the operations’ root replaced', `athena = JSON.parse('{}');\nreturn 1;`, refused('TYPE_ERROR'), throws(/constant variable/)),
    write('TA-15', 'session.get replaced', `session.get = async () => 'patched';\nreturn 1;`),
    write('TA-16', 'console.log replaced', `console.log = () => {};\nreturn 1;`),
    write('TA-17', 'Date.now replaced', `Date.now = () => 0;\nreturn 1;`),
    write('TA-18', 'Math.random replaced', `Math.random = () => 4;\nreturn 1;`),
    write('TA-19', 'a global added', `globalThis.left = 'note';\nreturn 1;`, refused('FORBIDDEN_GLOBAL')),
    write('TA-20', 'a global made by assignment to a name', `left = 'note';\nreturn 1;`, refused('TYPE_ERROR'), throws(/left is not defined/)),
    write('TA-21', 'the prototype of typed arrays written to', `Object.getPrototypeOf(Uint8Array.prototype).polluted = 1;\nreturn 1;`),
    write('TA-22', 'the prototype of async generators written to', `Object.getPrototypeOf((async function* () {}).prototype).polluted = 1;\nreturn 1;`),

    send('TA-30', '__proto__ as a parameter', `await athena.memory.recall(JSON.parse('{"query":"x","__proto__":{"k":99}}'));`, INVALID),
    send('TA-31', 'constructor as a nested parameter', `await athena.memory.recall(JSON.parse('{"query":"x","more":{"constructor":{"prototype":{}}}}'));`, INVALID),
    send('TA-32', 'prototype inside a session variable', `await session.set('x', { prototype: 1 });`, INVALID),
    send('TA-33', 'a parameter that the operation has not', `await athena.memory.recall(JSON.parse('{"query":"x","as_admin":true}'));`, INVALID),
    send('TA-34', 'the wire’s own operation argument', `await athena.memory.recall(JSON.parse('{"query":"x","operation":"forget"}'));`, INVALID),
    send('TA-35', 'two arguments', `await athena.memory.recall({ query: 'x' }, { query: 'y' });`, INVALID, WRONG_TYPE),
    send('TA-36', 'a BigInt', `await athena.memory.recall({ query: 'x', k: 5n });`, throws(/cannot be written as JSON/, 'INVALID_PARAMETERS'), WRONG_TYPE),
    send('TA-37', 'NaN', `await athena.memory.recall({ query: 'x', k: NaN });`, INVALID),
    send('TA-38', 'Infinity', `await athena.memory.recall({ query: 'x', k: 1 / 0 });`, INVALID),
    send('TA-39', 'minus zero', `await athena.memory.recall({ query: 'x', k: -0 });`, INVALID),
    send('TA-40', 'a fraction for a count', `await athena.memory.recall({ query: 'x', k: 1.5 });`, INVALID),
    send('TA-41', 'half of a surrogate pair', `const found = await athena.memory.recall({ query: '\\ud800' });\nreturn Array.isArray(found.memories);`, returns(true)),
    send('TA-42', 'an array for parameters', `await athena.memory.recall(JSON.parse('[{"query":"x"}]'));`, INVALID),
    send('TA-43', 'a string for parameters', `await athena.memory.recall(JSON.parse('"query"'));`, INVALID),
    send('TA-44', 'null for parameters', `await athena.memory.recall(JSON.parse('null'));`, INVALID),
    send('TA-45', 'a function for parameters', `await athena.memory.recall(JSON.parse('0') || (() => ({ query: 'x' })));`, INVALID),
    send('TA-46', 'an array where a string belongs', `await athena.memory.recall(JSON.parse('{"query":["x"]}'));`, INVALID),
    send('TA-47', 'an object with toString where a string belongs', `await athena.memory.recall(JSON.parse('{"query":{"toString":"x"}}'));`, INVALID),
    send('TA-48', 'parameters nested 60 deep', `let deep = JSON.parse('1');\nfor (let n = 0; n < 60; n += 1) deep = [deep];\nawait session.set('deep', deep);`, INVALID),
    send('TA-49', 'parameters of 2 MB', `await session.set('big', 'x'.repeat(2 * 1024 * 1024));`, answered('CALL_TOO_LARGE')),
    send('TA-50', 'an empty key of the session', `await session.set('', 1);`, answered('VARIABLE_INVALID')),
    send('TA-51', 'a key of the session of 201 characters', `await session.set('k'.repeat(201), 1);`, answered('VARIABLE_INVALID')),
    send('TA-52', 'a key of the session that is a path', `await session.set('../../other/secret', 'mine');\nreturn await session.get('../../other/secret');`, returns('mine')),
    send('TA-53', 'a key of the session that is SQL', `await session.set("'; DROP TABLE variables; --", 1);\nreturn await session.get("'; DROP TABLE variables; --");`, returns(1)),
    send('TA-54', 'more session variables than there may be', `for (let n = 0; n < 150; n += 1) await session.set('many' + n, n);`, answered('VARIABLE_TOO_LARGE')),
    send('TA-55', 'an operation that policy denies', `await athena.memory.forget({ memory_id: 1 });`, throws(/not a function/), refused('OPERATION_DENIED')),

    forge('TA-60', 'an operation that does not exist', rawCall('memory.nothing', '{}'), returns('-NOT_GRANTED')),
    forge('TA-61', 'an operation beyond the grant', rawCall('memory.forget', '{"memory_id":1}'), returns('-NOT_GRANTED')),
    forge('TA-62', 'an operation inherited from Object', rawCall('memory.constructor', '{}'), returns('-NOT_GRANTED')),
    forge('TA-63', 'an operation inherited through __proto__', rawCall('__proto__.toString', '{}'), returns('-NOT_GRANTED')),
    forge('TA-64', 'a built-in that does not exist', rawCall('@session.drop', '{}'), returns('-NOT_GRANTED')),
    forge('TA-65', 'an operation in another case', rawCall('Memory.Recall', '{"query":"x"}'), returns('-NOT_GRANTED')),
    forge('TA-66', 'an operation by its name on the wire', rawCall('memory_tools', '{"operation":"recall"}'), returns('-NOT_GRANTED')),
    forge('TA-67', 'parameters that are no JSON', rawCall('memory.recall', '{query:1}'), returns('-INVALID_PARAMETERS')),
    forge('TA-68', 'parameters of brackets alone', `const answer = await rawCall('memory.recall', '['.repeat(1000000));\nreturn JSON.parse(answer.slice(1)).code;`, returns('INVALID_PARAMETERS')),
    forge('TA-69', 'no parameters', rawCall('memory.recall', ''), returns('-INVALID_PARAMETERS')),
    forge('TA-70', 'a sleep for a text', rawCall('@sleep', '{"ms":"100"}'), returns('-INVALID_PARAMETERS')),
    forge('TA-71', 'a call of a number for a name', `${RUN}sendFrame(JSON.stringify({ t: 'calls', run, calls: [{ call: 1, name: 5, json: '{}' }] }));${STALL}`, VIOLATION),
    forge('TA-72', 'a call id used twice', `${RUN}const call = { call: 1, name: 'memory.recall', json: '{"query":"x"}' };\nsendFrame(JSON.stringify({ t: 'calls', run, calls: [call, call] }));${STALL}`, VIOLATION),
    forge('TA-73', 'call ids that go backwards', `${RUN}const call = { call: 9, name: '@sleep', json: '{"ms":50}' };\nsendFrame(JSON.stringify({ t: 'calls', run, calls: [call, { ...call, call: 3 }] }));${STALL}`, VIOLATION),
    forge('TA-74', 'a call id below zero', `${RUN}sendFrame(JSON.stringify({ t: 'calls', run, calls: [{ call: -1, name: 'memory.recall', json: '{}' }] }));${STALL}`, VIOLATION),
    forge('TA-75', 'a call id that is no integer', `${RUN}sendFrame(JSON.stringify({ t: 'calls', run, calls: [{ call: 0.5, name: 'memory.recall', json: '{}' }] }));${STALL}`, VIOLATION),
    forge('TA-76', 'a frame of no known kind', `sendFrame('{"t":"grant","run":1,"operations":["memory.forget"]}');${STALL}`, VIOLATION),
    forge('TA-77', 'a frame that is no object', `sendFrame('[1]');${STALL}`, VIOLATION),
    forge('TA-78', 'a frame that is no JSON', `sendFrame('{"t":');${STALL}`, VIOLATION),
    forge('TA-79', 'an empty frame', `sendFrame('');${STALL}`, VIOLATION),
    forge('TA-80', 'a frame of 5,000,000 brackets', `sendFrame('['.repeat(5000000));${STALL}`, VIOLATION),
    forge('TA-81', 'a frame of another run', `sendFrame('{"t":"logs","run":77,"lines":[{"level":"info","text":"x"}]}');${STALL}`, VIOLATION),
    forge('TA-82', 'ready while it runs', `sendFrame('{"t":"ready"}');${STALL}`, VIOLATION),
    forge('TA-83', 'a result twice', `${RUN}const done = JSON.stringify({ t: 'done', run, end: { json: '1' }, droppedLogs: 0 });\nsendFrame(done);\nsendFrame(done);${STALL}`, returns(1)),
    forge('TA-84', 'a result of no JSON', `${RUN}sendFrame(JSON.stringify({ t: 'done', run, end: { json: '{' }, droppedLogs: 0 }));${STALL}`, stopped('RESULT_NOT_JSON')),
    forge('TA-85', 'a result with forbidden keys', `${RUN}sendFrame(JSON.stringify({ t: 'done', run, end: { json: '{"__proto__":{"polluted":1}}' }, droppedLogs: 0 }));${STALL}`, stopped('RESULT_NOT_JSON')),
    forge('TA-86', 'a result deeper than the limit', `${RUN}sendFrame(JSON.stringify({ t: 'done', run, end: { json: '['.repeat(2000000) }, droppedLogs: 0 }));${STALL}`, stopped('RESULT_TOO_LARGE')),
    forge('TA-87', 'a result larger than the limit', `${RUN}sendFrame(JSON.stringify({ t: 'done', run, end: { json: JSON.stringify('x'.repeat(6e6)) }, droppedLogs: 0 }));${STALL}`, stopped('RESULT_TOO_LARGE')),
    forge('TA-88', 'an end of both a value and an error', `${RUN}sendFrame(JSON.stringify({ t: 'done', run, end: { json: '1', error: { name: 'x', message: 'y' } }, droppedLogs: 0 }));${STALL}`, returns(1)),
    forge('TA-89', 'a frame with __proto__ for its fields', `sendFrame('{"__proto__":{"t":"ready"},"run":1}');${STALL}`, VIOLATION),
    forge('TA-95', 'an error whose name is 3 MB', `${RUN}sendFrame(JSON.stringify({ t: 'done', run, end: { error: { name: 'n'.repeat(3e6), message: 'm' } }, droppedLogs: 0 }));${STALL}`, throws(/^n/)),
    forge('TA-96', 'a refusal whose message is 3 MB', `${RUN}sendFrame(JSON.stringify({ t: 'done', run, end: { refused: 'RESULT_NOT_JSON', message: 'm'.repeat(3e6) }, droppedLogs: 0 }));${STALL}`, stopped('RESULT_NOT_JSON')),
    { ...forge('TA-90', 'a length beyond the cap', bytes(`Buffer.from([255, 255, 255, 255, 1])`), VIOLATION), expect: { all: refused('FORBIDDEN_GLOBAL'), checkOff: throws(/not defined|undefined|not a function/), processOnly: VIOLATION } },
    { timeoutMs: 400, ...forge('TA-91', 'a length that promises more than comes', bytes(`Buffer.from([200, 0, 0, 0, 123])`), CONTAINED), expect: { all: refused('FORBIDDEN_GLOBAL'), checkOff: throws(/not defined|undefined|not a function/), processOnly: stopped('TIMEOUT') } },
    { ...forge('TA-92', 'a length that promises less than comes', bytes(`Buffer.concat([Buffer.from([2, 0, 0, 0]), Buffer.from('{"t":"ready"}')])`), VIOLATION), expect: { all: refused('FORBIDDEN_GLOBAL'), checkOff: throws(/not defined|undefined|not a function/), processOnly: VIOLATION } },
    { ...forge('TA-93', 'garbage for frames', bytes(`Buffer.from(Array.from({ length: 5000 }, (_, n) => (n * 7919) & 255))`), VIOLATION), expect: { all: refused('FORBIDDEN_GLOBAL'), checkOff: throws(/not defined|undefined|not a function/), processOnly: VIOLATION } },
    { ...forge('TA-94', 'a frame that is no UTF-8', bytes(`Buffer.concat([Buffer.from([4, 0, 0, 0]), Buffer.from([0xc3, 0x28, 0xff, 0xfe])])`), VIOLATION), expect: { all: refused('FORBIDDEN_GLOBAL'), checkOff: throws(/not defined|undefined|not a function/), processOnly: VIOLATION } },
    forge('TA-97', 'a parameter written twice', rawCall('memory.recall', '{"query":"first","query":"last"}'), returns('+')),
    forge('TA-98', 'a number beyond all numbers', rawCall('memory.recall', '{"query":"x","k":1e999}'), returns('-INVALID_PARAMETERS')),
    forge('TA-99', 'a frame of padding', `sendFrame(JSON.stringify({ t: 'logs', run: 1, lines: [{ level: 'info', text: 'x' }], pad: 'x'.repeat(1e6) }));${STALL}`, VIOLATION),
    skill('TA-24', 'a skill put in by hand', `skills.mine = async () => 'mine';\nreturn await skills.mine();`, 'UNKNOWN_SKILL'),
    skill('TA-25', 'skills given a prototype', `Object.setPrototypeOf(skills, { mine: async () => 'mine' });\nreturn await skills.mine();`, 'FORBIDDEN_SYNTAX'),
    skill('TA-26', 'a skill called by a name that any object has', `return await skills.constructor.constructor('return 1')();`, 'UNKNOWN_SKILL'),
    forge('TA-27', 'an error placed in a skill that the program does not have', `${RUN}sendFrame(JSON.stringify({ t: 'done', run, end: { error: { name: 'Error', message: 'forged', skill: { name: '__proto__', line: 1, column: 1 } } }, droppedLogs: 0 }));${STALL}`, throws(/^Error: forged$/)),
    forge('TA-23', 'a frame of no calls', `sendFrame('{"t":"calls","run":1,"calls":[]}');${STALL}`, VIOLATION),
  ],
};
