import type { JsonValue } from '../../runtime/contract/json.ts';
import { isList } from './print.ts';
import { keyword, type TypeNode } from './tree.ts';

/** The type that one JSON value has alone. */
export function literalType(value: JsonValue): TypeNode {
  if (typeof value === 'number') {
    // JSON can write numbers that are too large for JavaScript, which reads them as infinite.
    return Number.isFinite(value) ? { kind: 'literal', value } : keyword('number');
  }
  if (typeof value !== 'object' || value === null) return { kind: 'literal', value };
  if (isList(value)) return { kind: 'tuple', members: value.map(literalType) };
  const members = Object.entries(value).map(
    ([name, inner]) => ({ kind: 'property', name, type: literalType(inner) }) as const,
  );
  // Everything but null fits `{}`.
  return {
    kind: 'object',
    members: members.length === 0 ? [{ kind: 'index', type: keyword('never') }] : members,
  };
}
