import ts from 'typescript';
import type { Schema, SchemaObject } from '../schema.ts';
import { memberName, onOneLine } from './syntax.ts';
import { keyword, type Surroundings, type TypeStyle, union } from './type-parts.ts';

const { factory: make, SyntaxKind } = ts;

interface Member {
  readonly name: string;
  readonly schema: Schema;
  readonly optional: boolean;
}

type TypeOf = (schema: Schema) => ts.TypeNode;

/**
 * The object type of a schema: its properties, then an index signature for those it does not name.
 * @param typeOf makes the type of a schema inside it
 */
export function objectType(
  schema: SchemaObject,
  style: TypeStyle,
  around: Surroundings,
  typeOf: TypeOf,
): ts.TypeNode {
  const members = membersOf(schema, style, around);
  const signatures = members.map(({ name, schema: inner, optional }) => {
    const question = optional ? make.createToken(SyntaxKind.QuestionToken) : undefined;
    const type = typeOf(inner);
    const member = make.createPropertySignature(undefined, memberName(name), question, type);
    return Object.hasOwn(schema.properties ?? {}, name) ? style.decorate(member, inner) : member;
  });
  const rest = restType(schema, members, style.position === 'params' && !around.isBranch, typeOf);
  const type = make.createTypeLiteralNode(
    rest === undefined ? signatures : [...signatures, indexSignature(rest)],
  );
  return style.compact ? onOneLine(type) : type;
}

function membersOf(schema: SchemaObject, style: TypeStyle, around: Surroundings): readonly Member[] {
  const properties = schema.properties ?? {};
  const required = new Set(schema.required);
  const isOptional = (name: string, inner: Schema) =>
    !required.has(name) || (style.position === 'params' && typeof inner === 'object' && 'default' in inner);
  const declared = Object.entries(properties).map(([name, inner]) => ({
    name,
    schema: inner,
    optional: isOptional(name, inner),
  }));
  const elsewhere = [...required]
    .filter((name) => !Object.hasOwn(properties, name))
    .map((name) => ({ name, schema: around.properties[name] ?? true, optional: false }));
  const keys = keysOf(schema).filter((name) => !Object.hasOwn(properties, name) && !required.has(name));
  const mapped = keys.map((name) => ({ name, schema: schema.additionalProperties ?? true, optional: true }));
  return [...declared, ...elsewhere, ...mapped];
}

/** The keys of a map whose `propertyNames` lists them all. */
function keysOf(schema: SchemaObject): readonly string[] {
  const names = typeof schema.propertyNames === 'object' ? schema.propertyNames.enum : undefined;
  return (names ?? []).filter((name) => typeof name === 'string');
}

/**
 * The type of properties that have no name in the schema; undefined when none are shown.
 * @param isOpen whether to show them where the schema neither allows nor forbids them
 */
function restType(
  schema: SchemaObject,
  members: readonly Member[],
  isOpen: boolean,
  typeOf: TypeOf,
): ts.TypeNode | undefined {
  if (keysOf(schema).length > 0) return undefined;
  const patterns = Object.values(schema.patternProperties ?? {});
  const additional = schema.additionalProperties;
  const empty = members.length === 0;
  if (patterns.length === 0 && additional === false)
    return empty ? keyword(SyntaxKind.NeverKeyword) : undefined;
  if (patterns.length === 0 && additional === undefined && !empty && !isOpen) return undefined;
  const types = [...patterns, additional ?? true].map(typeOf);
  if (empty) return union(types);
  const optional = members.some((member) => member.optional) ? [keyword(SyntaxKind.UndefinedKeyword)] : [];
  return union([...types, ...members.map((member) => typeOf(member.schema)), ...optional]);
}

function indexSignature(type: ts.TypeNode): ts.IndexSignatureDeclaration {
  const key = make.createParameterDeclaration(
    undefined,
    undefined,
    'key',
    undefined,
    keyword(SyntaxKind.StringKeyword),
  );
  return make.createIndexSignature(undefined, [key], type);
}
