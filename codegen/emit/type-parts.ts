import type { Properties, Schema, SchemaObject } from '../schema.ts';
import { printType } from './print.ts';
import { type Keyword, keyword, type Property, type TypeNode } from './tree.ts';

/** How types are written. */
export interface TypeStyle {
  /**
   * Parameters take read-only lists, undeclared properties where the schema is open, and leave out what has
   * a default. Results show what is declared. A type of both takes what parameters may be, in lists that can
   * be changed.
   */
  readonly position: 'params' | 'result' | 'both';
  /** What decorates a property: documentation, a remark, or nothing. */
  readonly decorate: (member: Property, schema: Schema) => Property;
  /** On one line, lists without `readonly`. */
  readonly compact: boolean;
}

/** The kinds of JSON values that TypeScript tells apart. */
export type Kind = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object';

export const KINDS: readonly Kind[] = ['string', 'number', 'boolean', 'array', 'object', 'null'];

/** What the schemas around one say about the same value. */
export interface Surroundings {
  /** The properties that they declare. */
  readonly properties: Properties;
  /** What they let the value be. */
  readonly kinds: readonly Kind[];
  /** Whether one of them says which further properties there may be. */
  readonly saysRest: boolean;
  /** Whether the value is judged by a branch that may not hold: nothing is completed with defaults there. */
  readonly isTentative: boolean;
}

export const ALONE: Surroundings = { properties: {}, kinds: KINDS, saysRest: false, isTentative: false };

/** The kinds that a schema names by its `type`, or by the `type` that it forbids. */
export function kindsOf(schema: SchemaObject): readonly Kind[] {
  const named = schema.type === undefined ? KINDS : namedKinds(schema.type);
  if (!isTypeAlone(schema.not)) return named;
  const forbidden = new Set([schema.not.type].flat());
  return named.filter((kind) => !forbidden.has(kind));
}

/** Whether a schema says nothing but its types, integers aside, which are numbers to TypeScript. */
export function isTypeAlone(
  schema: Schema | undefined,
): schema is SchemaObject & Required<Pick<SchemaObject, 'type'>> {
  if (typeof schema !== 'object' || schema.type === undefined || Object.keys(schema).length > 1) return false;
  return ![schema.type].flat().includes('integer');
}

function namedKinds(type: NonNullable<SchemaObject['type']>): readonly Kind[] {
  const names = new Set([type].flat().map((name) => (name === 'integer' ? 'number' : name)));
  return [...names];
}

/** A union without repetitions; `any` swallows the rest. */
export function union(types: readonly TypeNode[]): TypeNode {
  const distinct = new Map(types.map((type) => [types.length === 1 ? '' : printType(type), type]));
  const members = [...distinct.values()].filter((type) => !isKeyword(type, 'never'));
  const any = members.find((type) => isKeyword(type, 'any'));
  if (any !== undefined) return any;
  const [only] = members;
  if (only === undefined) return keyword('never');
  return members.length === 1 ? only : { kind: 'union', members };
}

/** An intersection; members that say nothing are left out, and one that lets nothing through is all. */
export function intersection(types: readonly TypeNode[]): TypeNode {
  const members = types.filter((type) => !isKeyword(type, 'any'));
  const never = members.find((type) => isKeyword(type, 'never'));
  if (never !== undefined) return never;
  const [only] = members;
  if (only === undefined) return keyword('any');
  return members.length === 1 ? only : { kind: 'intersection', members };
}

function isKeyword(type: TypeNode, name: Keyword): boolean {
  return type.kind === 'keyword' && type.name === name;
}
