import type { Effect } from './contract/catalogue.ts';
import type { JsonValue } from './contract/json.ts';
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

/** Shares of the budget for what stands beside the value. */
const LOG_SHARE = 0.25;
const REMARK_SHARE = 0.15;
const POLICY_SHARE = 0.4;

/**
 * The reply to an outcome, within its budget. The value is cut along its structure, the log after whole
 * lines; both say so.
 * @param budget characters of the reply as JSON
 */
export function composeReply(outcome: Outcome, budget: number): Reply {
  const { failures, ...rest } = describeOutcome(outcome);
  const [error, ...moreErrors] = failures;
  const share = Math.floor(budget * REMARK_SHARE);
  const base = {
    ok: error === undefined,
    ...(error === undefined ? {} : { error: { ...error, ran: rest.ran } }),
    ...list('moreErrors', moreErrors, share),
    ...list(
      'logs',
      outcome.logs.map(({ level, text }) => `${level}: ${text}`),
      Math.floor(budget * LOG_SHARE),
    ),
    effects: groupEffects(outcome.effects),
    ...list('policy', outcome.judged ?? [], Math.floor(budget * POLICY_SHARE)),
    metrics: roundMetrics(outcome),
    session: outcome.session,
    execution: outcome.execution,
  };
  if (outcome.kind !== 'finished') return { ...base, ...list('warnings', outcome.warnings, share) };
  const whole = `athena://results/${outcome.execution}`;
  const withWarnings = { ...base, whole, ...list('warnings', outcome.warnings, share) };
  const cut = cutValue(outcome.value, budget - JSON.stringify(withWarnings).length - CUT_ROOM);
  if (cut.left.length === 0)
    return { ...base, value: cut.value, ...list('warnings', outcome.warnings, share) };
  const warnings = list(
    'warnings',
    [warnCut(cut, outcome.kept ? whole : undefined), ...outcome.warnings],
    share,
  );
  return { ...base, value: cut.value, ...(outcome.kept ? { whole } : {}), ...warnings };
}

/** Room for the warning that says what was cut. */
const CUT_ROOM = 1_200;

function describeOutcome(outcome: Outcome): { readonly failures: readonly Failure[]; readonly ran: string } {
  switch (outcome.kind) {
    case 'refused':
      return { failures: outcome.failures, ran: 'the program never started' };
    case 'failed':
      return { failures: [outcome.failure], ran: describeRun(outcome.started, outcome.calls) };
    case 'planned':
    case 'finished':
      return { failures: [], ran: '' };
    default:
      return outcome satisfies never;
  }
}

function describeRun(started: boolean, { made, wrote }: CallTally): string {
  if (!started) return 'the program never started';
  return `the program stopped after ${made} ${made === 1 ? 'call' : 'calls'}, of which ${wrote} wrote`;
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

function warnCut({ left }: CutValue, whole: string | undefined): Warning {
  const where =
    whole === undefined ? 'Return less of it.' : `The whole is at ${whole}, by JSON pointer and page.`;
  return { code: 'RESULT_CUT', message: `${left.slice(0, 5).join('. ')}. ${where}`.slice(0, 1_000) };
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
