import type { Effect } from './contract/catalogue.ts';
import type { ErrorCode } from './contract/error-codes.ts';
import type { JsonValue } from './contract/json.ts';
import type { LimitHit } from './contract/limits.ts';
import type { CallTally, Failure, Outcome, Warning } from './contract/outcome.ts';
import type { JudgedEffect } from './contract/policy.ts';
import type { Diagnostic, ProgramEffect } from './contract/program.ts';
import { type CutValue, cutValue } from './filter/cut-value.ts';

/** What the agent is told of an execution. */
export interface Reply {
  readonly ok: boolean;
  /** What the program returned. Only when `ok`, and not after a dry run. */
  readonly value?: JsonValue;
  /** Where the whole value can be read when `value` was cut. */
  readonly whole?: string;
  readonly error?: Failure & { readonly ran: string };
  /** Further errors that the check found. */
  readonly moreErrors?: readonly Failure[];
  readonly logs?: readonly string[];
  readonly warnings?: readonly (Warning | Diagnostic)[];
  /** The operations that the program can reach, by what they do. */
  readonly effects: Readonly<Partial<Record<Effect, readonly string[]>>>;
  /** What policy says of each of them: after a dry run. */
  readonly policy?: readonly JudgedEffect[];
  readonly metrics: Readonly<
    Record<'checkMs' | 'waitMs' | 'runMs' | 'filterMs' | 'totalMs' | 'calls' | 'wrote', number>
  >;
  readonly session: string;
  readonly execution: string;
}

/** How the characters of a reply are shared out: a log and verdicts never stand in one. The value has what the others leave, which is much where nothing failed. */
const SHARES = {
  error: 0.35,
  moreErrors: 0.1,
  logs: 0.25,
  policy: 0.25,
  effects: 0.1,
  warnings: 0.2,
} as const;
/** `"value":` and a comma. */
const VALUE_KEY = 10;
/** The warning that a value was cut, at its longest. */
const CUT_WARNING = 1_200;
const REMARK_CHARACTERS = 800;
const MOST_PARTS_NAMED = 5;
const NEVER_STARTED = 'the program never started';
/** The program had returned when its value turned out unfit. */
const RAN_TO_ITS_END: ReadonlySet<ErrorCode> = new Set(['RESULT_TOO_LARGE', 'RESULT_NOT_JSON']);

/**
 * The reply to an outcome, within its budget. The value is cut along its structure, the log after whole
 * lines; both say so.
 * @param budget limit replyCharacters: characters of the reply as JSON
 */
export function composeReply(outcome: Outcome, budget: number): Reply {
  const { failures, ran } = describeOutcome(outcome);
  const [error, ...moreErrors] = failures;
  const { session, execution } = outcome;
  const frame = { ok: error === undefined, metrics: roundMetrics(outcome), session, execution };
  const room = budget - JSON.stringify({ ...frame, effects: {} }).length;
  const share = (part: keyof typeof SHARES): number => Math.floor(room * SHARES[part]);
  const lines = outcome.logs.map(({ level, text }) => `${level}: ${text}`);
  const { ok, ...ids } = frame;
  const base = {
    ok,
    ...(error && { error: fit({ ...error, ran }, share('error')) }),
    ...list('moreErrors', moreErrors, share('moreErrors')),
    ...list('logs', lines, share('logs')),
    effects: fit(groupEffects(outcome.effects), share('effects')),
    ...list('policy', outcome.judged ?? [], share('policy')),
    ...ids,
  };
  const warn = (warnings: Outcome['warnings']) => list('warnings', warnings, share('warnings'));
  const plain = { ...base, ...warn(outcome.warnings) };
  if (outcome.kind !== 'finished') return plain;
  const { value, kept } = outcome;
  const valueRoom = budget - JSON.stringify(plain).length - VALUE_KEY;
  if (JSON.stringify(value).length <= valueRoom) return { ...plain, value };
  const whole = kept === true ? `athena://results/${execution}` : undefined;
  const warningRoom = Math.min(share('warnings'), JSON.stringify(outcome.warnings).length + CUT_WARNING);
  const cut = cutValue(value, budget - JSON.stringify({ ...base, whole }).length - warningRoom - VALUE_KEY);
  const warnings = [warnCut(cut, kept, whole, budget), ...outcome.warnings];
  return { ...base, value: cut.value, ...(whole && { whole }), ...list('warnings', warnings, warningRoom) };
}

function describeOutcome(outcome: Outcome): { readonly failures: readonly Failure[]; readonly ran: string } {
  switch (outcome.kind) {
    case 'refused':
      return { failures: outcome.failures, ran: NEVER_STARTED };
    case 'failed': {
      const { failure, started, calls } = outcome;
      return { failures: [failure], ran: started ? describeRun(failure, calls) : NEVER_STARTED };
    }
    case 'planned':
    case 'finished':
      return { failures: [], ran: '' };
    default:
      return outcome satisfies never;
  }
}

function describeRun({ code }: Failure, { made, wrote, unanswered }: CallTally): string {
  const calls = `${made} ${made === 1 ? 'call' : 'calls'}, of which ${wrote} wrote`;
  const were = unanswered === 1 ? '1 was' : `${unanswered} were`;
  const open = unanswered === 0 ? '' : `; ${were} not answered and may or may not take effect`;
  const end = RAN_TO_ITS_END.has(code) ? 'ran to its end: ' : 'stopped after ';
  return `the program ${end}${calls}${open}`;
}

/** A list under its name, as many items as fit; nothing at all when it is empty. */
function list<Name extends string, Item>(
  name: Name,
  items: readonly Item[],
  budget: number,
): { readonly [key in Name]?: readonly Item[] } {
  if (items.length === 0) return {};
  const cut = cutValue(items as readonly JsonValue[], budget).value;
  return { [name]: cut } as { readonly [key in Name]: readonly Item[] };
}

/** The same value with its long parts cut, if need be. */
function fit<T extends object>(value: T, budget: number): T {
  return cutValue(value as unknown as JsonValue, budget).value as unknown as T;
}

function warnCut(
  { left }: CutValue,
  kept: boolean | LimitHit,
  whole: string | undefined,
  budget: number,
): Warning {
  const spool = typeof kept === 'object' ? kept : undefined;
  const where = whole
    ? `The whole is at ${whole}, by JSON pointer and page.`
    : `${spool ? `The whole is larger than limit ${spool.name} (${spool.value}) and was not kept. ` : ''}Return less of it.`;
  const what = `Cut to limit replyCharacters (${budget}): ${left.slice(0, MOST_PARTS_NAMED).join('; ')}`;
  const message = `${what.slice(0, REMARK_CHARACTERS)}. ${where}`;
  return { code: 'RESULT_CUT', message, limit: spool ?? { name: 'replyCharacters', value: budget } };
}

function groupEffects(effects: readonly ProgramEffect[]): Reply['effects'] {
  return Object.fromEntries(
    Object.entries(Object.groupBy(effects, ({ effect }) => effect)).map(([effect, group]) => [
      effect,
      group.map(({ operation }) => operation),
    ]),
  );
}

function roundMetrics({ timings, calls }: Outcome): Reply['metrics'] {
  const round = (ms: number): number => Math.round(ms * 100) / 100;
  return {
    checkMs: round(timings.checkMs),
    waitMs: round(timings.waitMs),
    runMs: round(timings.runMs),
    filterMs: round(timings.filterMs),
    totalMs: round(timings.totalMs),
    calls: calls.made,
    wrote: calls.wrote,
  };
}
