import type { Bridge } from './bridge/bridge.ts';
import type { Grant } from './bridge/decide-grant.ts';
import type { ExecuteRequest } from './contract/execute-request.ts';
import type { RunJournal } from './contract/journal.ts';
import type { Limits } from './contract/limits.ts';
import type { CallTally, Failure, Outcome, Timings, Warning } from './contract/outcome.ts';
import type { JudgedEffect } from './contract/policy.ts';
import type { CheckResult, Diagnostic, ProgramEffect } from './contract/program.ts';
import type { LogLine, RunEnd } from './contract/sandbox.ts';
import type { RunRecord, Session } from './contract/session.ts';
import type { FilteredEnd } from './filter/filter-end.ts';

/** Notes what happens to one execution, stage by stage, and makes its outcome of that. */
export interface Ledger {
  readonly execution: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  checked(result: CheckResult): void;
  granted(grant: Grant): void;
  ran(end: RunEnd, beginning: readonly Warning[], bridge: Bridge, journal: RunJournal): void;
  rateFailure(perMinute: number, retryInMs: number): Failure;
  refuse(failures: readonly Failure[]): Outcome;
  plan(): Outcome;
  /** The outcome of a run. A value that a reply may have to cut is kept whole with the session first. */
  settle(filtered: FilteredEnd, limits: Limits, session: Session): Promise<Outcome>;
  toRecord(outcome: Outcome): RunRecord;
}

/** A value has at least this share of a reply, whatever stands beside it: a smaller one is never cut. */
const KEPT_FROM = 1 / 3;

export function openLedger(execution: string, request: ExecuteRequest): Ledger {
  const startedAt = Date.now();
  const start = performance.now();
  const warnings: (Warning | Diagnostic)[] = [];
  let effects: readonly ProgramEffect[] = [];
  let judged: readonly JudgedEffect[] | undefined;
  let logs: readonly LogLine[] = [];
  let calls: CallTally = { made: 0, wrote: 0, unanswered: 0 };
  let started = false;
  let checkMs = 0;
  let waitMs = 0;
  let runMs = 0;

  const timings = (): Timings => {
    const totalMs = performance.now() - start;
    const filterMs = started ? Math.max(0, totalMs - checkMs - waitMs - runMs) : 0;
    return { checkMs, waitMs, runMs, filterMs, totalMs };
  };
  const common = () => ({
    execution,
    session: request.session,
    warnings,
    effects,
    ...(judged !== undefined && { judged }),
    logs,
    calls,
    timings: timings(),
  });

  return {
    execution,
    startedAt,
    checked: (result) => {
      checkMs = performance.now() - start;
      warnings.push(...result.warnings);
      if (!result.ok) return;
      effects = result.program.effects;
    },
    granted: (grant) => {
      warnings.push(...grant.warnings);
      if (request.dryRun === true) judged = grant.judged;
    },
    ran: (end, beginning, bridge, journal) => {
      started = end.started;
      waitMs = end.waitedMs;
      runMs = end.ranMs;
      calls = bridge.tally();
      warnings.push(...beginning, ...bridge.warnings(), ...warnGivenUp(journal));
    },
    rateFailure: (perMinute, retryInMs) => ({
      code: 'RATE_LIMITED',
      message: `There were ${perMinute} executions in the last minute, which is limit executionsPerMinute (${perMinute}). Try again in ${Math.ceil(retryInMs / 1000)} s.`,
      limit: { name: 'executionsPerMinute', value: perMinute },
    }),
    refuse: (failures) => ({ kind: 'refused', failures, ...common() }),
    plan: () => ({ kind: 'planned', ...common() }),
    settle: async (filtered, limits, session) => {
      logs = filtered.logs;
      warnings.push(...filtered.warnings);
      const { result } = filtered;
      if (!result.ok) return { kind: 'failed', failure: result.failure, started, ...common() };
      const json = JSON.stringify(result.value);
      const mayBeCut = json.length > limits.replyCharacters * KEPT_FROM;
      const kept = mayBeCut && (await session.keepResult(execution, json));
      return { kind: 'finished', value: result.value, kept, ...common() };
    },
    toRecord: (outcome) => ({
      outcome: outcome.kind === 'failed' ? outcome.failure.code : outcome.kind,
      callsMade: calls.made,
      callsWrote: calls.wrote,
      totalMs: outcome.timings.totalMs,
      isSkillSaved: outcome.kind === 'finished' && outcome.savedSkill !== undefined,
    }),
  };
}

function warnGivenUp(journal: RunJournal): readonly Warning[] {
  const why = journal.givenUp();
  if (why === undefined) return [];
  const advice = why.limit === undefined ? '' : ' Ask for less in one run if it has to be.';
  const message = `This run can be neither resumed nor replayed: ${why.message}.${advice}`;
  return [{ ...why, code: 'JOURNAL_GIVEN_UP', message }];
}
