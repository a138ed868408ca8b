import ts from 'typescript';
import type { Namespace } from '../model.ts';
import { type Schema, walk } from '../schema.ts';
import { ID_TYPE } from './frames.ts';
import { stringLiteral } from './syntax.ts';

const { factory: make, SyntaxKind } = ts;

/** A type in which the ids that a schema knows the kind of are of that kind. */
export function branded(type: ts.TypeNode, schema: Schema, root: string): ts.TypeNode {
  if (typeof schema === 'boolean') return type;
  if (ts.isUnionTypeNode(type)) {
    return make.createUnionTypeNode(type.types.map((member) => branded(member, schema, root)));
  }
  if (ts.isTypeOperatorNode(type)) {
    return make.createTypeOperatorNode(type.operator, branded(type.type, schema, root));
  }
  if (ts.isArrayTypeNode(type)) {
    return make.createArrayTypeNode(branded(type.elementType, schema.items ?? true, root));
  }
  const kind = schema['x-id'];
  if (kind === undefined) return type;
  const of = make.createLiteralTypeNode(stringLiteral(kind));
  const name = `${root}.${ID_TYPE}`;
  if (type.kind === SyntaxKind.NumberKeyword) return make.createTypeReferenceNode(name, [of]);
  return type.kind === SyntaxKind.StringKeyword ? make.createTypeReferenceNode(name, [of, type]) : type;
}

export function hasKinds({ types, operations }: Namespace): boolean {
  const own = operations.flatMap(({ parameters, result }) => [parameters, result]);
  return [...Object.values(types), ...own].some((root) =>
    [...walk({ schema: root, pointer: '' })].some(
      ({ schema }) => typeof schema === 'object' && schema['x-id'] !== undefined,
    ),
  );
}
