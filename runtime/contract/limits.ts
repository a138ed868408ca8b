/** One limit: its default, the range a setting may have, its unit, and what it bounds. */
export interface Limit {
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly unit: 'bytes' | 'characters' | 'ms' | 'minutes' | 'MB' | 'hours' | 'count';
  readonly what: string;
}

const KB = 1024;
const MB = 1024 * 1024;

/** Every limit of the product. Each is a setting: `--limit <name>=<value>`. */
export const LIMITS = {
  codeBytes: {
    value: 100 * KB,
    min: 1 * KB,
    max: 1 * MB,
    unit: 'bytes',
    what: 'the code of a program, in UTF-8',
  },
  stringLiteralBytes: { value: 10 * KB, min: 64, max: 100 * KB, unit: 'bytes', what: 'one string literal' },
  nesting: { value: 256, min: 16, max: 512, unit: 'count', what: 'how deep the syntax is nested' },
  runMs: {
    value: 5_000,
    min: 100,
    max: 30_000,
    unit: 'ms',
    what: 'one run; a request may ask for less or more, up to 30,000',
  },
  heapMb: { value: 100, min: 32, max: 1_024, unit: 'MB', what: 'the JavaScript heap of a worker' },
  externalMb: { value: 64, min: 16, max: 1_024, unit: 'MB', what: 'memory of a worker outside its heap' },
  openFiles: {
    value: 10,
    min: 0,
    max: 64,
    unit: 'count',
    what: 'new file descriptors of a worker, after its start',
  },
  workers: { value: 8, min: 1, max: 64, unit: 'count', what: 'worker processes at once' },
  workerRuns: {
    value: 1_000,
    min: 1,
    max: 100_000,
    unit: 'count',
    what: 'executions before a worker is replaced',
  },
  workerIdleMs: {
    value: 300_000,
    min: 1_000,
    max: 3_600_000,
    unit: 'ms',
    what: 'how long an idle worker is kept',
  },
  queue: { value: 50, min: 0, max: 1_000, unit: 'count', what: 'executions waiting for a worker' },
  callMs: { value: 30_000, min: 100, max: 300_000, unit: 'ms', what: 'one operation call' },
  approvalMinutes: {
    value: 10,
    min: 1,
    max: 1_440,
    unit: 'minutes',
    what: 'how long a person who is asked about a call may think',
  },
  callRequestBytes: {
    value: 1 * MB,
    min: 1 * KB,
    max: 16 * MB,
    unit: 'bytes',
    what: 'the parameters of one call, as JSON',
  },
  callResultBytes: {
    value: 10 * MB,
    min: 1 * KB,
    max: 64 * MB,
    unit: 'bytes',
    what: 'the result of one call, as JSON',
  },
  calls: { value: 1_000, min: 1, max: 100_000, unit: 'count', what: 'operation calls of one run' },
  resultBytes: {
    value: 10 * MB,
    min: 1 * KB,
    max: 64 * MB,
    unit: 'bytes',
    what: 'the value a program returns, as JSON',
  },
  jsonDepth: { value: 50, min: 8, max: 200, unit: 'count', what: 'how deep JSON is nested, in and out' },
  logLines: { value: 1_000, min: 0, max: 100_000, unit: 'count', what: 'log lines of one run' },
  logBytes: { value: 256 * KB, min: 0, max: 16 * MB, unit: 'bytes', what: 'the log of one run' },
  replyCharacters: {
    value: 24_000,
    min: 1_000,
    max: 1_000_000,
    unit: 'characters',
    what: 'a reply to the agent',
  },
  executionsPerMinute: {
    value: 100,
    min: 1,
    max: 1_000_000,
    unit: 'count',
    what: 'executions a minute of one principal',
  },
  sessions: { value: 1_000, min: 1, max: 100_000, unit: 'count', what: 'sessions kept' },
  sessionHours: { value: 24, min: 1, max: 8_760, unit: 'hours', what: 'how long an unused session is kept' },
  history: { value: 100, min: 1, max: 10_000, unit: 'count', what: 'executions remembered for a session' },
  variableBytes: {
    value: 512 * KB,
    min: 1 * KB,
    max: 16 * MB,
    unit: 'bytes',
    what: 'one session variable, as JSON',
  },
  variables: { value: 100, min: 1, max: 10_000, unit: 'count', what: 'variables of one session' },
  tokens: {
    value: 100_000,
    min: 0,
    max: 10_000_000,
    unit: 'count',
    what: 'values kept for a session behind tokens',
  },
  journalMb: {
    value: 20,
    min: 0,
    max: 1_024,
    unit: 'MB',
    what: 'what runs of a session were answered, kept so that they can be resumed and replayed; 0 for nothing',
  },
  skills: { value: 200, min: 0, max: 10_000, unit: 'count', what: 'skills of one project' },
  spoolMb: { value: 10, min: 1, max: 1_024, unit: 'MB', what: 'whole results kept for a session' },
} as const satisfies Record<string, Limit>;

export type LimitName = keyof typeof LIMITS;

/** The limits in force: names and numbers. */
export type Limits = Readonly<Record<LimitName, number>>;

/** A limit that was hit, as the agent is told of it. */
export interface LimitHit {
  readonly name: LimitName;
  /** What was in force: the setting, or less where a request or an operation has less. */
  readonly value: number;
}

/** The limits as they are when nobody sets any. */
export const DEFAULT_LIMITS: Limits = Object.freeze(
  Object.fromEntries(Object.entries(LIMITS).map(([name, limit]) => [name, limit.value])) as Record<
    LimitName,
    number
  >,
);
