import { isEmpty, type Schema, type SchemaObject } from '../schema.ts';
import { areApart, areDisjoint } from './apart.ts';
import { keysOf } from './object-type.ts';
import { isTypeAlone } from './type-parts.ts';

/** A word whose demand TypeScript cannot say, or not always. */
interface Word {
  readonly word: keyof SchemaObject;
  /** Whether the type leaves something of it to the validators. */
  readonly isUnsaid: (schema: SchemaObject) => boolean;
}

const always = () => true;

/** Where a type is wider than its schema, in the order in which documentation names it. */
const WORDS: readonly Word[] = [
  { word: 'not', isUnsaid: ({ not }) => not !== false && !isTypeAlone(not) },
  { word: 'if', isUnsaid: (schema) => says(schema.then) || says(schema.else) },
  { word: 'oneOf', isUnsaid: ({ oneOf }) => !areDisjoint(oneOf ?? []) },
  { word: 'contains', isUnsaid: always },
  { word: 'dependentRequired', isUnsaid: always },
  { word: 'dependentSchemas', isUnsaid: always },
  { word: 'patternProperties', isUnsaid: always },
  { word: 'propertyNames', isUnsaid: (schema) => says(schema.propertyNames) && !namesKeys(schema) },
  { word: 'additionalProperties', isUnsaid: isBesideProperties },
  { word: 'unevaluatedProperties', isUnsaid: (schema) => says(schema.unevaluatedProperties) },
  { word: 'unevaluatedItems', isUnsaid: (schema) => says(schema.unevaluatedItems) },
];

/** The words that limit a value within its type. They are told in words where they stand at a property. */
const LIMITS: readonly (keyof SchemaObject)[] = [
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'pattern',
  'format',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
];

/**
 * The words of a schema that only a run checks: its own, and those of the schemas inside it that have no
 * documentation of their own, as properties and named types have.
 * @param withLimits whether to name the limits of the latter: whoever reads a result has no use for them
 */
export function unsaidWords(schema: SchemaObject, withLimits: boolean): readonly string[] {
  const undocumented = (hidden: Schema): readonly string[] => {
    if (typeof hidden === 'boolean') return [];
    const limits = LIMITS.filter(
      (word) => withLimits && hidden[word] !== undefined && hidden[word] !== false,
    );
    return [...ownWords(hidden), ...limits, ...inner(hidden).flatMap(undocumented)];
  };
  return [...new Set([...ownWords(schema), ...inner(schema).flatMap(undocumented)])];
}

function ownWords(schema: SchemaObject): readonly string[] {
  const words = WORDS.filter(({ word, isUnsaid }) => schema[word] !== undefined && isUnsaid(schema));
  return [...words.map(({ word }) => word), ...(losesClosure(schema) ? ['additionalProperties'] : [])];
}

/** Whether a part of a schema is closed, and others know more names: a joined type takes the names of all parts. */
function losesClosure(schema: SchemaObject): boolean {
  const { $ref, allOf = [], anyOf = [], oneOf = [], ...own } = schema;
  const together: readonly Schema[] = [own, ...($ref === undefined ? [] : [{ $ref }]), ...allOf];
  const branches = [...anyOf, ...oneOf];
  const isLost = (one: Schema, other: Schema) => isClosedTo(one, other) || isClosedTo(other, one);
  const isSplit = (parts: readonly Schema[], others: readonly Schema[], canMeet: typeof isLost) =>
    parts.some((part) =>
      others.some((other) => part !== other && canMeet(part, other) && isLost(part, other)),
    );
  const canMeet = (one: Schema, other: Schema) =>
    typeof one === 'boolean' || typeof other === 'boolean' || !areApart(one, other);
  return isSplit(together, [...together, ...branches], () => true) || isSplit(branches, branches, canMeet);
}

/** Whether a closed object has no place for what another schema names. */
function isClosedTo(closed: Schema, other: Schema): boolean {
  if (typeof closed === 'boolean' || typeof other === 'boolean') return false;
  if (closed.additionalProperties !== false) return false;
  if (other.$ref !== undefined) return true;
  return Object.keys(other.properties ?? {}).some((name) => !Object.hasOwn(closed.properties ?? {}, name));
}

/** The schemas inside one whose types are part of its type but that have no place for documentation. */
function inner(schema: SchemaObject): readonly Schema[] {
  const { items, prefixItems, additionalProperties, patternProperties, allOf, anyOf, oneOf } = schema;
  return [
    ...(items === undefined ? [] : [items]),
    ...(prefixItems ?? []),
    ...(additionalProperties === undefined ? [] : [additionalProperties]),
    ...Object.values(patternProperties ?? {}),
    ...(allOf ?? []),
    ...(anyOf ?? []),
    ...(oneOf ?? []),
  ];
}

/** Whether the keys that an object may have are listed, and the properties that it names are among them. */
function namesKeys(schema: SchemaObject): boolean {
  const keys = keysOf(schema);
  return keys.length > 0 && Object.keys(schema.properties ?? {}).every((name) => keys.includes(name));
}

/** An index signature takes what the named properties are, too. */
function isBesideProperties({ additionalProperties, properties, patternProperties }: SchemaObject): boolean {
  const isTyped = additionalProperties !== false && says(additionalProperties);
  return isTyped && Object.keys({ ...properties, ...patternProperties }).length > 0;
}

function says(schema: Schema | undefined): boolean {
  return schema !== undefined && schema !== true && !isEmpty(schema);
}
