import ts from 'typescript';
import type { Properties, Schema } from '../schema.ts';
import { printNode } from './syntax.ts';

const { factory: make, SyntaxKind } = ts;

/** How types are written. */
export interface TypeStyle {
  /**
   * Parameters take read-only lists, undeclared properties where the schema is open, and leave out what has
   * a default. Results show what is declared.
   */
  readonly position: 'params' | 'result';
  /** What decorates a property: documentation, a remark, or nothing. */
  readonly decorate: (member: ts.PropertySignature, schema: Schema) => ts.PropertySignature;
  /** On one line, lists without `readonly`. */
  readonly compact: boolean;
}

/** What the surrounding schema says: the properties it has, and that it is the one to say who else may come. */
export interface Surroundings {
  readonly properties: Properties;
  readonly isBranch: boolean;
}

/** A union without repetitions; `any` swallows the rest. */
export function union(types: readonly ts.TypeNode[]): ts.TypeNode {
  const distinct = new Map(types.map((type) => [types.length === 1 ? '' : printNode(type), type]));
  const members = [...distinct.values()].filter((type) => type.kind !== SyntaxKind.NeverKeyword);
  const any = members.find((type) => type.kind === SyntaxKind.AnyKeyword);
  if (any !== undefined) return any;
  const [only] = members;
  if (only === undefined) return keyword(SyntaxKind.NeverKeyword);
  return members.length === 1 ? only : make.createUnionTypeNode(members);
}

/** An intersection; members that say nothing are left out. */
export function intersection(types: readonly ts.TypeNode[]): ts.TypeNode {
  const members = types.filter((type) => type.kind !== SyntaxKind.AnyKeyword);
  const [only] = members;
  if (only === undefined) return keyword(SyntaxKind.AnyKeyword);
  return members.length === 1 ? only : make.createIntersectionTypeNode(members);
}

export function keyword(kind: ts.KeywordTypeSyntaxKind): ts.KeywordTypeNode {
  return make.createKeywordTypeNode(kind);
}
