import { likenessOf } from './alike.ts';
import { upgradeWords, type Word } from './draft.ts';
import { addImpliedType } from './implied-type.ts';
import type { Report } from './mistake.ts';
import { methodOf, pascal, typeNamesOf } from './names.ts';
import { isRecord, type RawSchema } from './raw-schema.ts';
import { DEEPEST, openDocument, type SchemaDocument, type Scope, type Spot } from './references.ts';
import { child, LISTS, MAPS, SINGLE } from './schema.ts';

/** A file in the one dialect that the rest of the generator reads, and where its parts came from. */
export interface Normalised {
  readonly document: unknown;
  /** The pointer in the file that a pointer in the document stands for. */
  readonly origin: (pointer: string) => string;
}

/**
 * How a schema is read that says what properties or items are, but not that there are objects or lists: as
 * those are meant, or to the letter, by which any other value fits too.
 */
export type Reading = 'as meant' | 'to the letter';

/**
 * Brings the schemas of an operation file into draft 2020-12 with all references as `#/$defs/Name`. Drafts
 * from 04 on and OpenAPI 3.0 are understood, and definitions, anchors, `$id`s and pointers to any place are
 * followed within a schema; what they name becomes one more type of the file.
 * @param document the file's JSON; what is not as expected in it is left for the meta-schema to refuse
 */
export function normalise(document: unknown, report: Report, reading: Reading = 'as meant'): Normalised {
  if (!isRecord(document)) return { document, origin: (pointer) => pointer };
  const state = openState(document, report, reading);
  const { $defs, operations, ...rest } = document;
  const own = isRecord($defs) ? Object.entries($defs) : [];
  for (const [name, node] of own) {
    const pointer = child('/$defs', name);
    state.types.set(name, state.convert({ node, pointer }, pointer, state.file, state.file.scope, 0, name));
  }
  const converted = Array.isArray(operations)
    ? operations.map((operation, i) => convertOperation(operation, `/operations/${i}`, state))
    : operations;
  const hasTypes = $defs !== undefined || state.types.size > 0;
  const types = isRecord($defs) || $defs === undefined ? Object.fromEntries(state.types) : $defs;
  return {
    document: {
      ...rest,
      ...(hasTypes ? { $defs: types } : {}),
      ...(operations === undefined ? {} : { operations: converted }),
    },
    origin: (pointer) => originOf(pointer, state.moved),
  };
}

interface State {
  readonly file: SchemaDocument;
  /** The types of the file so far. */
  readonly types: Map<string, unknown>;
  /** From where a part is now to where it was. */
  readonly moved: Map<string, string>;
  readonly convert: (
    spot: Spot,
    to: string,
    document: SchemaDocument,
    around: Scope,
    depth: number,
    stem: string,
  ) => unknown;
}

/** The method of an operation that has not been checked; empty where it has no name. */
function methodNamed({ tool, operation, method }: RawSchema): string {
  if (typeof operation !== 'string' && operation !== null) return '';
  return methodOf({
    operation,
    ...(typeof tool === 'string' && { tool }),
    ...(typeof method === 'string' && { method }),
  });
}

function convertOperation(operation: unknown, pointer: string, state: State): unknown {
  if (!isRecord(operation)) return operation;
  const method = methodNamed(operation);
  const stems = typeNamesOf(method);
  const parts = [
    ['parameters', stems.params],
    ['result', stems.result],
  ] as const;
  const converted = parts.flatMap(([part, stem]) => {
    if (operation[part] === undefined) return [];
    const spot = { node: operation[part], pointer: child(pointer, part) };
    const document = openDocument(spot);
    return [[part, state.convert(spot, spot.pointer, document, document.scope, 0, stem)]];
  });
  return { ...operation, ...Object.fromEntries(converted) };
}

