import type { ErrorCode } from '../../runtime/contract/error-codes.ts';
import type { LimitName, Limits } from '../../runtime/contract/limits.ts';
import { ATHENA_LIKE } from '../server/open-client.ts';

/** A server with small limits, so that they are hit quickly. */
export interface Setting {
  readonly limits: Partial<Limits>;
  readonly flags?: readonly string[];
}

export const SETTINGS = {
  small: {
    limits: {
      codeBytes: 1_024,
      stringLiteralBytes: 64,
      nesting: 16,
      heapMb: 32,
      externalMb: 16,
      calls: 12,
      callRequestBytes: 2_048,
      callResultBytes: 4_096,
      resultBytes: 4_096,
      jsonDepth: 8,
      logLines: 5,
      logBytes: 1_000,
      replyCharacters: 2_000,
      variableBytes: 1_024,
      variables: 2,
    },
  },
  roomy: { limits: { spoolMb: 1, journalMb: 1 } },
  oneWorker: { limits: { workers: 1, queue: 1, runMs: 2_000 } },
  slowRate: { limits: { executionsPerMinute: 3 } },
  hangingBackend: {
    limits: { callMs: 2_500 },
    flags: ['--backend', ATHENA_LIKE],
  },
} as const satisfies Record<string, Setting>;

/** What every program does before it hits its limit. */
export const BEFORE = `console.log('said before');
await session.set('before', 'kept');
await athena.memory.recall({ query: 'anything', k: 1 });
await athena.memory.remember({ content: 'written before the end', memory_type: 'fact' });
`;
export const CALLS_BEFORE = 2;
const LINE_BEFORE = 'said before';

/** A limit, what hits it, and what must be told of that. */
export interface Row {
  readonly limit: LimitName;
  readonly what: string;
  readonly setting: keyof typeof SETTINGS;
  /** Where the limit is told: as the error, or with a warning beside a value or another error. */
  readonly code: ErrorCode;
  /** Of the request, where it has less than the setting. */
  readonly value?: number;
  readonly timeoutMs?: number;
  /**
   * `never`: it does not start, and is sent without what goes before. `killed`: nothing in it can catch this.
   * `thrown`: it can. `returned`: it runs to its end.
   */
  readonly when: 'never' | 'killed' | 'thrown' | 'returned';
  /** The program, after what goes before. */
  readonly program?: string;
  /** Instead of a program: one that uses exactly `size` of what is limited. */
  readonly exactly?: (size: number) => string;
  /** How many calls it makes itself, and how many of them write; 0 when left out. */
  readonly calls?: number;
  readonly wrote?: number;
  /** Calls that no answer came to. */
  readonly unanswered?: number;
  /** How often it is sent at once, each time in a session of its own; once when left out. */
  readonly times?: number;
  /** What else the message must say. */
  readonly says?: RegExp;
  /** What stopped it, where the limit is told with a warning beside that. */
  readonly beside?: ErrorCode;
}

const ENDLESS: readonly (readonly [what: string, program: string])[] = [
  ['a loop', 'while (true) {}'],
  ['a promise that never resolves', 'await new Promise(() => {});'],
  ['a sleep that is too long', 'await sleep(60_000);'],
];

const PATIENT = { timeoutMs: 30_000 } as const;
const nested = (depth: number): string => `JSON.parse('['.repeat(${depth}) + ']'.repeat(${depth}))`;
/** JSON of so many bytes, made while the program runs. */
const text = (bytes: number): string => `'x'.repeat(${bytes - 2})`;
const parameters = (bytes: number): string => {
  const around = JSON.stringify({ content: '', memory_type: 'fact' }).length;
  return `{ content: 'x'.repeat(${bytes - around}), memory_type: 'fact' }`;
};

