import { isRecord, type RawSchema } from './raw-schema.ts';

/** A word of a schema as draft 2020-12 has it. */
export interface Word {
  readonly word: string;
  readonly value: unknown;
  /** The word that it stood under, where it was another. */
  readonly from: string;
}

/**
 * Words that say nothing about values: names, which have been followed by then, and what OpenAPI and editors
 * add. What begins with `x-` is theirs too.
 */
const SILENT: ReadonlySet<string> = new Set([
  '$schema',
  '$id',
  '$anchor',
  '$dynamicAnchor',
  '$recursiveAnchor',
  '$vocabulary',
  '$comment',
  '$defs',
  'definitions',
  'contentSchema',
  'discriminator',
  'example',
  'externalDocs',
  'xml',
  'markdownDescription',
  'enumDescriptions',
]);

/** Words that a reference stands for alone in draft-07 and before. */
const BESIDE_REFERENCE: ReadonlySet<string> = new Set([
  '$ref',
  'title',
  'description',
  'default',
  'deprecated',
]);

/** The one word of our own: of what an id is the id. */
const KIND = 'x-id';

/** Whether `$schema` names draft-07 or one before it. */
export function isEarlyDraft(schema: RawSchema): boolean | undefined {
  const { $schema } = schema;
  if (typeof $schema !== 'string') return undefined;
  return /draft-0[3-7]/.test($schema);
}

/**
 * The words of one schema of any draft from 04 on, and of OpenAPI 3.0, as draft 2020-12 has them. Words that
 * mean nothing without another that is not there are left out, as they are to be ignored.
 * @param isEarly whether it obeys draft-07 or one before
 */
export function upgradeWords(schema: RawSchema, isEarly: boolean): readonly Word[] {
  const isAlone = isEarly && typeof schema.$ref === 'string';
  const words = Object.entries(schema).filter(
    ([word]) =>
      !SILENT.has(word) &&
      (word === KIND || !word.startsWith('x-')) &&
      isFounded(word, schema) &&
      (!isAlone || BESIDE_REFERENCE.has(word)),
  );
  return merge(words.flatMap(([word, value]) => upgradeWord(word, value, schema)));
}

function upgradeWord(word: string, value: unknown, schema: RawSchema): readonly Word[] {
  const as = (name: string, changed: unknown = value): Word => ({ word: name, value: changed, from: word });
  switch (word) {
    case 'items':
      return [as(Array.isArray(value) ? 'prefixItems' : 'items')];
    case 'additionalItems':
      return Array.isArray(schema.items) ? [as('items')] : [];
    case 'dependencies':
      return splitDependencies(value, as);
    case 'type':
      return [as('type', schema.nullable === true ? withNull(value) : value)];
    case 'enum':
      // No value is in an empty list.
      return Array.isArray(value) && value.length === 0 ? [as('not', {})] : [as(word)];
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return typeof value === 'boolean' ? [] : [as(word)];
    case 'minimum':
      return [as(schema.exclusiveMinimum === true ? 'exclusiveMinimum' : word)];
    case 'maximum':
      return [as(schema.exclusiveMaximum === true ? 'exclusiveMaximum' : word)];
    case 'id':
    case 'nullable':
      return [];
    case '$recursiveRef':
    case '$dynamicRef':
      return [as('$ref')];
    default:
      return [as(word)];
  }
}

/** Whether a word has what it refers to: a `then` its `if`, a `minContains` its `contains`. */
function isFounded(word: string, schema: RawSchema): boolean {
  if (word === 'then' || word === 'else') return schema.if !== undefined;
  if (word === 'if') return schema.then !== undefined || schema.else !== undefined;
  if (word === 'minContains' || word === 'maxContains') return schema.contains !== undefined;
  if (word === 'id') return typeof schema.id === 'string';
  return true;
}

/** Names that another demands, and schemas that it brings, are two words since draft 2019-09. */
function splitDependencies(value: unknown, as: (name: string, changed: unknown) => Word): readonly Word[] {
  if (!isRecord(value)) return [as('dependentRequired', value)];
  const [lists, schemas] = [true, false].map((isList) =>
    Object.entries(value).filter(([, inner]) => Array.isArray(inner) === isList),
  );
  return [
    ...(lists === undefined || lists.length === 0
      ? []
      : [as('dependentRequired', Object.fromEntries(lists))]),
    ...(schemas === undefined || schemas.length === 0
      ? []
      : [as('dependentSchemas', Object.fromEntries(schemas))]),
  ];
}

function withNull(type: unknown): unknown {
  const types: readonly unknown[] = Array.isArray(type) ? type : [type];
  return types.includes('null') ? type : [...types, 'null'];
}

/** One word of each name. */
function merge(words: readonly Word[]): readonly Word[] {
  const merged = new Map<string, Word>();
  for (const next of words) {
    const before = merged.get(next.word);
    if (before !== undefined && next.word === '$ref') {
      const both = { word: 'allOf', value: [{ $ref: next.value }], from: next.from };
      merged.set('allOf', join(merged.get('allOf'), both));
    } else merged.set(next.word, join(before, next));
  }
  return [...merged.values()];
}

function join(before: Word | undefined, next: Word): Word {
  if (before === undefined) return next;
  const { value } = before;
  if (Array.isArray(value) && Array.isArray(next.value))
    return { ...before, value: [...value, ...next.value] };
  const isMap =
    next.word.startsWith('dependent') && typeof value === 'object' && typeof next.value === 'object';
  return isMap ? { ...next, value: { ...value, ...next.value } } : next;
}
