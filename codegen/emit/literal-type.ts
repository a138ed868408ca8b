import ts from 'typescript';
import type { JsonValue } from '../../runtime/contract/json.ts';
import { isList, memberName, numeric, stringLiteral } from './syntax.ts';
import { keyword } from './type-parts.ts';

const { factory: make, SyntaxKind } = ts;

/** The type that one JSON value has alone. */
export function literalType(value: JsonValue): ts.TypeNode {
  if (value === null) return make.createLiteralTypeNode(make.createNull());
  if (typeof value === 'string') return make.createLiteralTypeNode(stringLiteral(value));
  if (typeof value === 'number') {
    // JSON can write numbers that are too large for JavaScript, which reads them as infinite.
    const isSafe = Number.isFinite(value);
    return isSafe ? make.createLiteralTypeNode(numeric(value)) : keyword(SyntaxKind.NumberKeyword);
  }
  if (typeof value === 'boolean') {
    return make.createLiteralTypeNode(value ? make.createTrue() : make.createFalse());
  }
  if (isList(value)) return make.createTupleTypeNode(value.map(literalType));
  const members = Object.entries(value).map(([name, inner]) =>
    make.createPropertySignature(undefined, memberName(name), undefined, literalType(inner)),
  );
  return make.createTypeLiteralNode(members);
}
