import {
  LAYERS,
  type ManifestTree,
  type OperationDetails,
  type OperationEntry,
  type SearchDocument,
} from '../../runtime/contract/catalogue.ts';
import type { JsonObject } from '../../runtime/contract/json.ts';
import type { Model, Namespace, Operation } from '../model.ts';
import { type Properties, reachableTypes, type SchemaObject } from '../schema.ts';

/** Level 1: layers that have tools, their tools, how many operations each has. */
export function manifestTree(model: Model): ManifestTree {
  const present = model.namespaces.flatMap(({ operations }) => operations[0]?.entry.layer ?? []);
  const layers = [...new Set([...LAYERS, ...present])].map((layer) => ({
    layer,
    tools: model.namespaces
      .filter(({ operations }) => operations[0]?.entry.layer === layer)
      .map(({ name, tool, operations }) => ({ namespace: name, tool, operations: operations.length })),
  }));
  return { layers: layers.filter(({ tools }) => tools.length > 0) };
}

/** Level 2: what is known of every operation without loading its namespace. */
export function operationEntries(model: Model): readonly OperationEntry[] {
  return model.namespaces.flatMap(({ operations }) => operations.map(({ entry }) => entry));
}

/** Level 4: everything about the operations of a namespace, by id. */
export function operationDetails(
  namespace: Namespace,
  sources: Readonly<Record<string, string>>,
): Readonly<Record<string, OperationDetails>> {
  return Object.fromEntries(
    namespace.operations.map((operation) => {
      const { entry, description, tags, examples, related } = operation;
      const details: OperationDetails = {
        description,
        tags,
        parameters: complete(operation.parameters, namespace.types),
        result: complete(operation.result, namespace.types),
        examples,
        related,
        source: sources[entry.id] ?? '',
      };
      return [entry.id, details];
    }),
  );
}

/** The rows of the search index. */
export function searchDocuments(model: Model): readonly SearchDocument[] {
  return model.namespaces.flatMap(({ operations }) => operations.map(searchDocument));
}

function searchDocument({ entry, description, tags, parameters }: Operation): SearchDocument {
  const names = Object.keys(parameters.properties ?? {});
  return { id: entry.id, summary: entry.summary, description, tags, parameters: names };
}

/** A schema that stands by itself: with the named types that it reaches. */
function complete(schema: SchemaObject, types: Properties): JsonObject {
  const reached = reachableTypes([schema], types);
  const whole = reached.size === 0 ? schema : { ...schema, $defs: Object.fromEntries(reached) };
  return whole as JsonObject;
}
