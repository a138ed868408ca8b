import { randomUUID } from 'node:crypto';
import { beginRun, checkResumed, continueRun, type ResumedRun, type RunStages } from './begin-run.ts';
import type { Bridge } from './bridge/bridge.ts';
import type { Grant } from './bridge/decide-grant.ts';
import { findUnapproved } from './bridge/find-unapproved.ts';
import type { AskPerson } from './contract/approval.ts';
import type { CallContext } from './contract/backend.ts';
import type { OperationId } from './contract/catalogue.ts';
import type { ExecuteRequest } from './contract/execute-request.ts';
import type { Outcome } from './contract/outcome.ts';
import type { CheckResult, Program } from './contract/program.ts';
import type { RunEnd, Sandbox } from './contract/sandbox.ts';
import type { Session } from './contract/session.ts';
import { AUDIT_UNAVAILABLE, type ExecutionAudit } from './execution-audit.ts';
import type { FilteredEnd } from './filter/filter-end.ts';
import { openLedger } from './ledger.ts';

/** For whom an execution runs. Comes from the connection, never from data. */
export interface Caller {
  readonly principal: string;
  /** Aborted when the client cancels. */
  readonly signal: AbortSignal;
  /** How the person is reached whom the code runs for; left out where nobody can be. */
  readonly ask?: AskPerson;
  /** Told of the bridge as soon as there is one, so that it can be watched. */
  readonly onStart?: (bridge: Bridge) => void;
}

/** The stages, as the composition root joins them. */
export interface Stages extends RunStages {
  readonly admit: (
    principal: string,
  ) => { readonly ok: true } | { readonly ok: false; readonly retryInMs: number };
  readonly check: (request: ExecuteRequest, principal: string) => Promise<CheckResult>;
  readonly audit: ExecutionAudit;
  readonly decideGrant: (program: Program) => Grant;
  readonly createBridge: (
    grant: Grant,
    context: CallContext,
    session: Session,
    ask: AskPerson | undefined,
  ) => Bridge;
  readonly sandbox: Sandbox;
  readonly filterEnd: (
    end: RunEnd,
    code: string,
    grant: readonly OperationId[],
    session: Session,
  ) => Promise<FilteredEnd>;
  /**
   * The outcome tells what became of the skill.
   * @param checked without the skill where a run goes on, which was not checked again
   */
  readonly saveSkill: (
    request: ExecuteRequest,
    checked: CheckResult,
    outcome: Outcome,
    principal: string,
  ) => Promise<Outcome>;
}

/**
 * The spine: one program from the agent's text to its outcome. Every way to end is an `Outcome`; a rejection
 * is a bug.
 * @param resumed the run that goes on, if one does; `request` then holds its code and session
 */
export async function execute(
  request: ExecuteRequest,
  caller: Caller,
  stages: Stages,
  resumed?: ResumedRun,
): Promise<Outcome> {
  const ledger = openLedger(resumed?.run.execution ?? randomUUID(), request);

  const admitted = stages.admit(caller.principal);
  if (!admitted.ok)
    return ledger.refuse([ledger.rateFailure(stages.limits.executionsPerMinute, admitted.retryInMs)]);

  const checked = resumed ? checkResumed(resumed) : await stages.check(request, caller.principal);
  ledger.checked(checked);
  if (!checked.ok) return ledger.refuse(checked.errors);

  const { program } = checked;
  const grant = stages.decideGrant(program);
  ledger.granted(grant);
  if (grant.denied.length > 0) return ledger.refuse(grant.denied);
  if (request.dryRun === true) return ledger.plan();

  const begun = resumed
    ? await continueRun(resumed, request, grant, stages)
    : await beginRun(ledger, request, caller.principal, program, grant, stages);
  if (!begun.ok) return ledger.refuse(begun.failures);

  const { session, run } = begun;
  if (grant.asked.length > 0 && caller.ask === undefined) {
    const unapproved = findUnapproved(grant, await session.approvals.list());
    if (unapproved.length > 0) return ledger.refuse(unapproved);
  }

  const context = { principal: caller.principal, session: session.id, execution: run.execution };
  if (!(await stages.audit.begin(context, run.code, grant))) return ledger.refuse([AUDIT_UNAVAILABLE]);

  const bridge = stages.createBridge({ ...grant, operations: run.operations }, context, session, caller.ask);
  caller.onStart?.(bridge);

  const end = await stages.sandbox.run({
    tenant: { principal: caller.principal, session: session.id },
    ...run,
    now: run.startedAt,
    past: session.journal.past.frames,
    note: session.journal.note,
    answer: bridge.answer,
    signal: caller.signal,
  });
  ledger.ran(end, begun.warnings, bridge, session.journal);

  const filtered = await stages.filterEnd(end, run.code, run.operations, session);
  const settled = await ledger.settle(filtered, stages.limits, session);
  const outcome = await stages.saveSkill(request, checked, settled, caller.principal);
  session.record(ledger.toRecord(outcome), end);
  return outcome;
}
