import { CONTAINED, type Expectation, refused, returns, throws } from '../expectation.ts';
import type { Group, Scenario } from '../scenario.ts';

/** By its name the check refuses a power; behind it the power is not there. */
const row = (id: string, technique: string, code: string, processOnly: Expectation = CONTAINED): Scenario => ({
  id,
  stride: 'E',
  technique,
  code,
  expect: {
    all: refused('FORBIDDEN_GLOBAL'),
    checkOff: throws(/is not a (function|constructor)|is not defined|Cannot read properties of undefined/),
    processOnly,
  },
});

/** Two unions of 90,000 objects, compared with each other: a checker takes seconds. */
const SLOW_TYPES = `type D = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9';
type Word = \`\${D}\${D}\${D}\${D}\${'0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8'}\`;
type One<S> = S extends string ? { k: S[]; f: (x: S) => S } : never;
type Other<S> = S extends string ? { k: (S | 1)[]; f: (x: S) => S | 2 } : never;
const one: One<Word> = JSON.parse('{}');
const other: Other<Word> = one;
const again: One<Word> = other;`;

export const POWERS: Group = {
  name: 'Absent powers',
  scenarios: [
    row('AP-01', 'WebAssembly compiled from bytes', `return new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));`),
    row('AP-02', 'SharedArrayBuffer for a timer', `return new SharedArrayBuffer(8);`),
    row('AP-03', 'Atomics.wait to block', `return Atomics.wait(new Int32Array(1), 0, 0, 100);`),
    row('AP-04', 'WeakRef to watch the collector', `return new WeakRef({}).deref();`),
    row('AP-05', 'FinalizationRegistry to run later', `return new FinalizationRegistry(() => {});`),
    row('AP-06', 'fetch of the canary', `return await (await fetch('http://127.0.0.1:{{port}}/')).text();`, throws(/fetch failed|restricted/)),
    row('AP-07', 'WebSocket to the canary', `const socket = new WebSocket('ws://127.0.0.1:{{port}}/');\nawait new Promise((resolve) => { socket.onerror = resolve; });\nthrow new Error('failed');`, throws(/failed|restricted/)),
    row('AP-08', 'URL of a blob', `return URL.createObjectURL(new Blob(['x']));`),
    row('AP-09', 'Buffer of memory as it was', `return Buffer.allocUnsafe(65536).toString('latin1').length;`),
    row('AP-10', 'structuredClone with a transfer', `return structuredClone(new Uint8Array(8), { transfer: [] });`),
    row('AP-11', 'performance for a fine clock', `return performance.now();`),
    row('AP-12', 'crypto for bytes', `return crypto.randomUUID();`),
    row('AP-13', 'queueMicrotask of the host', `queueMicrotask(() => {});\nreturn 1;`),
    row('AP-14', 'setImmediate of the host', `setImmediate(() => {});\nreturn 1;`),
    row('AP-15', 'setInterval of the host', `setInterval(() => {}, 1);\nreturn 1;`),
    row('AP-16', 'Worker for a thread', `return new Worker('data:text/javascript,1');`),
    row('AP-17', 'MessageChannel to the host', `return new MessageChannel().port1;`),
    row('AP-18', 'BroadcastChannel to other workers', `new BroadcastChannel('x').postMessage(1);\nreturn 1;`),
    row('AP-19', 'navigator for the machine', `return navigator.hardwareConcurrency;`),
    row('AP-20', 'localStorage on disk', `localStorage.setItem('a', 'b');\nreturn 1;`),
    row('AP-21', 'Intl for the machine’s language', `return new Intl.DateTimeFormat().resolvedOptions().timeZone;`),
    row('AP-22', 'process.env for the environment', `return Object.keys(process.env).some((name) => name.startsWith('ESCAPE_CANARY')) ? 'planted' : 'nothing';`, returns('nothing')),
    row('AP-23', 'process.exit to take the worker along', `process.exit(0);`),
    row('AP-24', 'atob and btoa of the host', `return btoa('x');`),
    row('AP-30', 'TextDecoder for a native object of the host', `return Object.getOwnPropertySymbols(new TextDecoder('utf-16le')).length;`),
    row('AP-31', 'TextEncoder for an error of the host', `return TextEncoder.prototype.encode.call(5);`),
    row('AP-32', 'Temporal for a clock of its own', `return String(Temporal.Now.instant());`),
    {
      id: 'AP-33',
      stride: 'E',
      technique: 'a name of the host behind types that are slow to check',
      code: `${SLOW_TYPES}\nreturn new DOMException('x').name;`,
      expect: { all: refused('TYPE_ERROR'), checkOff: throws(/Unexpected identifier/, 'SYNTAX_ERROR'), processOnly: throws(/Unexpected identifier/, 'SYNTAX_ERROR') },
    },
    {
      id: 'AP-34',
      stride: 'I',
      technique: 'the machine’s language by toLocaleString',
      code: `return [(1234.5).toLocaleString(), new Date(0).toLocaleDateString()];`,
      expect: { all: returns(['1,234.5', '1/1/1970']), checkOff: returns(['1,234.5', '1/1/1970']), processOnly: returns(['1,234.5', '1/1/1970']) },
    },
    {
      id: 'AP-25',
      stride: 'I',
      technique: 'the list of all globals',
      code: `return Object.getOwnPropertyNames(globalThis).filter((name) => /process|require|fetch|eval|Function|Compartment|harden|lockdown|global$|STUBS|isNativeError/.test(name));`,
      expect: { all: refused('FORBIDDEN_GLOBAL'), checkOff: returns([]), processOnly: CONTAINED },
    },
    {
      id: 'AP-26',
      stride: 'I',
      technique: 'the clock for timing',
      code: `const start = Date.now();\nfor (let n = 0; n < 3e6; n += 1);\nreturn Date.now() - start;`,
      expect: { all: returns(0), checkOff: returns(0), processOnly: returns(0) },
    },
    {
      id: 'AP-27',
      stride: 'I',
      technique: 'the time zone of the machine',
      code: `return [new Date(0).getTimezoneOffset(), String(new Date(0)).includes('UTC') || String(new Date(0)).includes('GMT+0000')];`,
      expect: { all: returns([0, true]), checkOff: returns([0, true]), processOnly: returns([0, true]) },
    },
    {
      id: 'AP-28',
      stride: 'E',
      technique: 'a power by typeof, to be used later',
      code: `return [typeof process, typeof require, typeof fetch];`,
      expect: { all: refused('FORBIDDEN_GLOBAL'), checkOff: returns(['undefined', 'undefined', 'undefined']), processOnly: CONTAINED },
    },
    {
      id: 'AP-29',
      stride: 'E',
      technique: 'the host’s Date through its prototype’s constructor',
      code: `const Host = new Date(0).constructor;\nconst before = new Host().getTime();\nreturn [typeof before].length;`,
      expect: { all: throws(/secure mode/), checkOff: throws(/secure mode/), processOnly: returns(1) },
    },
  ],
};
