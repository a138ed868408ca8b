import { type Check, openCheck } from '../../runtime/check/check.ts';
import type { Effect, OperationEntry } from '../../runtime/contract/catalogue.ts';
import { DEFAULT_LIMITS, type Limits } from '../../runtime/contract/limits.ts';
import type { CheckResult, Diagnostic, Program } from '../../runtime/contract/program.ts';

const METHODS: Readonly<Record<string, readonly [string, Effect][]>> = {
  memory: [
    ['recall', 'read'],
    ['remember', 'write'],
    ['forget', 'delete'],
    ['listMemories', 'read'],
    ['recordEvent', 'write'],
    ['recallEvents', 'read'],
    ['searchProjects', 'read'],
  ],
  taskManagement: [
    ['createTask', 'write'],
    ['listTasks', 'read'],
    ['updateTaskStatus', 'write'],
    ['getTaskHealth', 'read'],
  ],
  graph: [
    ['createEntity', 'write'],
    ['createRelation', 'write'],
    ['addObservation', 'write'],
    ['searchGraph', 'read'],
  ],
  procedural: [['findProcedures', 'read']],
  consolidation: [['runConsolidation', 'write']],
};

const toSnakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

export const OPERATIONS: readonly OperationEntry[] = Object.entries(METHODS).flatMap(([namespace, methods]) =>
  methods.map(([method, effect]) => ({
    id: `${namespace}.${method}` as const,
    tool: `${toSnakeCase(namespace)}_tools`,
    operation: toSnakeCase(method),
    namespace,
    method,
    layer: 'semantic' as const,
    effect,
    idempotent: effect === 'read',
    timeoutMs: 5_000,
    summary: `Does ${method}`,
  })),
);

/** A small catalogue in the shape of the generated typings. */
export const TYPINGS = `
declare namespace Athena {
  namespace Memory {
    type MemoryType = 'fact' | 'pattern' | 'decision' | 'context';
    type Memory = { id: number; type: MemoryType; content: string; tags: string[]; created_at: string; accessed_at: string | null; usefulness: number; score?: number };
    type Event = { id: number; event_type: string; content: string; outcome: 'success' | 'failure' | null; at: string };
    type RecallParams = { query: string; k?: number; memory_types?: readonly MemoryType[] };
    type RecallResult = { memories: Memory[] };
    type RememberParams = { content: string; memory_type: MemoryType; tags?: readonly string[] };
    type RememberResult = { memory_id: number; is_new: boolean };
    type ForgetParams = { memory_id?: number; query?: string };
    type ForgetResult = { forgotten: Memory };
    type ListMemoriesParams = { limit?: number; sort_by?: 'useful' | 'recent' | 'most_used' };
    type ListMemoriesResult = { memories: Memory[]; total: number };
    type RecordEventParams = { content: string; event_type?: string; outcome?: 'success' | 'failure'; context?: { [key: string]: any }; timestamp?: number };
    type RecordEventResult = { event_id: number; session_id: string; at: string };
    type RecallEventsParams = { query?: string; timeframe?: 'today' | 'yesterday' | 'this_week'; event_type?: string; limit?: number };
    type RecallEventsResult = { events: Event[] };
    type SearchProjectsParams = { query: string; exclude_current?: boolean };
    type SearchProjectsResult = { projects: { project_id: number; name: string; score: number; memories: Memory[] }[] };
  }
  namespace TaskManagement {
    type TaskStatus = 'pending' | 'in_progress' | 'blocked' | 'completed' | 'cancelled';
    type TaskPriority = 'low' | 'medium' | 'high' | 'critical';
    type Task = { id: number; content: string; status: TaskStatus; priority: TaskPriority; progress_percent: number; estimated_minutes: number | null; due_at: string | null; created_at: string };
    type CreateTaskParams = { content: string; active_form?: string; triggers?: readonly string[]; priority?: TaskPriority };
    type ListTasksParams = { status?: TaskStatus; priority?: TaskPriority; limit?: number };
    type ListTasksResult = { tasks: Task[]; total: number };
    type UpdateTaskStatusParams = { task_id: number; notes?: string; status: TaskStatus };
    type UpdateTaskStatusResult = { task: Task; previous_status: TaskStatus };
    type TaskHealth = { task_id: number; health: 'done' | 'healthy' | 'at_risk' | 'critical'; score: number; issues: string[] };
  }
  namespace Graph {
    type Entity = { name: string; entity_type: string; observations: string[]; created_at: string };
    type Relation = { from_entity: string; relation_type: string; to_entity: string };
    type SearchGraphResult = { entities: (Entity & { score: number; distance: number })[]; relations: Relation[]; truncated: boolean };
  }
  namespace Procedural {
    type Procedure = { id: number; name: string; category: string; description: string | null; steps: string[]; success_rate: number | null };
    type FindProceduresResult = { procedures: { procedure: Procedure; score: number }[] };
  }
  interface MemoryNamespace {
    recall(params: Memory.RecallParams): Promise<Memory.RecallResult>;
    remember(params: Memory.RememberParams): Promise<Memory.RememberResult>;
    forget(params: Memory.ForgetParams): Promise<Memory.ForgetResult>;
    listMemories(params?: Memory.ListMemoriesParams): Promise<Memory.ListMemoriesResult>;
    recordEvent(params: Memory.RecordEventParams): Promise<Memory.RecordEventResult>;
    recallEvents(params?: Memory.RecallEventsParams): Promise<Memory.RecallEventsResult>;
    searchProjects(params: Memory.SearchProjectsParams): Promise<Memory.SearchProjectsResult>;
  }
  interface TaskManagementNamespace {
    createTask(params: TaskManagement.CreateTaskParams): Promise<TaskManagement.Task>;
    listTasks(params?: TaskManagement.ListTasksParams): Promise<TaskManagement.ListTasksResult>;
    updateTaskStatus(params: TaskManagement.UpdateTaskStatusParams): Promise<TaskManagement.UpdateTaskStatusResult>;
    getTaskHealth(params: { task_id: number }): Promise<TaskManagement.TaskHealth>;
  }
  interface GraphNamespace {
    createEntity(params: { name: string; entity_type: string; observations?: readonly string[] }): Promise<{ entity: Graph.Entity; created: boolean }>;
    createRelation(params: Graph.Relation): Promise<{ relation: Graph.Relation; created: boolean }>;
    addObservation(params: { entity_name: string; observation: string }): Promise<{ entity: Graph.Entity; added: boolean }>;
    searchGraph(params: { query: string; depth?: number }): Promise<Graph.SearchGraphResult>;
  }
  interface ProceduralNamespace {
    findProcedures(params: { query: string; category?: string; limit?: number }): Promise<Procedural.FindProceduresResult>;
  }
  interface ConsolidationNamespace {
    runConsolidation(params?: { force?: boolean; max_age_minutes?: number }): Promise<{ run_id: number | null; patterns_extracted: number; events_consolidated: number; message: string }>;
  }
}
declare const athena: {
  readonly memory: Athena.MemoryNamespace;
  readonly taskManagement: Athena.TaskManagementNamespace;
  readonly graph: Athena.GraphNamespace;
  readonly procedural: Athena.ProceduralNamespace;
  readonly consolidation: Athena.ConsolidationNamespace;
};
interface AthenaSession {
  get<T = any>(key: string): Promise<T | undefined>;
  set(key: string, value: unknown): Promise<void>;
  delete(key: string): Promise<boolean>;
  keys(): Promise<string[]>;
}
interface AthenaError extends Error {
  readonly name: 'AthenaError';
  readonly code: string;
  readonly operation: string;
  readonly limit?: { readonly name: string; readonly value: number };
}
declare const session: AthenaSession;
declare const console: Readonly<
  Record<'log' | 'info' | 'debug' | 'warn' | 'error' | 'trace', (...values: unknown[]) => void>
>;
declare function sleep(ms: number): Promise<void>;
declare function setTimeout<A extends unknown[]>(callback: (...args: A) => void, ms?: number, ...args: A): number;
declare function clearTimeout(timer: number | undefined): void;
`;

