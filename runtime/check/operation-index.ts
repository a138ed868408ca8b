import { distance } from 'fastest-levenshtein';
import type { OperationEntry, OperationId } from '../contract/catalogue.ts';

/** The catalogue's operations, by namespace and by method. */
export interface OperationIndex {
  readonly rootName: string;
  /** What programs reach namespaces by: `athena`, and the name of each further backend. */
  readonly roots: ReadonlySet<string>;
  readonly namespaces: ReadonlyMap<string, ReadonlyMap<string, OperationEntry>>;
  readonly byMethod: ReadonlyMap<string, readonly OperationEntry[]>;
}

const MOST_SUGGESTIONS = 3;

export function indexOperations(rootName: string, operations: readonly OperationEntry[]): OperationIndex {
  const namespaces = new Map<string, Map<string, OperationEntry>>();
  const byMethod = new Map<string, OperationEntry[]>();
  for (const operation of operations) {
    const methods = namespaces.get(operation.namespace) ?? new Map<string, OperationEntry>();
    namespaces.set(operation.namespace, methods.set(operation.method, operation));
    byMethod.set(operation.method, [...(byMethod.get(operation.method) ?? []), operation]);
  }
  const roots = new Set([rootName, ...operations.flatMap(({ root }) => root ?? [])]);
  return { rootName, roots, namespaces, byMethod };
}

/**
 * What was probably meant by `namespace.method`, or by `namespace` alone: ``did you mean `memory.recall`?``
 * In this order: the same name in another spelling, the same method elsewhere, the nearest spelling.
 */
export function suggestOperation(
  index: OperationIndex,
  namespace: string,
  method: string | undefined,
): string | undefined {
  const near = nearNamespace(index, namespace);
  if (method === undefined) {
    const sameMethod = index.byMethod.get(toCamelCase(namespace));
    return suggestIds(sameMethod === undefined ? (near === undefined ? [] : [near]) : idsOf(sameMethod));
  }
  const camel = toCamelCase(method);
  const methods = [...(near === undefined ? [] : (index.namespaces.get(near)?.keys() ?? []))];
  if (near !== undefined && methods.includes(camel)) return suggestIds([`${near}.${camel}`]);
  const closest = nearest(camel, methods);
  if (closest !== undefined && distance(camel, closest) <= 2) return suggestIds([`${near}.${closest}`]);
  const elsewhere =
    index.byMethod.get(camel) ??
    (near === undefined ? index.byMethod.get(toCamelCase(namespace)) : undefined);
  if (elsewhere !== undefined) return suggestIds(idsOf(elsewhere));
  if (closest !== undefined) return suggestIds([`${near}.${closest}`]);
  const anywhere = nearest(camel, [...index.byMethod.keys()]);
  return suggestIds(anywhere === undefined ? [] : idsOf(index.byMethod.get(anywhere)));
}

function idsOf(operations: readonly OperationEntry[] = []): readonly OperationId[] {
  return operations.map(({ id }) => id);
}

/** The namespace meant by `memory_tools`, `Memory` or `memroy`. */
function nearNamespace(index: OperationIndex, name: string): string | undefined {
  if (index.namespaces.has(name)) return name;
  const camel = toCamelCase(name.replace(/_?tools$/i, ''));
  if (index.namespaces.has(camel)) return camel;
  return nearest(camel, [...index.namespaces.keys()]);
}

/** The candidate with the fewest differing letters, when that is at most a third of them. */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let fewest = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) >= fewest) continue;
    const letters = distance(name.toLowerCase(), candidate.toLowerCase());
    if (letters < fewest) [best, fewest] = [candidate, letters];
  }
  return best;
}

function toCamelCase(name: string): string {
  const joined = name.replace(/[_-]+([a-zA-Z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return joined.slice(0, 1).toLowerCase() + joined.slice(1);
}

/** ``did you mean `a` or `b`?``; undefined for none. */
export function suggestIds(ids: readonly string[]): string | undefined {
  if (ids.length === 0) return undefined;
  const shown = ids.slice(0, MOST_SUGGESTIONS).map((id) => `\`${id}\``);
  return `did you mean ${shown.join(' or ')}?`;
}