export const ROWS: readonly Row[] = [
  ...ENDLESS.map(
    ([what, program]): Row => ({
      limit: 'runMs',
      what,
      setting: 'oneWorker',
      code: 'TIMEOUT',
      when: 'killed',
      program,
    }),
  ),
  {
    limit: 'runMs',
    what: 'a loop under the time of its request',
    setting: 'small',
    code: 'TIMEOUT',
    value: 1_500,
    timeoutMs: 1_500,
    when: 'killed',
    program: 'for (;;);',
  },
  {
    limit: 'runMs',
    what: 'a call without an answer',
    setting: 'hangingBackend',
    code: 'TIMEOUT',
    value: 2_000,
    timeoutMs: 2_000,
    when: 'killed',
    program: `void athena.memory.recall({ query: 'hang' });
await sleep(1);
for (;;);`,
    calls: 1,
    unanswered: 1,
  },
  {
    limit: 'codeBytes',
    what: 'code that is too long',
    setting: 'small',
    code: 'CODE_TOO_LARGE',
    when: 'never',
    exactly: (size) => `return 1;${' '.repeat(size - 9)}`,
  },
  {
    limit: 'stringLiteralBytes',
    what: 'a string that is too long',
    setting: 'small',
    code: 'STRING_TOO_LONG',
    when: 'never',
    exactly: (size) => `return '${'é'.repeat((size - 2) >> 1)}${'x'.repeat(size % 2)}';`,
  },
  {
    limit: 'nesting',
    what: 'code that is nested too deep',
    setting: 'small',
    code: 'NESTING_TOO_DEEP',
    when: 'never',
    exactly: (size) => `return ${'('.repeat(size)}1${')'.repeat(size)};`,
  },
  {
    limit: 'heapMb',
    what: 'objects without end',
    setting: 'small',
    code: 'MEMORY_LIMIT',
    when: 'killed',
    program: 'const all = []; for (;;) all.push({ all });',
    ...PATIENT,
  },
  {
    limit: 'heapMb',
    what: 'strings without end',
    setting: 'small',
    code: 'MEMORY_LIMIT',
    when: 'killed',
    program: "const all = []; for (;;) all.push('x'.repeat(1e6).toUpperCase());",
    ...PATIENT,
  },
  {
    limit: 'externalMb',
    what: 'memory of the engine outside the heap',
    setting: 'small',
    code: 'MEMORY_LIMIT',
    when: 'killed',
    program: "return JSON.parse('['.repeat(2e7) + ']'.repeat(2e7));",
    ...PATIENT,
  },
  {
    limit: 'externalMb',
    what: 'a typed array that is too large',
    setting: 'small',
    code: 'MEMORY_LIMIT',
    when: 'thrown',
    program: 'return new Uint8Array(1e9).fill(1).length;',
    ...PATIENT,
  },
  {
    limit: 'calls',
    what: 'one call too many',
    setting: 'small',
    code: 'CALL_LIMIT',
    when: 'thrown',
    exactly: (size) =>
      `for (let i = ${CALLS_BEFORE}; i < ${size}; i++) await athena.memory.recall({ query: 'x', k: 1 });`,
    calls: 10,
  },
  {
    limit: 'calls',
    what: 'one wait at once too many',
    setting: 'small',
    code: 'CALL_LIMIT',
    when: 'thrown',
    exactly: (size) => `await Promise.all(Array.from({ length: ${size} }, () => sleep(100)));`,
  },
  {
    limit: 'callMs',
    what: 'a call that takes too long',
    setting: 'hangingBackend',
    code: 'CALL_TIMEOUT',
    when: 'thrown',
    program: "await athena.memory.recall({ query: 'hang' });",
    calls: 1,
  },
  {
    limit: 'callRequestBytes',
    what: 'parameters that are too large',
    setting: 'small',
    code: 'CALL_TOO_LARGE',
    when: 'thrown',
    exactly: (size) => `await athena.memory.remember(${parameters(size)});`,
  },
  {
    limit: 'callResultBytes',
    what: 'a result of a call that is too large',
    setting: 'small',
    code: 'CALL_RESULT_TOO_LARGE',
    when: 'thrown',
    program: `for (const letter of 'abcdef') await athena.memory.remember({ content: letter.repeat(1000), memory_type: 'fact' });
await athena.memory.listMemories({});`,
    calls: 7,
    wrote: 6,
  },
  {
    limit: 'resultBytes',
    what: 'a result that is too large',
    setting: 'small',
    code: 'RESULT_TOO_LARGE',
    when: 'returned',
    exactly: (size) => `return ${text(size)};`,
  },
  {
    limit: 'jsonDepth',
    what: 'a result that is nested too deep',
    setting: 'small',
    code: 'RESULT_TOO_LARGE',
    when: 'returned',
    exactly: (size) => `return ${nested(size)};`,
  },
  {
    limit: 'jsonDepth',
    what: 'a result that is nested 50,000 deep',
    setting: 'small',
    code: 'RESULT_TOO_LARGE',
    when: 'returned',
    program: `return ${nested(50_000)};`,
  },
  {
    limit: 'jsonDepth',
    what: 'a session variable that is nested too deep',
    setting: 'small',
    code: 'INVALID_PARAMETERS',
    when: 'thrown',
    exactly: (size) => `await session.set('deep', ${nested(size)});`,
  },
  {
    limit: 'jsonDepth',
    what: 'parameters that are nested too deep',
    setting: 'small',
    code: 'INVALID_PARAMETERS',
    when: 'thrown',
    // The object around it is a level too. What is not too deep is refused for its type, and names no limit.
    program: `await athena.memory.recall({ query: ${nested(8)} });`,
  },
  {
    limit: 'jsonDepth',
    what: 'parameters that are nested 50,000 deep',
    setting: 'roomy',
    code: 'INVALID_PARAMETERS',
    when: 'thrown',
    program: `await athena.memory.recall({ query: ${nested(50_000)} });`,
  },
  {
    limit: 'logLines',
    what: 'a line of log too many',
    setting: 'small',
    code: 'LOGS_CUT',
    when: 'returned',
    exactly: (size) => `for (let i = 1; i < ${size}; i++) console.log('line', i);`,
  },
  {
    limit: 'logBytes',
    what: 'a byte of log too many',
    setting: 'small',
    code: 'LOGS_CUT',
    when: 'returned',
    exactly: (size) =>
      `console.log('é'.repeat(100)); console.log('x'.repeat(${size - 200 - LINE_BEFORE.length}));`,
  },
  {
    limit: 'logLines',
    what: 'lines of log without end',
    setting: 'small',
    code: 'LOGS_CUT',
    when: 'killed',
    beside: 'TIMEOUT',
    program: "for (;;) console.log('');",
  },
  {
    limit: 'replyCharacters',
    what: 'a value that is too large for its reply',
    setting: 'small',
    code: 'RESULT_CUT',
    when: 'returned',
    program: `return ${text(3_000)};`,
  },
  {
    limit: 'variableBytes',
    what: 'a session variable that is too large',
    setting: 'small',
    code: 'VARIABLE_TOO_LARGE',
    when: 'thrown',
    exactly: (size) => `await session.set('large', ${text(size)});`,
  },
  {
    limit: 'variables',
    what: 'a session variable too many',
    setting: 'small',
    code: 'VARIABLE_TOO_LARGE',
    when: 'thrown',
    exactly: (size) => `for (let i = 1; i < ${size}; i++) await session.set('number ' + i, i);`,
  },
  {
    limit: 'journalMb',
    what: 'answers that do not fit into the journal',
    setting: 'roomy',
    code: 'JOURNAL_GIVEN_UP',
    when: 'returned',
    program: `const key = 'k'; await session.set(key, 'x'.repeat(400_000));
      for (let i = 0; i < 4; i++) await session.get(key); return 'done';`,
    ...PATIENT,
  },
  {
    limit: 'spoolMb',
    what: 'a whole result that is too large to be kept',
    setting: 'roomy',
    code: 'RESULT_CUT',
    when: 'returned',
    program: 'return Array.from({ length: 150_000 }, () => Math.random());',
    ...PATIENT,
  },
  {
    limit: 'queue',
    what: 'an execution that finds the queue full',
    setting: 'oneWorker',
    code: 'QUEUE_FULL',
    when: 'never',
    program: 'await sleep(1_000);',
    times: 3,
    says: /Try again in a few seconds\./,
  },
  {
    limit: 'executionsPerMinute',
    what: 'an execution too many in a minute',
    setting: 'slowRate',
    code: 'RATE_LIMITED',
    when: 'never',
    program: 'return 1;',
    times: 4,
    says: /Try again in ([1-9]|[1-5]\d|60) s\./,
  },
];

