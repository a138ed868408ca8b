import ts from 'typescript';
import type { JsonValue } from '../../runtime/contract/json.ts';
import { refName, type Schema, type SchemaObject, type TypeName, typeNameOf, typeNames } from '../schema.ts';
import { objectType } from './object-type.ts';
import { isList, memberName, numeric, stringLiteral } from './syntax.ts';
import { intersection, keyword, type Surroundings, type TypeStyle, union } from './type-parts.ts';

const { factory: make, SyntaxKind } = ts;

const ALONE: Surroundings = { properties: {}, isBranch: false };

/** The TypeScript type of a schema; the nearest wider one where TypeScript cannot say it. */
export function typeNode(schema: Schema, style: TypeStyle, around: Surroundings = ALONE): ts.TypeNode {
  if (typeof schema === 'boolean') return keyword(schema ? SyntaxKind.AnyKeyword : SyntaxKind.NeverKeyword);
  const inside = { properties: { ...around.properties, ...schema.properties }, isBranch: true };
  const branch = (inner: Schema) => typeNode(inner, style, inside);
  const name = schema.$ref === undefined ? undefined : refName(schema.$ref);
  return intersection([
    ...(name === undefined ? [] : [make.createTypeReferenceNode(name)]),
    ...ownType(schema, style, around),
    ...(schema.allOf ?? []).map(branch),
    ...(schema.anyOf === undefined ? [] : [union(schema.anyOf.map(branch))]),
    ...(schema.oneOf === undefined ? [] : [union(schema.oneOf.map(branch))]),
  ]);
}

/** What a schema says by itself, its references and combinations left out. */
function ownType(schema: SchemaObject, style: TypeStyle, around: Surroundings): readonly ts.TypeNode[] {
  const types = typeNames(schema);
  if (schema.const !== undefined) return [literalType(schema.const)];
  if (schema.enum !== undefined) {
    return [union(schema.enum.filter((value) => fits(value, types)).map(literalType))];
  }
  if (types !== undefined) return [union(types.map((type) => typeOf(type, schema, style, around)))];
  return schema.required === undefined ? [] : [objectOf(schema, style, around)];
}

function typeOf(type: TypeName, schema: SchemaObject, style: TypeStyle, around: Surroundings): ts.TypeNode {
  switch (type) {
    case 'null':
      return literalType(null);
    case 'boolean':
      return keyword(SyntaxKind.BooleanKeyword);
    case 'integer':
    case 'number':
      return keyword(SyntaxKind.NumberKeyword);
    case 'string':
      return keyword(SyntaxKind.StringKeyword);
    case 'array':
      return arrayType(schema, style);
    case 'object':
      return objectOf(schema, style, around);
    default:
      return type satisfies never;
  }
}

function objectOf(schema: SchemaObject, style: TypeStyle, around: Surroundings): ts.TypeNode {
  return objectType(schema, style, around, (inner) => typeNode(inner, style));
}

function arrayType(schema: SchemaObject, style: TypeStyle): ts.TypeNode {
  const rest = schema.items ?? true;
  const list =
    schema.prefixItems === undefined
      ? make.createArrayTypeNode(typeNode(rest, style))
      : tupleType(schema, schema.prefixItems, rest, style);
  const readOnly = style.position === 'params' && !style.compact;
  return readOnly ? make.createTypeOperatorNode(SyntaxKind.ReadonlyKeyword, list) : list;
}

/** A tuple needs as many elements as `minItems` says; the others may be left out. */
function tupleType(
  schema: SchemaObject,
  prefix: readonly Schema[],
  rest: Schema,
  style: TypeStyle,
): ts.TupleTypeNode {
  const least = schema.minItems ?? 0;
  const most = schema.maxItems ?? Number.POSITIVE_INFINITY;
  const elements: ts.TypeNode[] = prefix.slice(0, most).map((element, i) => {
    const type = typeNode(element, style);
    return i < least ? type : make.createOptionalTypeNode(type);
  });
  if (rest !== false && most > prefix.length) {
    elements.push(make.createRestTypeNode(make.createArrayTypeNode(typeNode(rest, style))));
  }
  return make.createTupleTypeNode(elements);
}

function literalType(value: JsonValue): ts.TypeNode {
  if (value === null) return make.createLiteralTypeNode(make.createNull());
  if (typeof value === 'string') return make.createLiteralTypeNode(stringLiteral(value));
  if (typeof value === 'number') return make.createLiteralTypeNode(numeric(value));
  if (typeof value === 'boolean') {
    return make.createLiteralTypeNode(value ? make.createTrue() : make.createFalse());
  }
  if (isList(value)) return make.createTupleTypeNode(value.map(literalType));
  const members = Object.entries(value).map(([name, inner]) =>
    make.createPropertySignature(undefined, memberName(name), undefined, literalType(inner)),
  );
  return make.createTypeLiteralNode(members);
}

function fits(value: JsonValue, types: readonly TypeName[] | undefined): boolean {
  if (types === undefined || types.includes(typeNameOf(value))) return true;
  return types.includes('integer') && Number.isInteger(value);
}
