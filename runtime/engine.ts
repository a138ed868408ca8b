import { type AuditFiles, openAuditLog } from './audit/audit-log.ts';
import type { ResumedRun } from './begin-run.ts';
import { createBridge } from './bridge/bridge.ts';
import { createApprove } from './bridge/create-approve.ts';
import { decideGrant } from './bridge/decide-grant.ts';
import { createPrivacy } from './bridge/privacy.ts';
import { openCheck } from './check/check.ts';
import type { Backend } from './contract/backend.ts';
import type { Catalogue, OperationId } from './contract/catalogue.ts';
import type { ConfinementLevel } from './contract/confinement.ts';
import type { ExecuteRequest, ResumeRequest } from './contract/execute-request.ts';
import type { Limits } from './contract/limits.ts';
import type { Outcome } from './contract/outcome.ts';
import type { Policy, Privacy } from './contract/policy.ts';
import { markPersonal, type Replace } from './contract/privacy.ts';
import type { SessionRegister, SessionTokens } from './contract/session.ts';
import { createDisclosure, type Disclosure } from './disclosure/disclosure.ts';
import { type Caller, execute, type Stages } from './execute.ts';
import { createExecutionAudit } from './execution-audit.ts';
import { cleanValue } from './filter/clean-value.ts';
import { filterText } from './filter/filter.ts';
import { filterEnd } from './filter/filter-end.ts';
import { showParameters } from './filter/show-parameters.ts';
import { createInterruptedNotice } from './interrupted-runs.ts';
import { leaveQuestions } from './leave-questions.ts';
import { openLedger } from './ledger.ts';
import { openSandbox, type SandboxEvent } from './sandbox/sandbox.ts';
import { createSchemaDigests } from './schema-digests.ts';
import { createRateLimit } from './session/rate-limit.ts';
import { openSessionStore } from './session/session-store.ts';
import { createSkills, warnUnsaved } from './skills.ts';

export interface EngineOptions {
  readonly catalogue: Catalogue;
  readonly backend: Backend;
  readonly sessionsFile: string;
  /** The project whose skills programs call; left out: `default`. */
  readonly project?: string;
  readonly auditFiles: AuditFiles;
  /** Where compiled code of the type checker may be kept; nowhere when left out. */
  readonly cacheDirectory?: string;
  readonly limits: Limits;
  /** The confinement below which the engine is not opened. */
  readonly requiredLevel?: ConfinementLevel | undefined;
  readonly policy: Policy;
  /** Left out: nothing is hidden from programs, and values go back where they came from. */
  readonly privacy?: Privacy;
  /** Whether personal data leaves as it is, instead of as tokens. */
  readonly personalDataLeaves?: boolean;
  readonly onSandboxEvent: (event: SandboxEvent) => void;
  readonly onBug: (error: unknown) => void;
}

/** Where skills belong when nobody says. */
const DEFAULT_PROJECT = 'default';
/** The origin of a value that no backend gave. */
const NOWHERE = '';

/** Everything behind the two tools, joined. */
export interface Engine {
  readonly disclosure: Disclosure;
  readonly confinement: readonly string[];
  readonly confinementLevel: ConfinementLevel | undefined;
  readonly typeChecker: string;
  execute(request: ExecuteRequest | ResumeRequest, caller: Caller): Promise<Outcome>;
  readResult(principal: string, execution: string): Promise<string | undefined>;
  /** What is stopped from now on was not ended by anybody: it can be resumed in the next server. */
  leave(): void;
  readonly sessions: SessionRegister;
  /** Resolves when nothing is being executed. */
  idle(): Promise<void>;
  /** Lets runs finish, then ends workers and closes files. The backend is its opener's. */
  close(): Promise<void>;
}

