import { randomBytes } from 'node:crypto';
import type { Grant } from './bridge/decide-grant.ts';
import type { OperationId } from './contract/catalogue.ts';
import type { ExecuteRequest } from './contract/execute-request.ts';
import type { RunHead, SchemaDigests } from './contract/journal.ts';
import type { Limits } from './contract/limits.ts';
import type { Failure, Warning } from './contract/outcome.ts';
import type { CheckResult, Program } from './contract/program.ts';
import type { Session, SessionStore } from './contract/session.ts';
import { changedSchemas } from './schema-digests.ts';

/** A run that was interrupted and is taken up again. */
export interface ResumedRun {
  readonly session: Session;
  readonly run: RunHead;
}

type BegunRun =
  | (ResumedRun & { readonly ok: true; readonly warnings: readonly Warning[] })
  | { readonly ok: false; readonly failures: readonly Failure[] };

/** What a run is begun with. */
export interface RunStages {
  readonly limits: Limits;
  readonly sessions: SessionStore;
  readonly digestSchemas: (operations: readonly OperationId[]) => Promise<SchemaDigests>;
}

/** Opens the session of a program that passed the check, for its run. */
export async function beginRun(
  { execution, startedAt }: Pick<RunHead, 'execution' | 'startedAt'>,
  { code, session, timeoutMs, saveSkill }: ExecuteRequest,
  principal: string,
  program: Program,
  { operations }: Grant,
  stages: RunStages,
): Promise<BegunRun> {
  const run: RunHead = {
    execution,
    code,
    seed: randomBytes(16).toString('hex'),
    startedAt,
    timeoutMs: timeoutMs ?? stages.limits.runMs,
    program,
    operations,
    schemas: await stages.digestSchemas(operations),
    ...(saveSkill !== undefined && { saveSkill }),
  };
  const opened = await stages.sessions.open(principal, session, run);
  if (opened.ok) return { ok: true, session: opened.session, run, warnings: [] };
  return { ok: false, failures: [{ code: opened.code, message: opened.message }] };
}

/** The check of a run that goes on: the program that passed it is run as it is. */
export function checkResumed({ run }: ResumedRun): CheckResult {
  return { ok: true, program: run.program, warnings: [] };
}

/** Lets a run go on that may call what it could call when it began. */
export async function continueRun(
  resumed: ResumedRun,
  { timeoutMs }: ExecuteRequest,
  grant: Grant,
  stages: RunStages,
): Promise<BegunRun> {
  const { operations, schemas } = resumed.run;
  const granted = new Set(grant.operations);
  const withdrawn = operations.filter((id) => !granted.has(id));
  if (withdrawn.length > 0) {
    const message = `The run cannot be resumed. It may call what is not granted any more: ${withdrawn.join(', ')}.`;
    return { ok: false, failures: [{ code: 'RESUME_REFUSED', message }] };
  }
  const changed = changedSchemas(schemas, await stages.digestSchemas(operations));
  const run = { ...resumed.run, timeoutMs: timeoutMs ?? resumed.run.timeoutMs };
  return { ok: true, session: resumed.session, run, warnings: changed.length === 0 ? [] : [warn(changed)] };
}

function warn(changed: readonly string[]): Warning {
  const message = `The schemas of ${changed.join(', ')} have changed since the run began; it goes on with the program that was checked then.`;
  return { code: 'SCHEMA_CHANGED', message };
}