export function openFixture(
  options: { typeChecker?: 'native' | 'javascript'; limits?: Partial<Limits> } = {},
): Promise<Check> {
  const { limits, ...rest } = options;
  return openCheck({
    rootName: 'athena',
    operations: OPERATIONS,
    typings: TYPINGS,
    limits: { ...DEFAULT_LIMITS, ...limits },
    ...rest,
  });
}

/** The program, or a failure that shows why it was refused. */
export function accepted(result: CheckResult): Program {
  if (result.ok) return result.program;
  throw new Error(`refused: ${result.errors.map(describe).join('; ')}`);
}

/** The errors, or a failure: the program should have been refused. */
export function refused(result: CheckResult): readonly Diagnostic[] {
  if (!result.ok) return result.errors;
  throw new Error(`accepted: ${result.program.source.slice(0, 200)}`);
}

export function describe(diagnostic: Diagnostic | undefined): string {
  if (diagnostic === undefined) return 'nothing';
  const { code, line, column, message } = diagnostic;
  return `${code} ${line}:${column} ${message}`;
}

const AsyncFunction: new (...text: string[]) => (...values: unknown[]) => Promise<unknown> =
  Object.getPrototypeOf(async () => {}).constructor;

/** Runs the program's source as the body of an async function, with a fake root, and gives its value. */
export function run(program: Program, athena: unknown = fakeAthena()): Promise<unknown> {
  const session = { get: async () => undefined, set: async () => {}, keys: async () => [] };
  const quiet = new Proxy({}, { get: () => () => {} });
  const main = new AsyncFunction('athena', 'session', 'console', 'sleep', `${program.source}\n`);
  return main(athena, session, quiet, async () => {});
}

/** Every operation answers with its own id and its parameters. */
export function fakeAthena(): unknown {
  return Object.fromEntries(
    Object.entries(METHODS).map(([namespace, methods]) => [
      namespace,
      Object.fromEntries(
        methods.map(([method]) => [
          method,
          async (params: unknown) => ({ id: `${namespace}.${method}`, params }),
        ]),
      ),
    ]),
  );
}
