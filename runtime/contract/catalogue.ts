import type { JsonObject, JsonValue } from './json.ts';

/** The eight memory layers, in the order in which they are disclosed. */
export const LAYERS = [
  'episodic',
  'semantic',
  'procedural',
  'prospective',
  'graph',
  'meta',
  'consolidation',
  'rag',
] as const;
export type Layer = (typeof LAYERS)[number];

/** What an operation does to the backend's data, weakest first. */
export const EFFECTS = ['read', 'write', 'delete', 'admin'] as const;
export type Effect = (typeof EFFECTS)[number];

/** `namespace.method`, for example `memory.recall`; of a further backend `root.namespace.method`. */
export type OperationId = `${string}.${string}`;

/** That an operation is on its way out. */
export interface Deprecation {
  /** The version of the backend since which it is. */
  readonly since?: string;
  /** What to call instead. */
  readonly use?: OperationId;
  readonly reason?: string;
}

/** What the runtime knows of an operation without loading its adapter. */
export interface OperationEntry {
  readonly id: OperationId;
  /** The backend's tool, as on the wire: `memory_tools`. */
  readonly tool: string;
  /** The tool's `operation` argument; null for a tool that is one operation itself. */
  readonly operation: string | null;
  /** What that argument is called where it is not `operation`. */
  readonly argument?: string;
  /** Of a further backend: what programs write first, which is also where its namespaces and ids begin. */
  readonly root?: string;
  readonly namespace: string;
  readonly method: string;
  /** One of `LAYERS`; for a backend that was imported, which has none, the backend's own name. */
  readonly layer: string;
  readonly effect: Effect;
  /** True when repeating a call with the same parameters changes nothing further. */
  readonly idempotent: boolean;
  /** How long one call may take, in milliseconds. */
  readonly timeoutMs: number;
  /** At most 60 characters: what a reader chooses by. */
  readonly summary: string;
  /** The operation that this one is another name of. */
  readonly aliasOf?: OperationId;
  readonly deprecated?: Deprecation;
}

/** One violation found by a generated validator. The fields are Ajv's. */
export interface Violation {
  /** JSON pointer to the offending value. */
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: JsonObject;
  readonly message?: string;
}

/** A validator compiled ahead of time. After a `false`, `errors` says why. Fills in defaults in place. */
export interface Validator<T> {
  (value: unknown): value is T;
  errors?: readonly Violation[] | null;
}

/** A generated adapter: an operation, its validators, and through `P` and `R` its types. */
export interface OperationAdapter<P = JsonObject, R = JsonValue> extends OperationEntry {
  readonly validateParams: Validator<P>;
  readonly validateResult: Validator<R>;
}

/** Level 1: layers, tools, counts. */
export interface ManifestTree {
  readonly layers: readonly {
    readonly layer: string;
    readonly tools: readonly {
      readonly namespace: string;
      /** On the wire; of tools that are one operation each, the name of the namespace that holds them. */
      readonly tool: string;
      readonly operations: number;
    }[];
  }[];
}

/** Level 4: everything about one operation. */
export interface OperationDetails {
  readonly description: string;
  readonly tags: readonly string[];
  readonly parameters: JsonObject;
  readonly result: JsonObject;
  readonly examples: readonly {
    readonly title: string;
    readonly parameters: JsonObject;
    readonly result?: JsonValue;
  }[];
  readonly related: readonly OperationId[];
  /** The generated adapter's TypeScript source. */
  readonly source: string;
}

/** One row of the search index. */
export interface SearchDocument {
  readonly id: OperationId;
  readonly summary: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly parameters: readonly string[];
}

/** In typings, what comes after this line is the same for every backend: what programs have beside operations. */
export const GLOBALS_HEADING = '// What programs have beside operations.';

/** All operations of one backend, compiled. Written by codegen, loaded piece by piece. */
export interface Catalogue {
  /** The backend's name: `athena`. It is also the root that programs write. */
  readonly name: string;
  /** SHA-256 over the schema files, hex. */
  readonly schemaHash: string;
  readonly generatorVersion: string;
  readonly operations: readonly OperationEntry[];
  readonly tree: ManifestTree;
  /** Typed signatures (level 3) of a namespace, by operation id; undefined for an unknown namespace. */
  signatures(namespace: string): Promise<Readonly<Record<OperationId, string>> | undefined>;
  /** Details (level 4) of a namespace, by operation id; undefined for an unknown namespace. */
  details(namespace: string): Promise<Readonly<Record<OperationId, OperationDetails>> | undefined>;
  searchDocuments(): Promise<readonly SearchDocument[]>;
  /** Adapters of a namespace, by method; undefined for an unknown namespace. */
  adapters(namespace: string): Promise<Readonly<Record<string, OperationAdapter>> | undefined>;
  /** The whole text of the typings that programs are checked against (`athena.d.ts`). */
  typings(): Promise<string>;
}
