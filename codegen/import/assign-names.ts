import { camelCase, nameFault, RESERVED_METHODS, RESERVED_NAMESPACES } from '../names.ts';
import type { FoundOperation } from './found-operation.ts';
import { ImportRefused } from './import-refused.ts';

/** New names by old ones: of a tool, of an operation as `tool.operation`, of a namespace. */
export type Renames = Readonly<Record<string, string>>;

export interface NamedOperation {
  readonly found: FoundOperation;
  readonly namespace: string;
  readonly method: string;
}

/** Files that an import writes itself: a namespace's file would take their place. */
const OWN_FILES = ['backend', 'imported'];

/**
 * Gives every operation its namespace and method.
 * @throws {ImportRefused} with all names that cannot be, or that two would share
 */
export function assignNames(
  operations: readonly FoundOperation[],
  renames: Renames,
): readonly NamedOperation[] {
  const ofTools = new Set(operations.flatMap(({ group }) => (group.kind === 'tool' ? [group.name] : [])));
  const named = operations.map((found) => {
    const { group } = found;
    // A tool that is called like the collection beside it gets the new name: both would still share one.
    const isCovered = group.kind === 'collection' && ofTools.has(group.name);
    const chosen = isCovered ? undefined : renamed(groupKey(found), renames);
    const namespace = chosen ?? identifier(group.name.replace(/_tools$/, ''));
    const method = renamed(operationKey(found), renames) ?? identifier(found.name);
    return { found, namespace, method };
  });
  const faults = [...namespaceFaults(named), ...methodFaults(named)];
  if (faults.length === 0) return named;
  throw new ImportRefused(
    `Names cannot be made from what the backend calls things:\n${faults.map((fault) => `  ${fault}\n`).join('')}` +
      'Choose names with --rename "<old>=<new>", once for each; they are remembered.',
  );
}

/** The renames that name nothing here. */
export function unknownRenames(operations: readonly FoundOperation[], renames: Renames): readonly string[] {
  const known = new Set(operations.flatMap((found) => [groupKey(found), operationKey(found)]));
  return Object.keys(renames).filter((old) => !known.has(old));
}

/** A backend may call something `constructor`, which every object has. */
function renamed(old: string, renames: Renames): string | undefined {
  return Object.hasOwn(renames, old) ? renames[old] : undefined;
}

function groupKey({ group }: FoundOperation): string {
  return group.name;
}

function operationKey({ tool, operation }: FoundOperation): string {
  return operation === null ? tool : `${tool}.${operation}`;
}

/** In camelCase; `GET_USER` has words although it is written in capitals throughout, and `API-get-user` begins with one. */
function identifier(name: string): string {
  const worded = /\p{Ll}/u.test(name) ? name : name.toLowerCase();
  return camelCase(worded.replace(/^\p{Lu}+(?!\p{Ll})/u, (word) => word.toLowerCase()));
}

function namespaceFaults(named: readonly NamedOperation[]): readonly string[] {
  const groups = new Map(named.map(({ found, namespace }) => [describeGroup(found), namespace]));
  const taken = new Map<string, string>();
  return [...groups].flatMap(([group, namespace]) => {
    const other = taken.get(namespace.toLowerCase());
    taken.set(namespace.toLowerCase(), group);
    const fault = nameFault(namespace, [...RESERVED_NAMESPACES, ...OWN_FILES]);
    if (fault !== undefined) return [`${group} would be the namespace ${quote(namespace)}, not ${fault}`];
    return other === undefined
      ? []
      : [`${other} and ${group} would both be the namespace ${quote(namespace)}`];
  });
}

function describeGroup({ group }: FoundOperation): string {
  return group.kind === 'tool' ? quote(group.name) : `the collection ${quote(group.name)}`;
}

function methodFaults(named: readonly NamedOperation[]): readonly string[] {
  const taken = new Map<string, string>();
  return named.flatMap(({ found, namespace, method }) => {
    const key = operationKey(found);
    const id = `${namespace}.${method}`;
    const other = taken.get(id);
    taken.set(id, key);
    const fault = nameFault(method, RESERVED_METHODS);
    if (fault !== undefined) return [`${quote(key)} would be the method ${quote(method)}, not ${fault}`];
    return other === undefined ? [] : [`${quote(other)} and ${quote(key)} would both be ${quote(id)}`];
  });
}

function quote(name: string): string {
  return JSON.stringify(name);
}
