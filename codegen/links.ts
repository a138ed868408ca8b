import { hashText } from './hashes.ts';
import { methodOf, namespaceOf } from './names.ts';
import {
  type OperationSchema,
  type Properties,
  reachableTypes,
  type Schema,
  type SchemaObject,
  type ToolSchema,
} from './schema.ts';

/** What a file has that others may name, and what it names of others. */
export interface FileLinks {
  readonly file: string;
  readonly namespace: string;
  /** The property that the namespace comes from. */
  readonly namedBy: '/tool' | '/namespace';
  /** In the order of the file. */
  readonly operations: readonly OperationLinks[];
}

export interface OperationLinks {
  readonly id: string;
  readonly related: readonly string[];
  readonly aliasOf?: string;
  /** What a deprecated operation names in its place. */
  readonly use?: string;
  /** Equal where schemas are: hashes over them and the named types that they reach. */
  readonly shapes: { readonly parameters: string; readonly result: string };
}

export function linksOf(file: string, tool: ToolSchema): FileLinks {
  const namespace = namespaceOf(tool);
  const shapeOf = createShapes(tool.$defs ?? {});
  return {
    file,
    namespace,
    namedBy: tool.namespace === undefined ? '/tool' : '/namespace',
    operations: tool.operations.map((operation) => operationLinks(namespace, operation, shapeOf)),
  };
}

function operationLinks(
  namespace: string,
  operation: OperationSchema,
  shapeOf: (schema: SchemaObject) => string,
): OperationLinks {
  const { related, aliasOf, deprecated, parameters, result } = operation;
  const use = typeof deprecated === 'object' ? deprecated.use : undefined;
  return {
    id: `${namespace}.${methodOf(operation)}`,
    related,
    ...(aliasOf === undefined ? {} : { aliasOf }),
    ...(use === undefined ? {} : { use }),
    shapes: { parameters: shapeOf(parameters), result: shapeOf(result) },
  };
}

/** Hashes schemas together with the named types that they reach, each of which is written once. */
function createShapes(types: Properties): (schema: SchemaObject) => string {
  const texts = new Map<string, string>();
  const textOf = (name: string, type: Schema): string => {
    const text = texts.get(name) ?? JSON.stringify([name, type], sortMembers);
    texts.set(name, text);
    return text;
  };
  return (schema) => {
    const reached = [...reachableTypes([schema], types)].map(([name, type]) => textOf(name, type));
    return hashText([JSON.stringify(schema, sortMembers), ...reached.sort()].join('\n'));
  };
}

/** For `JSON.stringify`: the order of an object's members means nothing. */
function sortMembers(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