/** Joins the stages around a backend. Called by the composition root, and by tests and benches in its place. */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const { catalogue, backend, limits } = options;
  const privacy =
    options.privacy ?? createPrivacy({ hide: [] }, catalogue.name, catalogue.operations, () => []);
  const entries = new Map(catalogue.operations.map((entry) => [entry.id, entry]));
  const find = (id: OperationId) => entries.get(id);
  const serves = (id: OperationId): boolean => {
    const entry = find(id);
    return entry !== undefined && backend.serves(entry);
  };
  const rootName = catalogue.name;
  const [check, sandbox, sessions, trail] = await Promise.all([
    openCheck({
      rootName,
      operations: catalogue.operations,
      typings: await catalogue.typings(),
      limits,
      ...(options.cacheDirectory === undefined ? {} : { cacheDirectory: options.cacheDirectory }),
    }),
    openSandbox({
      roots: rootsOf(catalogue),
      limits,
      onEvent: options.onSandboxEvent,
      ...(options.requiredLevel === undefined ? {} : { requiredLevel: options.requiredLevel }),
    }),
    openSessionStore(options.sessionsFile, limits, options.onBug),
    openAuditLog(options.auditFiles, options.onBug),
  ]);
  const { project = DEFAULT_PROJECT, onBug } = options;
  const { schemaHash } = catalogue;
  const skills = createSkills({ check, store: sessions.skills, project, schemaHash, onBug });
  const rate = createRateLimit(limits.executionsPerMinute);
  const audit = createExecutionAudit(trail, options.policy, (text) => filterText(text, markPersonal));
  const leaving = new AbortController();
  const stages: Stages = {
    limits,
    admit: rate.take,
    check: skills.check,
    saveSkill: skills.save,
    sessions,
    digestSchemas: createSchemaDigests(catalogue, find),
    audit,
    decideGrant: (program) => decideGrant(program, options.policy, serves, find),
    createBridge: (grant, context, { variables, journal, tokens, approvals }, ask) => {
      const approve = createApprove({
        grant,
        approvals,
        ask,
        minutes: limits.approvalMinutes,
        show: showParameters,
        onDecision: (decision) => audit.decision(context.execution, decision),
      });
      return createBridge({
        catalogue,
        find,
        backend,
        limits,
        grant: grant.operations,
        asked: grant.asked.map(({ operation }) => operation),
        approve: async (request, signal) => {
          await journal.begin();
          return await approve(request, signal);
        },
        context,
        variables,
        journal,
        tokens,
        privacy,
        clean: async (value, replace) => (await cleanValue(value, replace)).value,
        onCall: (call) => audit.call(context.execution, call),
        onBug: options.onBug,
      });
    },
    sandbox,
    filterEnd: (end, code, grant, { tokens }) =>
      filterEnd(end, code, limits, options.personalDataLeaves ? undefined : replaceAtEnd(grant, tokens)),
  };
  const roots = new Set(catalogue.operations.map(({ id }) => privacy.rootOf(id)));
  /** What a program returns may come from any backend that it could call: it could have passed the value on itself. */
  const replaceAtEnd =
    (grant: readonly OperationId[], tokens: SessionTokens): Replace =>
    (values) => {
      const origins = roots.size === 1 ? roots : new Set(grant.map(privacy.rootOf));
      return tokens.make(values, origins.size === 0 ? [NOWHERE] : [...origins]);
    };
  const findInterrupted = createInterruptedNotice(sessions);
  const executeAudited = async (
    request: ExecuteRequest,
    caller: Caller,
    resumed?: ResumedRun,
  ): Promise<Outcome> => {
    const interruption = new AbortController();
    const { ask } = caller;
    const interruptible: Caller = {
      ...caller,
      signal: AbortSignal.any([caller.signal, interruption.signal]),
      ...(ask && { ask: leaveQuestions(ask, leaving.signal, interruption) }),
    };
    const outcome = warnUnsaved(request, await execute(request, interruptible, stages, resumed));
    const warnings = [
      ...(await findInterrupted(caller.principal, outcome)),
      ...(await audit.end(caller.principal, request, outcome)),
    ];
    return warnings.length === 0 ? outcome : { ...outcome, warnings: [...outcome.warnings, ...warnings] };
  };
  const resume = async (
    { resume: execution, timeoutMs }: ResumeRequest,
    caller: Caller,
  ): Promise<Outcome> => {
    const resumed = await sessions.resume(caller.principal, execution);
    if (!resumed.ok) {
      const { code, message } = resumed;
      return notResumed(openLedger(execution, { code: '', session: '' }).refuse([{ code, message }]));
    }
    const { session, run } = resumed;
    const request = {
      code: run.code,
      session: session.id,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(run.saveSkill === undefined ? {} : { saveSkill: run.saveSkill }),
    };
    const outcome = await executeAudited(request, caller, resumed);
    if (outcome.kind !== 'refused') return outcome;
    await session.journal.release();
    return notResumed(outcome);
  };
  const running = new Set<Promise<Outcome>>();
  const track = (execution: Promise<Outcome>): Promise<Outcome> => {
    running.add(execution);
    return execution.finally(() => running.delete(execution));
  };
  const leave = (): void => {
    sessions.leave();
    leaving.abort();
  };
  const idle = async (): Promise<void> => void (await Promise.allSettled(running));
  return {
    disclosure: createDisclosure({ catalogue, serves: (entry) => backend.serves(entry), rootName, skills }),
    confinement: sandbox.confinement,
    confinementLevel: sandbox.level,
    typeChecker: check.typeChecker,
    execute: (request, caller) =>
      track('resume' in request ? resume(request, caller) : executeAudited(request, caller)),
    readResult: sessions.readResult.bind(sessions),
    sessions,
    idle,
    leave,
    close: async () => {
      leave();
      // A program that comes meanwhile is still checked, and then told that the server ends.
      await sandbox.close();
      await check.close();
      // What has run is still filtered and kept.
      await idle();
      await Promise.all([sessions.close(), trail.close()]);
    },
  };
}

function notResumed(outcome: Outcome): Outcome {
  return outcome.kind === 'refused' ? { ...outcome, isResumed: true } : outcome;
}

/** The names that programs reach operations by: the backend's own, then those of further ones. */
export function rootsOf({ name, operations }: Catalogue): readonly string[] {
  return [...new Set([name, ...operations.flatMap(({ root }) => root ?? [])])];
}
