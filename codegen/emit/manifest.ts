import {
  LAYERS,
  type ManifestTree,
  type OperationDetails,
  type SearchDocument,
} from '../../runtime/contract/catalogue.ts';
import type { JsonObject } from '../../runtime/contract/json.ts';
import type { Namespace, Operation } from '../model.ts';
import { type Properties, reachableTypes, type SchemaObject } from '../schema.ts';

/** A namespace as level 1 shows it, and the layer that it stands in. */
export interface Branch {
  readonly layer: string;
  readonly tool: ManifestTree['layers'][number]['tools'][number];
}

/** Level 1: layers that have tools, their tools, how many operations each has. */
export function manifestTree(branches: readonly Branch[]): ManifestTree {
  const tools = Map.groupBy(branches, ({ layer }) => layer);
  const layers = [...new Set([...LAYERS, ...tools.keys()])].map((layer) => ({
    layer,
    tools: (tools.get(layer) ?? []).map(({ tool }) => tool),
  }));
  return { layers: layers.filter((layer) => layer.tools.length > 0) };
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

/** A row of the search index. */
export function searchDocument({ entry, description, tags, parameters }: Operation): SearchDocument {
  const names = Object.keys(parameters.properties ?? {});
  return { id: entry.id, summary: entry.summary, description, tags, parameters: names };
}

/** A schema that stands by itself: with the named types that it reaches. */
function complete(schema: SchemaObject, types: Properties): JsonObject {
  const reached = reachableTypes([schema], types);
  const whole = reached.size === 0 ? schema : { ...schema, $defs: Object.fromEntries(reached) };
  return whole as JsonObject;
}
