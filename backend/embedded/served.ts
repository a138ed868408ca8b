import type { Contract, Tool } from '../../generated/contract.d.ts';

/** The tools that the embedded Athena does not carry out. A tool that is not named here is served. */
export const TOOLS_NOT_SERVED = [
  'agent_optimization_tools',
  'analysis_tools',
  'automation_tools',
  'code_analysis_tools',
  'code_search_tools',
  'conversation_tools',
  'coordination_tools',
  'external_knowledge_tools',
  'financial_tools',
  'graphrag_tools',
  'hook_coordination_tools',
  'hooks_tools',
  'ide_context_tools',
  'integration_tools',
  'ml_integration_tools',
  'orchestration_tools',
  'performance_tools',
  'phase6_planning_tools',
  'planning_tools',
  'resilience_tools',
  'safety_tools',
  'security_tools',
  'skill_optimization_tools',
  'skills_tools',
  'spatial_tools',
] as const satisfies readonly Tool[];

/** The operations of served tools that it does not carry out. */
export const OPERATIONS_NOT_SERVED = {
  monitoring_tools: [
    'get_layer_health',
    'analyze_estimation_accuracy',
    'discover_patterns',
    'analyze_critical_path',
    'detect_bottlenecks',
  ],
} as const satisfies { readonly [T in Tool]?: readonly (keyof Contract[T])[] };

/** `memory_tools/recall`. */
type Key<T extends Tool, O> = `${T}/${O & string}`;

type EveryOf<T extends Tool> = { [Each in T]: Key<Each, keyof Contract[Each]> }[T];

/** What a contract holds that is declared as not served. */
export type DeclaredAway =
  | EveryOf<(typeof TOOLS_NOT_SERVED)[number]>
  | {
      [T in keyof typeof OPERATIONS_NOT_SERVED]: Key<T, (typeof OPERATIONS_NOT_SERVED)[T][number]>;
    }[keyof typeof OPERATIONS_NOT_SERVED];

/** The operations that tables of handlers have. */
type KeysOf<Table> = Table extends object
  ? {
      [T in keyof Table]: Table[T] extends object ? `${T & string}/${keyof Table[T] & string}` : never;
    }[keyof Table]
  : never;

/** What parts of the embedded Athena carry out together. */
export type ServedBy<Part> = Part extends { readonly reads: infer Reads; readonly writes: infer Writes }
  ? KeysOf<Reads> | KeysOf<Writes>
  : never;

/** What nobody carries out and no list above names. */
export type Missing<Part> = Exclude<EveryOf<Tool>, ServedBy<Part> | DeclaredAway>;

/** What is carried out and named above all the same, or is in no contract at all. */
export type Unexpected<Part> = Extract<ServedBy<Part>, DeclaredAway> | Exclude<ServedBy<Part>, EveryOf<Tool>>;

/** Does not compile unless there are none; the error names them. */
export type None<Operations extends never> = Operations;
