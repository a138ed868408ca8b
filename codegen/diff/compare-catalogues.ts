import { isDeepStrictEqual } from 'node:util';
import { methodOf, namespaceOf } from '../names.ts';
import type { OperationSchema, ToolSchema } from '../schema.ts';
import { type Change, createTeller } from './change.ts';
import { compareOperations, type KnownOperation } from './compare-operations.ts';
import { guessRenames, sharedShare } from './guess-renames.ts';
import { KINDS, RULES } from './rules.ts';

/** An operation, and the id that it has on its side. */
interface Member extends KnownOperation {
  readonly id: string;
}

type Members = ReadonlyMap<string, Member>;

/** What changed between two catalogues: the worst kind first, then in order of id. */
export function compareCatalogues(
  before: readonly ToolSchema[],
  after: readonly ToolSchema[],
): readonly Change[] {
  const changes: Change[] = [];
  const successors = compareTools(byNamespace(before), byNamespace(after), changes);
  const old = membersOf(before, (namespace) => successors.get(namespace) ?? namespace);
  const now = membersOf(after, (namespace) => namespace);
  compareMembers(old, now, changes);
  const rank = ({ rule }: Change) => KINDS.indexOf(RULES[rule].kind);
  return changes.sort((a, b) => rank(a) - rank(b) || compareText(a.operation, b.operation));
}

function byNamespace(tools: readonly ToolSchema[]): ReadonlyMap<string, ToolSchema> {
  return new Map(tools.map((tool) => [namespaceOf(tool), tool]));
}

/** Tells of whole tools. Returns which namespace became which. */
function compareTools(
  before: ReadonlyMap<string, ToolSchema>,
  after: ReadonlyMap<string, ToolSchema>,
  changes: Change[],
): ReadonlyMap<string, string> {
  const gone = new Map([...before].filter(([namespace]) => !after.has(namespace)));
  const fresh = new Map([...after].filter(([namespace]) => !before.has(namespace)));
  const renames = guessRenames(gone, fresh, (old, now) => {
    const share = sharedShare(methodsOf(old), methodsOf(now));
    return share >= 0.5 ? share : 0;
  });
  for (const [namespace, tool] of before) {
    const successor = after.get(renames.get(namespace) ?? namespace);
    if (successor === undefined) createTeller(namespace, changes)('tool-removed', '', countOf(tool));
    else compareTool(tool, successor, changes);
  }
  const renamed = new Set(renames.values());
  for (const [namespace, tool] of fresh) {
    if (!renamed.has(namespace)) createTeller(namespace, changes)('tool-added', '', undefined, countOf(tool));
  }
  return renames;
}

function compareTool(before: ToolSchema, after: ToolSchema, changes: Change[]): void {
  const tell = createTeller(namespaceOf(after), changes);
  if (before.tool !== after.tool) tell('tool-renamed', '', namespaceOf(before), namespaceOf(after));
  if (before.description !== after.description) {
    tell('description', '/description', before.description, after.description);
  }
  const [old, now] = [before.operations[0]?.layer, after.operations[0]?.layer];
  if (old !== now) tell('layer', '/layer', old, now);
}

/** @param renamed the namespace that one became */
function membersOf(tools: readonly ToolSchema[], renamed: (namespace: string) => string): Members {
  const members = tools.flatMap((tool) => {
    const namespace = namespaceOf(tool);
    return tool.operations.map((schema): [string, Member] => {
      const method = methodOf(schema);
      const member = { schema, types: tool.$defs ?? {}, id: `${namespace}.${method}` };
      return [`${renamed(namespace)}.${method}`, member];
    });
  });
  return new Map(members);
}

function compareMembers(before: Members, after: Members, changes: Change[]): void {
  const namespaces = { before: namespacesOf(before), after: namespacesOf(after) };
  const gone = new Map([...before].filter(([id]) => !after.has(id)));
  const fresh = new Map([...after].filter(([id]) => !before.has(id)));
  const renames = guessRenames(gone, fresh, likenessOf);
  for (const [id, old] of before) {
    const newId = renames.get(id) ?? id;
    const now = after.get(newId);
    if (now !== undefined) {
      const tell = createTeller(newId, changes);
      if (newId !== id) tell('operation-renamed', '', old.id, newId);
      compareOperations(old, now, tell);
    } else if (namespaces.after.has(id.slice(0, id.indexOf('.')))) tellRemoved(old, changes);
  }
  const renamed = new Set(renames.values());
  for (const [id, now] of fresh) {
    if (renamed.has(id) || !namespaces.before.has(id.slice(0, id.indexOf('.')))) continue;
    createTeller(id, changes)('operation-added', '', undefined, now.schema.summary);
  }
}

function tellRemoved({ schema, id }: Member, changes: Change[]): void {
  const tell = createTeller(id, changes);
  const use = typeof schema.deprecated === 'object' ? schema.deprecated.use : undefined;
  if (use === undefined) tell('operation-removed', '', schema.summary);
  else tell('operation-replaced', '', id, use);
}

/** The namespaces of keys: those of the old side as they are named now. */
function namespacesOf(members: Members): ReadonlySet<string> {
  return new Set([...members.keys()].map((id) => id.slice(0, id.indexOf('.'))));
}

/** How alike two operations are beside their names: by their properties, or by the words that describe them. */
function likenessOf({ schema: before }: Member, { schema: after }: Member): number {
  if (before.effect !== after.effect || typeof before.deprecated === 'object') return 0;
  if (before.description === after.description) return 1;
  const isSame = isDeepStrictEqual(namesOf(before), namesOf(after));
  const share = isSame ? 1 : sharedShare(namesOf(before), namesOf(after));
  return share >= 0.5 ? share : 0;
}

function namesOf({ parameters, result }: OperationSchema): readonly string[] {
  const names = (prefix: string, properties: object | undefined) =>
    Object.keys(properties ?? {}).map((name) => `${prefix}.${name}`);
  return [...names('in', parameters.properties), ...names('out', result.properties)];
}

function methodsOf({ operations }: ToolSchema): readonly string[] {
  return operations.map(methodOf);
}

function countOf({ operations }: ToolSchema): string {
  return `${operations.length} operation${operations.length === 1 ? '' : 's'}`;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