/** Limits that no program of an agent hits here: why, and where they are proved. */
export const NOT_HIT: Partial<Record<LimitName, { readonly because: string; readonly provedIn: string }>> = {
  openFiles: {
    because: 'a program has nothing to open; code that has broken out of SES meets it',
    provedIn: 'test/limits/process-limits.test.ts',
  },
  approvalMinutes: {
    because: 'it is a person’s time, a minute at least: the test gives them a part of one',
    provedIn: 'test/bridge/create-approve.test.ts',
  },
  workers: { because: 'who comes later waits: see queue', provedIn: 'test/sandbox/lifecycle.test.ts' },
  workerRuns: { because: 'a worker is replaced between runs', provedIn: 'test/sandbox/lifecycle.test.ts' },
  workerIdleMs: { because: 'an idle worker is ended', provedIn: 'test/sandbox/lifecycle.test.ts' },
  sessions: {
    because: 'the session unused for longest goes',
    provedIn: 'test/session/session-store.test.ts',
  },
  sessionHours: { because: 'an unused session goes', provedIn: 'test/session/session-store.test.ts' },
  skills: {
    because: 'the skill beyond it is not saved, and the reply says so',
    provedIn: 'test/session/skill-store.test.ts',
  },
  tokens: {
    because: 'what is new is removed from replies like a secret',
    provedIn: 'test/session/session-tokens.test.ts',
  },
  history: { because: 'the oldest execution goes', provedIn: 'test/session/session-store.test.ts' },
};
