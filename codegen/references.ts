import { isEarlyDraft } from './draft.ts';
import { isRecord } from './raw-schema.ts';
import { child, LISTS, MAPS, SINGLE } from './schema.ts';

/** A part of a JSON document and where in the file it stands. */
export interface Spot {
  readonly node: unknown;
  readonly pointer: string;
}

/** What holds for everything inside a schema until one inside says otherwise. */
export interface Scope {
  /** The URI that references are relative to. */
  readonly base: string;
  readonly isEarly: boolean;
}

/** A schema that stands by itself, with what its references can name. */
export interface SchemaDocument {
  readonly root: Spot;
  readonly scope: Scope;
  /** The scope of each schema in it. */
  scopeOf(node: unknown): Scope | undefined;
  /** What a reference names; undefined when there is no such thing here. */
  resolve(reference: string, scope: Scope): Spot | undefined;
  /** Whether an anchor is given out several times, so that only a run could tell which is meant. */
  isAmbiguous(reference: string, scope: Scope): boolean;
}

/** Schemas that are nested deeper are taken for an attack on whoever reads them. */
export const DEEPEST = 100;

/** Where a schema without an `$id` is said to be. */
const NOWHERE = 'schema:/';

/** Words of any draft that hold schemas, alone, in lists and by name. */
const ALONE = [...SINGLE, 'additionalItems', 'contentSchema'];
const LISTED = [...LISTS, 'items'];
const NAMED = [...MAPS, '$defs', 'definitions', 'dependencies'];

/** Reads what a schema's references can name: its `$id`s, its anchors, and every place in it. */
export function openDocument(root: Spot): SchemaDocument {
  const resources = new Map<string, Spot>();
  const anchors = new Map<string, Spot>();
  const dynamic = new Map<string, number>();
  const scopes = new Map<unknown, Scope>();
  const scope: Scope = { base: NOWHERE, isEarly: false };
  const visit = (spot: Spot, around: Scope, depth: number): void => {
    const { node } = spot;
    if (!isRecord(node) || scopes.has(node) || depth > DEEPEST) return;
    const isEarly = isEarlyDraft(node) ?? around.isEarly;
    const isAlone = isEarly && typeof node.$ref === 'string';
    const id = isAlone ? undefined : (node.$id ?? node.id);
    const uri = typeof id === 'string' ? resolveUri(id, around.base) : undefined;
    const { place, fragment } = split(uri ?? around.base);
    const own = { base: uri === undefined || fragment !== '' ? around.base : place, isEarly };
    scopes.set(node, own);
    if (uri !== undefined && fragment === '') resources.set(place, spot);
    if (uri !== undefined && fragment !== '') anchors.set(`${place}#${fragment}`, spot);
    for (const name of [node.$anchor, node.$dynamicAnchor]) {
      if (typeof name === 'string') anchors.set(`${own.base}#${name}`, spot);
    }
    if (typeof node.$dynamicAnchor === 'string') {
      dynamic.set(node.$dynamicAnchor, (dynamic.get(node.$dynamicAnchor) ?? 0) + 1);
    }
    for (const inner of schemasIn(spot)) visit(inner, own, depth + 1);
  };
  visit(root, scope, 0);
  const base = scopes.get(root.node)?.base ?? NOWHERE;
  resources.set(NOWHERE, root);
  resources.set(base, resources.get(base) ?? root);
  return {
    root,
    scope,
    scopeOf: (node) => scopes.get(node),
    resolve: (reference, within) => {
      const uri = resolveUri(reference, within.base);
      if (uri === undefined) return undefined;
      const { place, fragment } = split(uri);
      const resource = resources.get(place);
      if (fragment !== '' && !fragment.startsWith('/')) return anchors.get(`${place}#${fragment}`);
      return resource === undefined ? undefined : follow(resource, fragment);
    },
    isAmbiguous: (reference, within) => {
      const { fragment } = split(resolveUri(reference, within.base) ?? '');
      return (dynamic.get(fragment) ?? 0) > 1;
    },
  };
}

/** The schemas directly inside one of any draft. */
function* schemasIn({ node, pointer }: Spot): Generator<Spot> {
  if (!isRecord(node)) return;
  for (const [word, value] of Object.entries(node)) {
    const at = child(pointer, word);
    if (ALONE.includes(word) && !Array.isArray(value)) yield { node: value, pointer: at };
    const holdsMany =
      (LISTED.includes(word) && Array.isArray(value)) || (NAMED.includes(word) && isRecord(value));
    if (!holdsMany) continue;
    for (const [step, inner] of Object.entries(value)) yield { node: inner, pointer: child(at, step) };
  }
}

/** Goes down a JSON pointer. */
function follow(start: Spot, pointer: string): Spot | undefined {
  let spot: Spot | undefined = start;
  for (const step of pointer.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    const { node }: Spot = spot;
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, name)) return undefined;
    spot = { node: Reflect.get(node, name), pointer: child(spot.pointer, name) };
  }
  return spot;
}

/** A reference as a whole URI; undefined when it is none. */
function resolveUri(reference: string, base: string): string | undefined {
  if (reference.startsWith('#')) return `${base}${reference}`;
  return URL.parse(reference, base)?.href;
}

function split(uri: string): { readonly place: string; readonly fragment: string } {
  const at = uri.indexOf('#');
  if (at < 0) return { place: uri, fragment: '' };
  return { place: uri.slice(0, at), fragment: decode(uri.slice(at + 1)) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
