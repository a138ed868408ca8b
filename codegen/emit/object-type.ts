import type { Schema, SchemaObject } from '../schema.ts';
import { printFlat } from './print.ts';
import { type Keyword, keyword, type Property, reference, type TypeNode } from './tree.ts';
import { type Surroundings, type TypeStyle, union } from './type-parts.ts';

/** The longest type that is written out a second time: repeated at every level, a deep one would double each time. */
const REPEATED_CHARACTERS = 80;

interface Member {
  readonly name: string;
  readonly type: TypeNode;
  readonly optional: boolean;
  /** What the schema itself says of it; undefined where it is only named. */
  readonly declared?: Schema;
}

type TypeOf = (schema: Schema) => TypeNode;

/**
 * The object type of a schema: its properties, then an index signature for those it does not name.
 * @param typeOf makes the type of a schema inside it
 */
export function objectType(
  schema: SchemaObject,
  style: TypeStyle,
  around: Surroundings,
  typeOf: TypeOf,
): TypeNode {
  const members = [
    ...declaredMembers(schema, style, around, typeOf),
    ...requiredElsewhere(schema, around, typeOf),
    ...listedKeys(schema, typeOf),
  ];
  const signatures = members.map(({ name, type, optional, declared }) => {
    const member: Property = { kind: 'property', name, isOptional: optional, type };
    return declared === undefined ? member : style.decorate(member, declared);
  });
  const isOpen = style.position !== 'result' && (!around.saysRest || schema.dependentSchemas !== undefined);
  const rest = restType(schema, members, isOpen, typeOf);
  const index = rest === undefined ? [] : [{ kind: 'index', type: rest } as const];
  return { kind: 'object', members: [...signatures, ...index] };
}

function declaredMembers(
  schema: SchemaObject,
  style: TypeStyle,
  around: Surroundings,
  typeOf: TypeOf,
): readonly Member[] {
  const required = new Set(schema.required);
  const isCompleted = style.position !== 'result' && !around.isTentative;
  return Object.entries(schema.properties ?? {}).map(([name, inner]) => {
    const hasDefault = typeof inner === 'object' && inner.default !== undefined;
    const optional = !required.has(name) || (isCompleted && hasDefault);
    return { name, type: memberType(name, typeOf(inner), optional), optional, declared: inner };
  });
}

/** To TypeScript every object has the methods of all objects, so one that leaves such a property out has a method there. */
function memberType(name: string, type: TypeNode, isOptional: boolean): TypeNode {
  return isOptional && name in Object.prototype ? union([type, reference('Function')]) : type;
}

/** What must be there though other schemas, or none, say what it is. */
function requiredElsewhere(schema: SchemaObject, around: Surroundings, typeOf: TypeOf): readonly Member[] {
  const names = [...new Set(schema.required)].filter((name) => !isDeclared(schema, name));
  return names.map((name) => {
    const said = Object.hasOwn(around.properties, name) ? around.properties[name] : undefined;
    if (said !== undefined) return { name, type: repeatable(typeOf(said), 'unknown'), optional: false };
    const isPatterned = schema.patternProperties !== undefined || schema.additionalProperties === false;
    return {
      name,
      type: typeOf(isPatterned ? true : (schema.additionalProperties ?? true)),
      optional: false,
    };
  });
}

/** The keys of a map whose `propertyNames` lists them all. */
function listedKeys(schema: SchemaObject, typeOf: TypeOf): readonly Member[] {
  const names = keysOf(schema).filter(
    (name) => !isDeclared(schema, name) && !schema.required?.includes(name),
  );
  const value = schema.patternProperties === undefined ? (schema.additionalProperties ?? true) : true;
  return names.map((name) => ({ name, type: memberType(name, typeOf(value), true), optional: true }));
}

function isDeclared(schema: SchemaObject, name: string): boolean {
  return Object.hasOwn(schema.properties ?? {}, name);
}

/** The keys that `propertyNames` lists; none when it says anything else. */
export function keysOf(schema: SchemaObject): readonly string[] {
  const names = typeof schema.propertyNames === 'object' ? schema.propertyNames : undefined;
  const listed = names?.const === undefined ? names?.enum : [names.const];
  return [...new Set(listed)].filter((name) => typeof name === 'string');
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
): TypeNode | undefined {
  if (keysOf(schema).length > 0) return undefined;
  const patterns = Object.values(schema.patternProperties ?? {});
  const own = schema.additionalProperties;
  // What is evaluated when a property is there may bring more properties.
  const additional =
    own ?? (schema.dependentSchemas === undefined ? schema.unevaluatedProperties : undefined);
  const empty = members.length === 0;
  if (patterns.length === 0 && additional === false) {
    const isClosed = empty && own === false;
    return isClosed ? keyword('never') : undefined;
  }
  if (patterns.length === 0 && additional === undefined && !empty && !isOpen) return undefined;
  const types = [...patterns, own ?? true].map(typeOf);
  if (empty) return union(types);
  const optional = members.some((member) => member.optional) ? [keyword('undefined')] : [];
  const all = union([...types, ...members.map(({ type }) => type), ...optional]);
  return repeatable(all, 'any');
}

/** A type that stands somewhere else too, or something wider that is short. */
function repeatable(type: TypeNode, wider: Keyword): TypeNode {
  return printFlat(type).length > REPEATED_CHARACTERS ? keyword(wider) : type;
}
