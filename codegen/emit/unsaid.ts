import { isEmpty, type Schema, type SchemaObject } from '../schema.ts';
import { keysOf } from './object-type.ts';
import { isTypeAlone, KINDS, kindsOf } from './type-parts.ts';

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
  { word: 'propertyNames', isUnsaid: (schema) => says(schema.propertyNames) && keysOf(schema).length === 0 },
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
  return WORDS.filter(({ word, isUnsaid }) => schema[word] !== undefined && isUnsaid(schema)).map(
    ({ word }) => word,
  );
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

/** An index signature takes what the named properties are, too. */
function isBesideProperties({ additionalProperties, properties, patternProperties }: SchemaObject): boolean {
  const isTyped = additionalProperties !== false && says(additionalProperties);
  return isTyped && Object.keys({ ...properties, ...patternProperties }).length > 0;
}

/** Whether no value can fit two branches: they are of different kinds, or each has its own constant in a property. */
function areDisjoint(branches: readonly Schema[]): boolean {
  const schemas = branches.filter((branch) => typeof branch === 'object');
  if (schemas.length < branches.length) return branches.length === 1;
  return schemas.every((one, i) => schemas.slice(i + 1).every((other) => areApart(one, other)));
}

function areApart(one: SchemaObject, other: SchemaObject): boolean {
  const kinds = kindsOf(other);
  const isKnown = kindsOf(one).length < KINDS.length && kinds.length < KINDS.length;
  if (isKnown && !kindsOf(one).some((kind) => kinds.includes(kind))) return true;
  if (areApartValues(one, other)) return true;
  const shared = (one.required ?? []).filter((name) => other.required?.includes(name) === true);
  return shared.some((name) => {
    const [first, second] = [one, other].map((schema) => ownProperty(schema, name));
    return typeof first === 'object' && typeof second === 'object' && areApartValues(first, second);
  });
}

function areApartValues(one: SchemaObject, other: SchemaObject): boolean {
  const [first, second] = [valuesOf(one), valuesOf(other)];
  return first !== undefined && second !== undefined && !first.some((value) => second.includes(value));
}

/** The values that a schema lists, as texts. */
function valuesOf({ const: only, enum: listed }: SchemaObject): readonly string[] | undefined {
  const values = only === undefined ? listed : [only];
  return values?.map((value) => JSON.stringify(value));
}

function ownProperty({ properties }: SchemaObject, name: string): Schema | undefined {
  return properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined;
}

function says(schema: Schema | undefined): boolean {
  return schema !== undefined && schema !== true && !isEmpty(schema);
}
