import type { Schema, SchemaObject } from '../schema.ts';
import { keyword, type TypeNode } from './tree.ts';
import type { TypeStyle } from './type-parts.ts';

/** The longest list whose elements a tuple type names one by one because of `minItems` alone. */
const LONGEST_NAMED = 8;

type TypeOf = (schema: Schema) => TypeNode;

/**
 * The list or tuple type of a schema.
 * @param typeOf makes the type of a schema inside it
 */
export function arrayType(schema: SchemaObject, style: TypeStyle, typeOf: TypeOf): TypeNode {
  const list = isTuple(schema) ? tupleType(schema, typeOf) : plainList(schema, typeOf);
  if (list === undefined) return keyword('never');
  const readOnly = style.position === 'params' && !style.compact;
  return readOnly ? { kind: 'readonly', of: list } : list;
}

function isTuple({ prefixItems, maxItems, items }: SchemaObject): boolean {
  return (prefixItems ?? []).length > 0 || maxItems === 0 || items === false;
}

function plainList(schema: SchemaObject, typeOf: TypeOf): TypeNode {
  return { kind: 'list', of: typeOf(schema.items ?? true) };
}

/**
 * A tuple needs as many elements as `minItems` says, those that `prefixItems` has no schema for included.
 * Undefined when it has no place for so many.
 */
function tupleType(schema: SchemaObject, typeOf: TypeOf): TypeNode | undefined {
  const prefix = schema.prefixItems ?? [];
  const least = schema.minItems ?? 0;
  const most = schema.maxItems ?? Number.POSITIVE_INFINITY;
  const rest = schema.items ?? true;
  const isClosed = rest === false || most <= prefix.length;
  if (least > Math.min(most, isClosed ? prefix.length : most)) return undefined;
  const needed = isClosed ? 0 : Math.max(0, Math.min(least, LONGEST_NAMED) - prefix.length);
  const named = [...prefix.slice(0, most), ...Array.from({ length: needed }, () => rest)];
  const elements: TypeNode[] = named.map((element, i) => {
    const type = typeOf(element);
    return i < least ? type : { kind: 'optional', of: type };
  });
  if (!isClosed) elements.push({ kind: 'rest', of: { kind: 'list', of: typeOf(rest) } });
  return { kind: 'tuple', members: elements };
}
