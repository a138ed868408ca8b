import type { Effect } from './contract/catalogue.ts';
import type { ErrorCode } from './contract/error-codes.ts';
import type { JsonValue } from './contract/json.ts';
import type { CallTally, Failure, Outcome, SavedSkill, Warning } from './contract/outcome.ts';
import type { JudgedEffect } from './contract/policy.ts';
import type { Diagnostic, ProgramEffect } from './contract/program.ts';
import type { NotKept } from './contract/session.ts';
import { type Cut, cutValue, describeCut } from './filter/cut-value.ts';
import { type CutSummary, summarizeCuts } from './filter/summarize-cuts.ts';
import { tabulate } from './filter/tabulate.ts';

/** What the agent is told of an execution. */
export interface Reply {
  readonly ok: boolean;
  /** What the program returned. Only when `ok`, and not after a dry run. */
  readonly value?: JsonValue;
  /** Where the whole value can be read when `value` was cut. */
  readonly whole?: string;
  /** What was left out, place by place: how much there is, its keys, and its first rows. */
  readonly cut?: readonly CutSummary[];
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
  /** The skill that was saved; in its own or another run, programs call it as `skills.<name>`. */
  readonly savedSkill?: SavedSkill;
  readonly session: string;
  readonly execution: string;
}

/** What stands beside the value or the error. */
type Beside = Pick<Reply, 'cut' | 'moreErrors' | 'logs' | 'effects' | 'policy' | 'warnings'>;

/** The share of a reply that the value has for itself: what stands beside it is cut first. */
const VALUE_SHARE = 0.6;
/** The same for the error, which can have no more. */
const ERROR_SHARE = 0.6;
/** The keys and commas of `value`, `whole` and what else there is. */
const KEYS = 100;
/** The share of a value that a row of a table may have. */
const ROW_SHARE = 1 / 8;
/** The warnings that a value was tabulated and cut, and the summary of what was cut, at their longest. */
const CUT_TOLD = 3_700;
/** The summary alone. */
const SUMMARY_CHARACTERS = 1_500;
const REMARK_CHARACTERS = 800;
const MOST_PARTS_NAMED = 5;
const NEVER_STARTED = 'the program never started';
/** What it had called before it was cut off may have written. */
const NOT_RESUMED = 'nothing more of the program ran';
/** The program had returned when its value turned out unfit. */
const RAN_TO_ITS_END: ReadonlySet<ErrorCode> = new Set(['RESULT_TOO_LARGE', 'RESULT_NOT_JSON']);

/**
 * The reply to an outcome, within its budget. The value is cut along its structure, the log after whole
 * lines; both say so.
 * @param budget limit replyCharacters: characters of the reply as JSON
 */
export function composeReply(outcome: Outcome, budget: number): Reply {
  const { failures, ran } = describeOutcome(outcome);
  const [first, ...moreErrors] = failures;
  const { session, execution } = outcome;
  const savedSkill = outcome.kind === 'finished' ? outcome.savedSkill : undefined;
  const frame = { ...(savedSkill && { savedSkill }), metrics: roundMetrics(outcome), session, execution };
  const room = budget - JSON.stringify(frame).length - KEYS;
  const compose = (warnings: Outcome['warnings'], cut: readonly CutSummary[] = []): Beside => ({
    ...list('cut', cut),
    ...list('moreErrors', moreErrors),
    ...list(
      'logs',
      outcome.logs.map(({ level, text }) => `${level}: ${text}`),
    ),
    effects: groupEffects(outcome.effects),
    ...list('policy', outcome.judged ?? []),
    ...list('warnings', warnings),
  });
  const beside = compose(outcome.warnings);
  if (first !== undefined) {
    const error = fit({ ...first, ran }, room * ERROR_SHARE);
    return { ok: false, error, ...fit(beside, room - sizeOf(error)), ...frame };
  }
  if (outcome.kind !== 'finished') return { ok: true, ...fit(beside, room), ...frame };
  const { value, kept } = outcome;
  const size = sizeOf(value);
  if (size <= Math.max(room * VALUE_SHARE, room - sizeOf(beside)))
    return { ok: true, ...fit(beside, room - size), ...frame, value };
  const whole = kept === true ? `athena://results/${execution}` : undefined;
  const valueRoom = Math.max(room * VALUE_SHARE, room - sizeOf(beside) - CUT_TOLD);
  const { value: table, tables } = tabulate(value, valueRoom * ROW_SHARE);
  const cut = cutValue(table, valueRoom);
  const warned = compose(
    [
      ...(cut.cuts.length === 0 ? [] : [warnCut(cut.cuts, tables, kept, whole, budget)]),
      ...(tables.length === 0 ? [] : [warnTabulated(tables, whole)]),
      ...outcome.warnings,
    ],
    fit(summarizeCuts(cut.cuts, value, table, tables), SUMMARY_CHARACTERS),
  );
  return {
    ok: true,
    ...fit(warned, room - sizeOf(cut.value)),
    ...frame,
    value: cut.value,
    ...(whole && { whole }),
  };
}

function describeOutcome(outcome: Outcome): { readonly failures: readonly Failure[]; readonly ran: string } {
  switch (outcome.kind) {
    case 'refused':
      return { failures: outcome.failures, ran: outcome.isResumed ? NOT_RESUMED : NEVER_STARTED };
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

/** A list under its name; nothing at all when it is empty. */
function list<Name extends string, Item>(
  name: Name,
  items: readonly Item[],
): { readonly [key in Name]?: readonly Item[] } {
  return items.length === 0 ? {} : ({ [name]: items } as { readonly [key in Name]: readonly Item[] });
}

const sizeOf = (value: unknown): number => JSON.stringify(value).length;

/** The same with its long parts cut, if need be: small ones stay whole. */
function fit<T extends object>(value: T, room: number): T {
  return cutValue(value as unknown as JsonValue, room).value as unknown as T;
}

/** @param tables whose rows are known by the list that they were: that is where the whole has them */
function warnCut(
  cuts: readonly Cut[],
  tables: readonly string[],
  kept: boolean | NotKept,
  whole: string | undefined,
  budget: number,
): Warning {
  const notKept = typeof kept === 'object' ? kept : undefined;
  const where = whole
    ? `The whole is at ${whole}, by JSON pointer and page.`
    : `${notKept ? `${notKept.message} ` : ''}Return less of it.`;
  const named = cuts.slice(0, MOST_PARTS_NAMED).map((cut) => {
    const part = describeCut(cut);
    const table = tables.find((path) => part.startsWith(`${path}/rows: `));
    return table === undefined ? part : part.replace(`${table}/rows`, table === '' ? 'The value' : table);
  });
  const what = `Cut to limit replyCharacters (${budget}): ${named.join('; ')}`;
  const message = `${what.slice(0, REMARK_CHARACTERS)}. ${where}`;
  return { code: 'RESULT_CUT', message, limit: notKept?.limit ?? { name: 'replyCharacters', value: budget } };
}

function warnTabulated(tables: readonly string[], whole: string | undefined): Warning {
  const named = tables.slice(0, MOST_PARTS_NAMED).map((path) => (path === '' ? 'the value' : path));
  const more = tables.length > named.length ? ` and ${tables.length - named.length} more` : '';
  const where = whole ? `; as the program returned it, the value is at ${whole}` : '';
  const what = `Shown as columns and rows, to fit the reply: ${named.join(', ')}`.slice(0, REMARK_CHARACTERS);
  return { code: 'RESULT_TABULATED', message: `${what}${more}${where}.` };
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
