import { createBridge } from './bridge/bridge.ts';
import { decideGrant } from './bridge/decide-grant.ts';
import { openCheck } from './check/check.ts';
import type { Backend } from './contract/backend.ts';
import type { Catalogue, Effect, OperationId } from './contract/catalogue.ts';
import type { ExecuteRequest } from './contract/execute-request.ts';
import type { Limits } from './contract/limits.ts';
import type { Outcome } from './contract/outcome.ts';
import { createDisclosure, type Disclosure } from './disclosure/disclosure.ts';
import { type Caller, execute, type Stages } from './execute.ts';
import { filterEnd } from './filter/filter-end.ts';
import { openSandbox, type SandboxEvent } from './sandbox/sandbox.ts';
import { createRateLimit } from './session/rate-limit.ts';
import { openSessionStore } from './session/session-store.ts';

export interface EngineOptions {
  readonly catalogue: Catalogue;
  readonly backend: Backend;
  readonly sessionsFile: string;
  /** Where compiled code of the type checker may be kept; nowhere when left out. */
  readonly cacheDirectory?: string;
  readonly limits: Limits;
  readonly allowedEffects: ReadonlySet<Effect>;
  readonly onSandboxEvent: (event: SandboxEvent) => void;
  readonly onBug: (error: unknown) => void;
}

/** Everything behind the two tools, joined. */
export interface Engine {
  readonly disclosure: Disclosure;
  readonly confinement: readonly string[];
  readonly typeChecker: string;
  execute(request: ExecuteRequest, caller: Caller): Promise<Outcome>;
  readResult(principal: string, execution: string): Promise<string | undefined>;
  /** Resolves when nothing is being executed. */
  idle(): Promise<void>;
  /** Lets runs finish, then ends workers and closes files. The backend is its opener's. */
  close(): Promise<void>;
}

/** Joins the stages around a backend. Called by the composition root, and by tests and benches in its place. */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const { catalogue, backend, limits } = options;
  const entries = new Map(catalogue.operations.map((entry) => [entry.id, entry]));
  const find = (id: OperationId) => entries.get(id);
  const serves = (id: OperationId): boolean => {
    const entry = find(id);
    return entry !== undefined && backend.serves(entry);
  };
  const rootName = catalogue.name;
  const [check, sandbox, sessions] = await Promise.all([
    openCheck({
      rootName,
      operations: catalogue.operations,
      typings: await catalogue.typings(),
      limits,
      ...(options.cacheDirectory === undefined ? {} : { cacheDirectory: options.cacheDirectory }),
    }),
    openSandbox({ rootName, limits, onEvent: options.onSandboxEvent }),
    openSessionStore(options.sessionsFile, limits, options.onBug),
  ]);
  const rate = createRateLimit(limits.executionsPerMinute, Date.now);
  const policy = { allowedEffects: options.allowedEffects };
  const stages: Stages = {
    limits,
    admit: rate.take,
    check: check.check,
    sessions,
    decideGrant: (program) => decideGrant(program, policy, serves, find),
    createBridge: (grant, context, variables) =>
      createBridge({ catalogue, find, backend, limits, grant, context, variables, onBug: options.onBug }),
    sandbox,
    filterEnd: (end, code) => filterEnd(end, code, limits),
  };
  const running = new Set<Promise<Outcome>>();
  const track = (execution: Promise<Outcome>): Promise<Outcome> => {
    running.add(execution);
    return execution.finally(() => running.delete(execution));
  };
  const idle = async (): Promise<void> => void (await Promise.allSettled(running));
  return {
    disclosure: createDisclosure({ catalogue, serves: (entry) => backend.serves(entry), rootName }),
    confinement: sandbox.confinement,
    typeChecker: check.typeChecker,
    execute: (request, caller) => track(execute(request, caller, stages)),
    readResult: sessions.readResult.bind(sessions),
    idle,
    close: async () => {
      await Promise.all([sandbox.close(), check.close()]);
      // What has run is still filtered and kept.
      await idle();
      await sessions.close();
    },
  };
}
