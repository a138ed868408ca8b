import type { JsonValue } from '../../runtime/contract/json.ts';
import { isEmpty, refName, type Schema, type SchemaObject, typeNameOf } from '../schema.ts';
import { arrayType } from './array-type.ts';
import { literalType } from './literal-type.ts';
import { objectType } from './object-type.ts';
import { keyword, reference, type TypeNode } from './tree.ts';
import {
  ALONE,
  intersection,
  KINDS,
  type Kind,
  kindsOf,
  type Surroundings,
  type TypeStyle,
  union,
} from './type-parts.ts';

/** The words that shape the type of one kind of value; without them, all there is to say is the kind. */
const SHAPING: Readonly<Record<'array' | 'object', readonly (keyof SchemaObject)[]>> = {
  array: ['items', 'prefixItems', 'minItems', 'maxItems'],
  object: [
    'properties',
    'required',
    'additionalProperties',
    'patternProperties',
    'propertyNames',
    'unevaluatedProperties',
    'dependentSchemas',
  ],
};

/** The TypeScript type of a schema; the nearest wider one where TypeScript cannot say it. */
export function typeNode(schema: Schema, style: TypeStyle, around: Surroundings = ALONE): TypeNode {
  if (typeof schema === 'boolean') return keyword(schema ? 'any' : 'never');
  if (schema.not !== undefined && (schema.not === true || isEmpty(schema.not))) return keyword('never');
  const kinds = kindsOf(schema).filter((kind) => around.kinds.includes(kind));
  const inside: Surroundings = {
    properties: { ...around.properties, ...schema.properties },
    kinds,
    saysRest: around.saysRest || saysRest(schema, kinds),
    isTentative: around.isTentative,
  };
  const branch = (inner: Schema) => typeNode(inner, style, inside);
  const choice = (inner: Schema) => typeNode(inner, style, { ...inside, isTentative: true });
  const name = schema.$ref === undefined ? undefined : refName(schema.$ref);
  return intersection([
    ...(name === undefined ? [] : [reference(name)]),
    ...ownType(schema, style, { ...around, kinds }),
    ...(schema.allOf ?? []).map(branch),
    ...(schema.anyOf === undefined ? [] : [union(schema.anyOf.map(choice))]),
    ...(schema.oneOf === undefined ? [] : [union(schema.oneOf.map(choice))]),
    ...conditionalType(schema, choice),
  ]);
}

/** Either what `if` and `then` say, or what `else` says: wider by the values of `else` that `if` fits too. */
function conditionalType(schema: SchemaObject, choice: (inner: Schema) => TypeNode): readonly TypeNode[] {
  if (schema.if === undefined || (schema.then === undefined && schema.else === undefined)) return [];
  const holds = intersection([choice(schema.if), choice(schema.then ?? true)]);
  return [union([holds, choice(schema.else ?? true)])];
}

/** What a schema says by itself, its references and combinations left out. */
function ownType(schema: SchemaObject, style: TypeStyle, around: Surroundings): readonly TypeNode[] {
  if (schema.const !== undefined) return [valuesType([schema.const], around.kinds)];
  if (schema.enum !== undefined) return [valuesType(schema.enum, around.kinds)];
  const shapes = (['array', 'object'] as const).some(
    (kind) => around.kinds.includes(kind) && SHAPING[kind].some((word) => schema[word] !== undefined),
  );
  const says = shapes || schema.type !== undefined || kindsOf(schema).length < KINDS.length;
  if (!says) return [];
  return [union(around.kinds.map((kind) => typeOf(kind, schema, style, around)))];
}

function valuesType(values: readonly JsonValue[], kinds: readonly Kind[]): TypeNode {
  const fitting = values.filter((value) => {
    const name = typeNameOf(value);
    return kinds.includes(name === 'integer' ? 'number' : name);
  });
  return union(fitting.map(literalType));
}

function typeOf(kind: Kind, schema: SchemaObject, style: TypeStyle, around: Surroundings): TypeNode {
  const typeOfInner = (inner: Schema) =>
    typeNode(inner, style, { ...ALONE, isTentative: around.isTentative });
  switch (kind) {
    case 'null':
      return { kind: 'literal', value: null };
    case 'boolean':
    case 'number':
    case 'string':
      return keyword(kind);
    case 'array':
      return arrayType(schema, style, typeOfInner);
    case 'object':
      return objectType(schema, style, around, typeOfInner);
    default:
      return kind satisfies never;
  }
}

/** Whether a schema's own type tells of further properties, so that those inside it need not. */
function saysRest(schema: SchemaObject, kinds: readonly Kind[]): boolean {
  const isObject = kinds.includes('object') && kinds.length < KINDS.length;
  return isObject || schema.additionalProperties !== undefined || schema.unevaluatedProperties !== undefined;
}
