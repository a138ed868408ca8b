import type {
  ApprovalRequest,
  Approve,
  AskPerson,
  Decision,
  PersonAnswer,
  ShownParameters,
} from '../contract/approval.ts';
import type { OperationId } from '../contract/catalogue.ts';
import type { JsonObject } from '../contract/json.ts';
import type { JudgedEffect } from '../contract/policy.ts';
import type { SessionApprovals } from '../contract/session.ts';
import type { Grant } from './decide-grant.ts';

/** One decision as the audit is told of it. */
export interface AuditedDecision {
  readonly asked: JudgedEffect;
  /** The parameters as the program sent them. */
  readonly json: string;
  readonly decision: Decision;
  readonly ms: number;
}

export interface ApproveOptions {
  readonly grant: Grant;
  /** What a person has agreed to for the session. */
  readonly approvals: SessionApprovals;
  /** How the person is reached; undefined where nobody can be. */
  readonly ask: AskPerson | undefined;
  /** Limit approvalMinutes. */
  readonly minutes: number;
  readonly show: (params: JsonObject) => Promise<ShownParameters>;
  /** Told of every call that was put to a person, or would have been. */
  readonly onDecision: (decision: AuditedDecision) => void;
}

/** How often a run may be refused: one that asks until somebody gives in is not asked for any more. */
const MOST_REFUSALS = 10;
const MS_PER_MINUTE = 60_000;

/**
 * Makes what decides over the calls of one execution that policy marks `ask`. The person is asked about one call at a
 * time; what is allowed for the session meanwhile is not asked again.
 */
export function createApprove(options: ApproveOptions): Approve {
  const { grant, approvals, onDecision } = options;
  const agreed = new Set<OperationId>();
  let turn: Promise<unknown> = Promise.resolve();
  let refusals = 0;
  let isAway = false;

  const isAgreed = async (operation: OperationId): Promise<boolean> => {
    if (!agreed.has(operation) && (await approvals.list()).has(operation)) agreed.add(operation);
    return agreed.has(operation);
  };

  const askInTurn = async (request: ApprovalRequest, signal: AbortSignal): Promise<Decision> => {
    const { operation, params, sent } = request;
    if (await isAgreed(operation)) return 'allowed-for-session';
    if (signal.aborted) return 'undecided';
    const asked = grant.asked.find((effect) => effect.operation === operation);
    if (asked === undefined) throw new Error(`${operation} is not among what is asked`);
    const since = performance.now();
    const decision =
      isAway || refusals >= MOST_REFUSALS ? 'not-asked' : await askOne(asked, params, options, signal);
    if (decision === 'late') isAway = true;
    else if (decision !== 'allowed-once' && decision !== 'allowed-for-session') refusals += 1;
    if (decision === 'allowed-for-session') {
      agreed.add(operation);
      await approvals.add([operation]);
    }
    onDecision({ asked, json: sent, decision, ms: performance.now() - since });
    return decision;
  };

  return async (request, signal) => {
    if (await isAgreed(request.operation)) return 'allowed-for-session';
    const decision = turn.then(() => askInTurn(request, signal));
    turn = decision.catch(() => undefined);
    return await decision;
  };
}

async function askOne(
  asked: JudgedEffect,
  params: JsonObject,
  { grant, ask, minutes, show }: ApproveOptions,
  signal: AbortSignal,
): Promise<PersonAnswer | 'late'> {
  if (ask === undefined) return 'undecided';
  const granted = new Set(grant.operations);
  const others = grant.judged.filter(
    ({ operation }) => operation !== asked.operation && granted.has(operation),
  );
  const deadline = AbortSignal.timeout(minutes * MS_PER_MINUTE);
  const question = { asked, parameters: await show(params), others };
  const answer = await ask(question, AbortSignal.any([signal, deadline]));
  return answer === 'undecided' && deadline.aborted && !signal.aborted ? 'late' : answer;
}
