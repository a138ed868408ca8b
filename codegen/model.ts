import type { OperationEntry, OperationId } from '../runtime/contract/catalogue.ts';
import type { BackendKind } from './backend-kind.ts';
import type { CompiledTool } from './compile-tool.ts';
import { methodOf, namespaceOf, pascal, typeNamesOf } from './names.ts';
import type { Example, OperationSchema, Properties, SchemaObject, ToolSchema } from './schema.ts';

/** One operation with its names made. */
export interface Operation {
  readonly entry: OperationEntry;
  /** The names of its types within the namespace: `RecallParams`, `RecallResult`. */
  readonly typeNames: { readonly params: string; readonly result: string };
  readonly description: string;
  readonly tags: readonly string[];
  readonly parameters: SchemaObject;
  /** Whether it can be called without parameters. */
  readonly takesNothing: boolean;
  readonly result: SchemaObject;
  readonly examples: readonly Example[];
  readonly related: readonly OperationId[];
}

/** One tool. */
export interface Namespace {
  /** `taskManagement`. */
  readonly name: string;
  /** `TaskManagement`. */
  readonly typeName: string;
  /** On the wire; of a collection, the namespace's own name. */
  readonly tool: string;
  readonly description: string;
  /** The shared types of the tool, by name. */
  readonly types: Properties;
  /** CommonJS code of the validators, with calls of `require`. */
  readonly validators: { readonly params: string; readonly result: string };
  /** In the order of the file. At least one. */
  readonly operations: readonly Operation[];
}

/** What the output is compiled for. */
export interface Target extends BackendKind {
  /** How a module in the output folder itself imports the runtime. */
  readonly runtime: string;
  /** How the operations of an OpenAPI document are called over HTTP, as the import noted it: by tool. */
  readonly routes?: object;
}

/** One tool as all emitters read it, from one that has been checked and compiled. Frozen through and through. */
export function createNamespace(compiled: CompiledTool): Namespace {
  return deepFreeze(toNamespace(compiled));
}

function toNamespace({ tool, takingNothing, validators }: CompiledTool): Namespace {
  const name = namespaceOf(tool);
  return {
    name,
    typeName: pascal(name),
    tool: tool.tool ?? name,
    description: tool.description,
    types: tool.$defs ?? {},
    validators,
    operations: tool.operations.map((schema) => {
      const entry = toEntry(tool, name, schema);
      const { description, tags, parameters, result, examples } = schema;
      return {
        entry,
        typeNames: typeNamesOf(entry.method),
        description,
        tags,
        parameters,
        takesNothing: takingNothing.has(entry.method),
        result,
        examples,
        related: schema.related.map(toId),
      };
    }),
  };
}

function toEntry(file: ToolSchema, namespace: string, schema: OperationSchema): OperationEntry {
  const method = methodOf(schema);
  const { operation, layer, effect, idempotent, timeoutMs, summary, aliasOf, deprecated } = schema;
  return {
    id: `${namespace}.${method}`,
    tool: schema.tool ?? file.tool ?? namespace,
    operation,
    ...(file.argument === undefined ? {} : { argument: file.argument }),
    namespace,
    method,
    layer,
    effect,
    idempotent,
    timeoutMs,
    summary,
    ...(aliasOf === undefined ? {} : { aliasOf: toId(aliasOf) }),
    ...(deprecated === undefined || deprecated === false
      ? {}
      : { deprecated: deprecated === true ? {} : deprecated }),
  };
}

function toId(text: string): OperationId {
  const [namespace = '', method = ''] = text.split('.');
  return `${namespace}.${method}`;
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const inner of Object.values(value)) deepFreeze(inner);
  return value;
}
