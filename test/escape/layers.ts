import { catalogue } from '../../generated/catalogue.ts';
import { type AuditFiles, openAuditLog } from '../../runtime/audit/audit-log.ts';
import { createBridge } from '../../runtime/bridge/bridge.ts';
import { createApprove } from '../../runtime/bridge/create-approve.ts';
import type { Grant } from '../../runtime/bridge/decide-grant.ts';
import { createPolicy } from '../../runtime/bridge/policy.ts';
import { createPrivacy } from '../../runtime/bridge/privacy.ts';
import type { Backend } from '../../runtime/contract/backend.ts';
import type { OperationEntry, OperationId } from '../../runtime/contract/catalogue.ts';
import type { ExecuteRequest } from '../../runtime/contract/execute-request.ts';
import type { Limits } from '../../runtime/contract/limits.ts';
import type { Outcome } from '../../runtime/contract/outcome.ts';
import { markPersonal } from '../../runtime/contract/privacy.ts';
import type { Program } from '../../runtime/contract/program.ts';
import { openEngine } from '../../runtime/engine.ts';
import { type Caller, execute } from '../../runtime/execute.ts';
import { createExecutionAudit } from '../../runtime/execution-audit.ts';
import { cleanValue } from '../../runtime/filter/clean-value.ts';
import { filterText } from '../../runtime/filter/filter.ts';
import { filterEnd } from '../../runtime/filter/filter-end.ts';
import { showParameters } from '../../runtime/filter/show-parameters.ts';
import { bundleGuest } from '../../runtime/sandbox/guest-bundle.ts';
import { type ConfinementChoice, openSandbox, type SandboxEvent } from '../../runtime/sandbox/sandbox.ts';
import { openSessionStore } from '../../runtime/session/session-store.ts';
import type { Configuration } from './scenario.ts';

export interface LayersOptions {
  readonly backend: Backend;
  readonly sessionsFile: string;
  readonly limits: Limits;
  readonly onSandboxEvent: (event: SandboxEvent) => void;
  readonly onBug: (error: unknown) => void;
  /** Layers of the process to leave out too, where SES is. */
  readonly confinement?: ConfinementChoice;
}

/** The way of a program through the layers that are on. */
export interface Layers {
  /** How workers are confined on this machine. */
  readonly confinement: readonly string[];
  /** @param grant what the program may call where no check says it */
  execute(request: ExecuteRequest, caller: Caller, grant: readonly OperationId[]): Promise<Outcome>;
  close(): Promise<void>;
}

type FindEntry = (id: OperationId) => OperationEntry | undefined;

/** What a person is asked about. */
export const ASKED: OperationId = 'episodic.recordEvent';
const POLICY = createPolicy(
  {
    allow: [{ effect: ['read', 'write'] }],
    ask: [{ operation: [ASKED], reason: 'the arena wants to know' }],
    deny: [],
  },
  catalogue.operations,
  () => [],
);

/** Opens the product as it is, or with layers left out. */
export async function openLayers(configuration: Configuration, options: LayersOptions): Promise<Layers> {
  switch (configuration) {
    case 'all':
      return await openEngine({
        ...options,
        auditFiles: auditFilesBeside(options.sessionsFile),
        catalogue,
        policy: POLICY,
      });
    case 'checkOff':
      return await openWithoutCheck(options, {});
    case 'processOnly': {
      const guest = await bundleGuest(new URL('./start-realm-guest.ts', import.meta.url));
      return await openWithoutCheck(options, { ...options.confinement, guest });
    }
    default:
      return configuration satisfies never;
  }
}

/** The engine's own stages, but for a check that lets everything through. */
async function openWithoutCheck(options: LayersOptions, confinement: ConfinementChoice): Promise<Layers> {
  const { backend, limits, sessionsFile, onSandboxEvent, onBug } = options;
  const entries = new Map(catalogue.operations.map((entry) => [entry.id, entry]));
  const find = (id: OperationId) => entries.get(id);
  const [sandbox, sessions, trail] = await Promise.all([
    openSandbox({ roots: [catalogue.name], limits, onEvent: onSandboxEvent, confinement }),
    openSessionStore(sessionsFile, limits, onBug),
    openAuditLog(auditFilesBeside(sessionsFile), onBug),
  ]);
  const privacy = createPrivacy({ hide: [] }, catalogue.name, catalogue.operations, () => []);
  const audit = createExecutionAudit(trail, POLICY, (text) => filterText(text, markPersonal));
  return {
    confinement: sandbox.confinement,
    execute: (request, caller, grant) =>
      execute(request, caller, {
        limits,
        admit: () => ({ ok: true }),
        check: async ({ code }) => ({ ok: true, program: createProgram(code), warnings: [] }),
        saveSkill: async (_request, _checked, outcome) => outcome,
        sessions,
        digestSchemas: async () => ({}),
        audit,
        decideGrant: () => grantAll(grant, find),
        createBridge: (granted, context, { variables, tokens, journal, approvals }, ask) =>
          createBridge({
            catalogue,
            find,
            backend,
            limits,
            grant: granted.operations,
            asked: granted.asked.map(({ operation }) => operation),
            approve: createApprove({
              grant: granted,
              approvals,
              ask,
              minutes: limits.approvalMinutes,
              show: showParameters,
              onDecision: (decision) => audit.decision(context.execution, decision),
            }),
            context,
            variables,
            journal,
            tokens,
            privacy,
            clean: async (value, replace) => (await cleanValue(value, replace)).value,
            onCall: (call) => audit.call(context.execution, call),
            onBug,
          }),
        sandbox,
        filterEnd: (end, code, _, { tokens }) =>
          filterEnd(end, code, limits, (values) => tokens.make(values, [catalogue.name])),
      }),
    close: async () => {
      await sandbox.close();
      await Promise.all([sessions.close(), trail.close()]);
    },
  };
}

function auditFilesBeside(sessionsFile: string): AuditFiles {
  return { log: `${sessionsFile}.audit`, key: `${sessionsFile}.audit-key` };
}

function grantAll(operations: readonly OperationId[], find: FindEntry): Grant {
  const judged = operations.flatMap((operation) => {
    const entry = find(operation);
    return entry === undefined ? [] : [{ operation, effect: entry.effect, ...POLICY(operation) }];
  });
  const asked = judged.filter(({ verdict }) => verdict === 'ask');
  return { operations, asked, denied: [], judged, warnings: [] };
}

function createProgram(source: string): Program {
  return { source, insertions: [], hash: '', effects: [], openNamespaces: [] };
}
