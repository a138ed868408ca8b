import { distance } from 'fastest-levenshtein';
import type { Catalogue, OperationEntry } from '../contract/catalogue.ts';
import type { Level } from './disclosed.ts';
import { layersOf } from './layers-of.ts';

/** What a path names. */
export type Place =
  | { readonly kind: 'root' }
  | { readonly kind: 'layer'; readonly layer: string; readonly operations: readonly OperationEntry[] }
  | { readonly kind: 'namespace'; readonly namespace: string; readonly operations: readonly OperationEntry[] }
  | { readonly kind: 'operation'; readonly operation: OperationEntry }
  /** Nothing; `near` are up to three paths that look like it. */
  | { readonly kind: 'unknown'; readonly near: readonly string[] };

export interface PathFinder {
  /**
   * A layer and a namespace may share a name: then the layer is meant at level 2 or none, else the namespace, as
   * it is wherever the path begins with the root, as programs write it.
   */
  find(path: string, level?: Level): Place;
  /** The operations whose name this is: `memory.recall`, `memory_tools.recall`, `recall`. */
  operationsNamed(name: string): readonly OperationEntry[];
  /** The operations of the namespace or tool that has this name. */
  operationsOf(name: string): readonly OperationEntry[];
}

/** @param rootName what programs write before the namespace; a path may begin with it */
export function createPathFinder(catalogue: Catalogue, rootName: string): PathFinder {
  const { operations } = catalogue;
  const rooted = new Set(
    operations.flatMap(({ root, namespace }) => (root === undefined ? [] : [fold(namespace)])),
  );
  const layers = layersOf(operations);
  const exact = new Map(operations.map((operation) => [operation.id as string, operation]));
  const namespaces = Map.groupBy(operations, ({ namespace }) => namespace);
  const folded = Map.groupBy(operations, ({ namespace }) => fold(namespace));
  const tools = Map.groupBy(operations, ({ tool }) => tool);
  const methods = Map.groupBy(operations, ({ method }) => fold(method));
  const ids = Map.groupBy(operations, ({ namespace, method }) => `${fold(namespace)}.${fold(method)}`);

  const operationsOf = (name: string): readonly OperationEntry[] =>
    namespaces.get(name) ?? tools.get(name) ?? folded.get(fold(name.replace(/_tools$/, ''))) ?? [];
  const operationsNamed = (name: string): readonly OperationEntry[] => {
    const segments = segmentsOf(name, rootName, rooted);
    const [first = '', second] = segments;
    if (segments.length > 2) return [];
    if (second === undefined) return methods.get(fold(first)) ?? [];
    const sole = exact.get(`${first}.${second}`);
    return sole === undefined
      ? (ids.get(`${fold(first.replace(/_tools$/, ''))}.${fold(second)}`) ?? [])
      : [sole];
  };

  const find = (path: string, level?: Level): Place => {
    const segments = segmentsOf(path, rootName, rooted);
    const [name = ''] = segments;
    const isWritten = path.trim().startsWith(`${rootName}.`);
    const whole = (layer: string): Place => ({
      kind: 'layer',
      layer,
      operations: operations.filter((entry) => entry.layer === layer),
    });
    // An imported backend is its own layer: its name alone is that layer, nothing at all is the root.
    if (segments.length === 0)
      return path.trim() === '' || level === 1 || !layers.includes(rootName)
        ? { kind: 'root' }
        : whole(rootName);
    if (segments.length === 1) {
      const layer = layers.find((candidate) => candidate.toLowerCase() === name.toLowerCase());
      const inside = operationsOf(name);
      const [first] = inside;
      if (layer !== undefined && (first === undefined || ((level ?? 2) <= 2 && !isWritten))) {
        return whole(layer);
      }
      if (first !== undefined) return { kind: 'namespace', namespace: first.namespace, operations: inside };
    }
    const [operation, ...others] = operationsNamed(path);
    if (operation !== undefined && others.length === 0) return { kind: 'operation', operation };
    return { kind: 'unknown', near: nearNames(segments.join('.'), operations) };
  };
  return { find, operationsNamed, operationsOf };
}

/**
 * `athena.memory.recall({...})`, `memory/recall` and `memory.recall` are one path. A namespace of a further
 * backend is one segment with its root: `everything.tools`.
 */
function segmentsOf(path: string, rootName: string, rooted: ReadonlySet<string>): readonly string[] {
  const [first = '', second, ...rest] = path
    .trim()
    .replace(/\(.*$/s, '')
    .split(/[./]/)
    .filter((segment) => segment !== '');
  if (second === undefined) return first === '' || first === rootName ? [] : [first];
  if (rooted.has(fold(`${first}.${second}`))) return [`${first}.${second}`, ...rest];
  return first === rootName ? [second, ...rest] : [first, second, ...rest];
}

/** Case, underscores and dashes do not tell names apart. */
function fold(name: string): string {
  return name.replace(/[^\p{L}\p{N}]/gu, '').toLowerCase();
}

/** A method of the wrong namespace is as near as a slip of one letter. */
function nearNames(path: string, operations: readonly OperationEntry[]): readonly string[] {
  const wanted = fold(path);
  const method = fold(path.slice(path.lastIndexOf('.') + 1));
  const places = new Set<string>(operations.flatMap(({ layer, namespace }) => [layer, namespace]));
  const candidates = [
    ...[...places].map((name) => ({ name, away: distance(wanted, fold(name)) })),
    ...operations.map(({ id, method: own }) => ({
      name: id as string,
      away: Math.min(distance(wanted, fold(id)), 1 + distance(method, fold(own))),
    })),
  ];
  const furthest = Math.max(2, Math.floor(wanted.length / 3));
  return candidates
    .filter(({ away }) => away <= furthest)
    .sort((a, b) => a.away - b.away)
    .slice(0, 3)
    .map(({ name }) => name);
}
