import type { Productions } from '../grammar.ts';
import { EVALUATORS } from './evaluators.ts';
import { POWERS } from './powers.ts';
import { SYNTAX } from './syntax.ts';

/** What V8 or SES refuses for its text alone: one such piece, and the whole program never starts. */
const UNREADABLE =
  /import[ .(]|require\(«|eval\(|<!--|-->|#!|enum |namespace |abstract |\bas = 6|\\u\{301\}|«direct»[(<]|«import|e\\u|ev\\u|: 4/;
/** What the check refuses for its name alone. */
const NAMED =
  /«process»|\b(?:require|fetch|WebSocket|WebAssembly|Buffer|SharedArrayBuffer|performance|localStorage|rawCall|sendFrame|Function|Compartment|ShadowRealm|lockdown|eval|module|arguments|structuredClone)\b|«names»|«direct»/;

const without = (productions: Productions, pattern: RegExp): Productions =>
  Object.fromEntries(
    Object.entries(productions).map(([symbol, rows]) => [
      symbol,
      rows.filter((row) => !pattern.test(typeof row === 'string' ? row : row[1])),
    ]),
  );

/** In place of what a program could not even be started with, for where no check makes it readable. */
export const READABLE: Productions = {
  ...without(EVALUATORS, UNREADABLE),
  ...without(SYNTAX, UNREADABLE),
  direct: [
    '(0, eval)',
    "globalThis['eval']",
    "(globalThis as any)['ev' + 'al']",
    '((make = eval) => make)()',
    '[eval][0]',
  ],
  module: [
    [3, "(«evaluator» as any)('return im' + «moduleCall:string»)()«read»"],
    [2, '(«evaluator» as any)(«moduleLoot:escapes»)()'],
    '({ import: (name: any) => name }).import',
    'String(/im(?:port)\\(x/.source)',
    '(globalThis as any).require?.(«moduleName»)«read»',
    [0.2, 'await import(«moduleName»)'],
    [0.1, 'import.meta'],
  ],
  moduleCall: ["port('node:fs')", 'port.meta', "port.source('node:fs')"],
  moduleLoot: [
    "return import('node:fs')",
    'return import.meta',
    "return (async () => (await import('node:fs')).readFileSync('{{secretFile}}', 'utf8'))()",
  ],
  gap: [''],
};

/** In place of what the check refuses before anything runs: nothing forbidden is named. */
export const DISCREET: Productions = {
  ...READABLE,
  ...without({ ...EVALUATORS, ...READABLE }, NAMED),
  direct: ['(globalThis.Math as any).constructor.constructor'],
  power: [
    ...(without({ power: POWERS.power ?? [] }, NAMED).power ?? []),
    "(«hidden» as any)?.getBuiltinModule('node:fs').readFileSync('{{secretFile}}', 'utf8')",
    '(«hidden» as any)?.env',
    '(«evaluator» as any)(«loot:string»)()',
  ],
  hidden: [
    '(«callable» as any).constructor(«processLoot:string»)()',
    '(«any»).constructor.constructor(«processLoot:escapes»)()',
    '(function (this: any) { return this?.process; })()',
    '(«callable» as any).__proto__?.constructor?.process',
    '(Math as any).constructor.process',
    '(«value» as any)?.process',
  ],
  processLoot: [
    'return process',
    'return globalThis.process',
    'return this.process',
    "return require('node:process')",
  ],
  global: [
    'globalThis.Math',
    'typeof globalThis.JSON',
    '(function (this: any) { return this; })()',
    'Reflect.ownKeys(Object(«value») as any)',
    '(() => { try { return (undefined as any).x; } catch (error: any) { return error.constructor.constructor; } })()',
    'Object.getOwnPropertyNames(Object.getPrototypeOf(«callable»))',
  ],
  /** Writing to names is refused, writing to values is not. */
  namespace: ["'memory'", "'taskManagement'"],
  method: ["'recall'", "'remember'", "('re' + 'call')", "({ [Symbol.toPrimitive]: () => 'recall' } as any)"],
};
