import { randomBytes, randomUUID } from 'node:crypto';
import type { Bridge } from './bridge/bridge.ts';
import type { Grant } from './bridge/decide-grant.ts';
import { seekApproval } from './bridge/seek-approval.ts';
import type { AskPerson } from './contract/approval.ts';
import type { CallContext } from './contract/backend.ts';
import type { OperationId } from './contract/catalogue.ts';
import type { ExecuteRequest } from './contract/execute-request.ts';
import type { Limits } from './contract/limits.ts';
import type { Outcome } from './contract/outcome.ts';
import type { CheckResult, Program, Skill } from './contract/program.ts';
import type { RunEnd, Sandbox } from './contract/sandbox.ts';
import type { Session, SessionStore } from './contract/session.ts';
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
  /** Told of the bridge as soon as there is one, so that progress can name the calls made. */
  readonly onStart?: (bridge: Bridge) => void;
}

/** The stages, as the composition root joins them. */
export interface Stages {
  readonly limits: Limits;
  readonly admit: (
    principal: string,
  ) => { readonly ok: true } | { readonly ok: false; readonly retryInMs: number };
  readonly check: (request: ExecuteRequest, principal: string) => Promise<CheckResult>;
  readonly sessions: SessionStore;
  readonly audit: ExecutionAudit;
  readonly decideGrant: (program: Program) => Grant;
  readonly createBridge: (grant: readonly OperationId[], context: CallContext, session: Session) => Bridge;
  readonly sandbox: Sandbox;
  readonly filterEnd: (
    end: RunEnd,
    code: string,
    grant: readonly OperationId[],
    session: Session,
  ) => Promise<FilteredEnd>;
  /** The outcome tells what became of the skill. */
  readonly saveSkill: (skill: Skill | undefined, outcome: Outcome, principal: string) => Promise<Outcome>;
}

/**
 * The spine: one program from the agent's text to its outcome. Every way to end is an `Outcome`; a rejection
 * is a bug.
 */
export async function execute(request: ExecuteRequest, caller: Caller, stages: Stages): Promise<Outcome> {
  const execution = randomUUID();
  const seed = randomBytes(16).toString('hex');
  const ledger = openLedger(execution, request, seed);

  const admitted = stages.admit(caller.principal);
  if (!admitted.ok)
    return ledger.refuse([ledger.rateFailure(stages.limits.executionsPerMinute, admitted.retryInMs)]);

  const checked = await stages.check(request, caller.principal);
  ledger.checked(checked);
  if (!checked.ok) return ledger.refuse(checked.errors);

  const grant = stages.decideGrant(checked.program);
  ledger.granted(grant);
  if (grant.denied.length > 0) return ledger.refuse(grant.denied);
  if (request.dryRun === true) return ledger.plan();

  const opened = await stages.sessions.open(caller.principal, request.session);
  if (!opened.ok) return ledger.refuse([{ code: opened.code, message: opened.message }]);

  const { session } = opened;
  const objections = await seekApproval(grant, session.approvals, caller.ask, caller.signal);
  if (objections.length > 0) return ledger.refuse(objections);

  const context = { principal: caller.principal, session: session.id, execution };
  if (!(await stages.audit.begin(context, request.code, grant))) return ledger.refuse([AUDIT_UNAVAILABLE]);

  const bridge = stages.createBridge(grant.operations, context, session);
  caller.onStart?.(bridge);

  const end = await stages.sandbox.run({
    tenant: { principal: caller.principal, session: session.id },
    program: checked.program,
    operations: grant.operations,
    timeoutMs: request.timeoutMs ?? stages.limits.runMs,
    seed,
    now: ledger.startedAt,
    answer: bridge.answer,
    signal: caller.signal,
  });
  ledger.ran(end, bridge);

  const filtered = await stages.filterEnd(end, request.code, grant.operations, session);
  const outcome = await ledger.settle(filtered, stages.limits, session);
  session.record(ledger.toRecord(outcome));
  return await stages.saveSkill(checked.skill, outcome, caller.principal);
}
