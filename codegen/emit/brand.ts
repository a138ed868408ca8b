import ts from 'typescript';
import type { Namespace } from '../model.ts';
import { type Schema, walk } from '../schema.ts';
import { addDocumentation, stringLiteral } from './syntax.ts';

const { factory: make, SyntaxKind } = ts;

/** The type that ids of one kind have; within the root namespace. */
const ID_TYPE = 'Id';

/**
 * The member that no value has. It is optional, so that plain numbers and strings pass, and named so that the
 * compiler's message reads well: `Types of property '"id of"' are incompatible. Type '"task"' is not …`.
 */
const BRAND = 'id of';

/** `type Id<Kind extends string, Value = number> = Value & { … }`. */
export function idType(): ts.Statement {
  const kind = make.createTypeParameterDeclaration(
    undefined,
    'Kind',
    make.createKeywordTypeNode(SyntaxKind.StringKeyword),
  );
  const number = make.createKeywordTypeNode(SyntaxKind.NumberKeyword);
  const value = make.createTypeParameterDeclaration(undefined, 'Value', undefined, number);
  const member = make.createPropertySignature(
    [make.createModifier(SyntaxKind.ReadonlyKeyword)],
    stringLiteral(BRAND),
    make.createToken(SyntaxKind.QuestionToken),
    make.createTypeReferenceNode('Kind'),
  );
  const type = make.createIntersectionTypeNode([
    make.createTypeReferenceNode('Value'),
    make.createTypeLiteralNode([member]),
  ]);
  const alias = make.createTypeAliasDeclaration(undefined, ID_TYPE, [kind, value], type);
  return addDocumentation(
    alias,
    'The id of one kind of thing. Plain values pass for it; ids of another kind do not.',
  );
}

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