function openState(document: RawSchema, report: Report, reading: Reading): State {
  const file = openDocument({ node: { $defs: document.$defs ?? {} }, pointer: '' });
  const types = new Map<string, unknown>();
  const moved = new Map<string, string>();
  const names = createNames(document);

  const convert: State['convert'] = (spot, to, within, around, depth, stem) => {
    const { node, pointer } = spot;
    if (!isRecord(node)) return node;
    if (depth > DEEPEST) {
      report(pointer, `schemas nested at most ${DEEPEST} deep`, node);
      return true;
    }
    const scope = within.scopeOf(node) ?? around;
    const inner = (value: unknown, from: string, into: string): unknown => {
      if (from !== into) moved.set(into, from);
      return convert({ node: value, pointer: from }, into, within, scope, depth + 1, stem);
    };
    const words = upgradeWords(node, scope.isEarly).map((word): readonly [string, unknown] => {
      const from = child(pointer, word.from);
      const into = child(to, word.word);
      if (from !== into) moved.set(into, from);
      if (word.word !== '$ref') return [word.word, convertWord(word, from, into, inner)];
      return [
        '$ref',
        typeof word.value === 'string' ? refer(word.value, from, within, scope, stem) : word.value,
      ];
    });
    const schema = Object.fromEntries(words.filter(([, value]) => value !== undefined));
    return reading === 'as meant' ? addImpliedType(schema) : schema;
  };

  /** A reference as the file's own: what it names becomes a type, unless it is one. */
  const refer = (
    reference: string,
    pointer: string,
    within: SchemaDocument,
    scope: Scope,
    stem: string,
  ): string | undefined => {
    const isDynamic = pointer.endsWith('Ref');
    if (isDynamic && within.isAmbiguous(reference, scope)) {
      report(
        pointer,
        'an anchor that only one schema has: which is meant would depend on the way there',
        reference,
      );
      return undefined;
    }
    const own = within.resolve(reference, scope);
    const target = own ?? file.resolve(reference, file.scope);
    if (target === undefined || (!isRecord(target.node) && typeof target.node !== 'boolean')) {
      report(pointer, expectedPlace(reference), reference);
      return undefined;
    }
    const likeness = own === undefined ? undefined : likenessOf(target, within, scope.isEarly);
    const known = names.known(target.pointer) ?? names.known(likeness ?? '');
    if (known !== undefined) return known;
    const { name, ref } = names.add(target, likeness, stem);
    const into = child('/$defs', name);
    const document = own === undefined ? file : within;
    moved.set(into, target.pointer);
    types.set(name, true);
    types.set(name, convert(target, into, document, document.scopeOf(target.node) ?? scope, 0, stem));
    return ref;
  };
  return { file, types, moved, convert };
}

function convertWord(
  { word, value }: Word,
  from: string,
  into: string,
  inner: (value: unknown, from: string, into: string) => unknown,
): unknown {
  if (SINGLE.includes(word)) return inner(value, from, into);
  if (LISTS.includes(word) && Array.isArray(value)) {
    return value.map((element, i) => inner(element, child(from, i), child(into, i)));
  }
  if (!MAPS.includes(word) || !isRecord(value)) return value;
  const entries = Object.entries(value).map(([name, schema]) => {
    return [name, inner(schema, child(from, name), child(into, name))];
  });
  return Object.fromEntries(entries);
}

/** What to write instead of a reference that leads nowhere. */
function expectedPlace(reference: string): string {
  if (reference.startsWith('#'))
    return 'the place of a schema within this one, or a type under $defs of the file';
  return 'a reference within the file: nothing is fetched, so copy what it names to $defs and refer to it there';
}

interface Names {
  /** The reference to what has a name already, by its pointer or its likeness. */
  known(key: string): string | undefined;
  add(
    spot: Spot,
    likeness: string | undefined,
    stem: string,
  ): { readonly name: string; readonly ref: string };
}

/** Names for what references lead to: after its own place, else after the operation. */
function createNames(document: RawSchema): Names {
  const references = new Map<string, string>();
  const taken = new Set<string>();
  const refTo = (name: string) => `#${child('/$defs', name)}`;
  for (const name of Object.keys(document.$defs ?? {})) {
    taken.add(name);
    references.set(child('/$defs', name), refTo(name));
  }
  for (const operation of Array.isArray(document.operations) ? document.operations : []) {
    const method = isRecord(operation) ? methodNamed(operation) : '';
    for (const type of Object.values(typeNamesOf(method))) taken.add(type);
  }
  return {
    known: (key) => references.get(key),
    add: ({ pointer }, likeness, stem) => {
      const last = pointer.slice(pointer.lastIndexOf('/') + 1);
      const own = last
        .split(/[^A-Za-z0-9]+/)
        .map(pascal)
        .join('')
        .replace(/^[0-9]+/, '');
      const isTelling = own !== '' && !['Parameters', 'Result'].includes(own);
      const candidates = isTelling ? [own, `${stem}${own}`] : [`${stem}Schema`];
      let name = candidates.find((candidate) => !taken.has(candidate)) ?? candidates[0] ?? stem;
      for (let i = 2; taken.has(name); i += 1) name = `${candidates.at(-1)}${i}`;
      taken.add(name);
      references.set(pointer, refTo(name));
      if (likeness !== undefined) references.set(likeness, refTo(name));
      return { name, ref: refTo(name) };
    },
  };
}

/** Where a place was before it was moved, by the longest part of the way that is known. */
function originOf(pointer: string, moved: ReadonlyMap<string, string>): string {
  for (let end = pointer.length; end > 0; end = pointer.lastIndexOf('/', end - 1)) {
    const from = moved.get(pointer.slice(0, end));
    if (from !== undefined) return `${from}${pointer.slice(end)}`;
  }
  return pointer;
}
