import { createHash } from 'node:crypto';
import type { AuditedCall } from './bridge/bridge.ts';
import type { AuditedDecision } from './bridge/create-approve.ts';
import type { Grant } from './bridge/decide-grant.ts';
import type { AuditEntry, AuditTrail } from './contract/audit.ts';
import type { CallContext } from './contract/backend.ts';
import type { ExecuteRequest } from './contract/execute-request.ts';
import type { Outcome, Warning } from './contract/outcome.ts';
import type { Policy } from './contract/policy.ts';

/** What the audit log is told of executions. */
export interface ExecutionAudit {
  /** Before the program starts. False when it cannot be written down: then the program must not start. */
  begin(context: CallContext, code: string, grant: Grant): Promise<boolean>;
  decision(execution: string, decision: AuditedDecision): void;
  call(execution: string, call: AuditedCall): void;
  /** @returns what the agent must be told of it; nothing when it is written down */
  end(principal: string, request: ExecuteRequest, outcome: Outcome): Promise<readonly Warning[]>;
}

/** Session names remembered with what they look like in the log. */
const MOST_NAMES = 1_000;

export const AUDIT_UNAVAILABLE = {
  code: 'AUDIT_UNAVAILABLE',
  message:
    'The audit log cannot be written, so no program is started. The operator finds the cause in the server’s log.',
} as const;

/**
 * @param redact takes credentials out of a text: an agent chooses the names of its sessions
 */
export function createExecutionAudit(
  trail: AuditTrail,
  policy: Policy,
  redact: (text: string) => Promise<string>,
): ExecutionAudit {
  const names = new Map<string, string>();
  const nameSession = async (session: string): Promise<string> => {
    const known = names.get(session) ?? (await redact(session));
    if (names.size >= MOST_NAMES) names.clear();
    names.set(session, known);
    return known;
  };
  return {
    begin: async ({ execution, principal, session }, code, { judged, operations }) => {
      const granted = new Set(operations);
      const verdicts = judged.filter(({ operation }) => granted.has(operation));
      trail.note({
        kind: 'started',
        execution,
        principal,
        session: await nameSession(session),
        code: hashCode(code),
        operations: Object.fromEntries(verdicts.map(({ operation, verdict }) => [operation, verdict])),
      });
      return await trail.flush();
    },
    decision: (execution, { asked, json, decision, ms }) =>
      trail.note({
        kind: 'decision',
        execution,
        operation: asked.operation,
        effect: asked.effect,
        parameters: trail.hashParameters(json),
        decision,
        ms: round(ms),
      }),
    call: (execution, { entry, isGranted, json, outcome, ms }) =>
      trail.note({
        kind: 'call',
        execution,
        operation: entry?.id ?? null,
        effect: entry?.effect ?? null,
        parameters: trail.hashParameters(json),
        verdict: entry !== undefined && isGranted ? policy(entry.id).verdict : 'not granted',
        outcome,
        ms: round(ms),
      }),
    end: async (principal, request, outcome) => {
      trail.note({
        kind: 'ended',
        execution: outcome.execution,
        principal,
        session: await nameSession(request.session),
        code: hashCode(request.code),
        outcome: nameOutcome(outcome),
        calls: outcome.calls.made,
        wrote: outcome.calls.wrote,
        ms: round(outcome.timings.totalMs),
      });
      if (await trail.flush()) return [];
      const message = 'The end of this execution could not be written to the audit log.';
      return [{ code: AUDIT_UNAVAILABLE.code, message }];
    },
  };
}

type Ended = Extract<AuditEntry, { kind: 'ended' }>;

function nameOutcome(outcome: Outcome): Ended['outcome'] {
  switch (outcome.kind) {
    case 'refused':
      return outcome.failures[0]?.code ?? 'INTERNAL_ERROR';
    case 'failed':
      return outcome.failure.code;
    case 'finished':
    case 'planned':
      return outcome.kind;
    default:
      return outcome satisfies never;
  }
}

function hashCode(code: string): string {
  return createHash('sha256').update(code).digest('hex');
}

const round = (ms: number): number => Math.round(ms * 100) / 100;
