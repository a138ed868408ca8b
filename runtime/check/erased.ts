import ts from 'typescript';

/** Whether the node vanishes with the types: nothing of it exists when the program runs. */
export function isErased(node: ts.Node): boolean {
  switch (node.kind) {
    case ts.SyntaxKind.InterfaceDeclaration:
    case ts.SyntaxKind.TypeAliasDeclaration:
    case ts.SyntaxKind.TypeParameter:
    case ts.SyntaxKind.IndexSignature:
      return true;
    case ts.SyntaxKind.ExpressionWithTypeArguments:
      return ts.isHeritageClause(node.parent) && node.parent.token === ts.SyntaxKind.ImplementsKeyword;
    case ts.SyntaxKind.Parameter:
      return isThisParameter(node);
    default:
      return ts.isTypeNode(node) || isDeclared(node) || isSignature(node);
  }
}

/** `declare const x: T` and the like, and abstract members. */
export function isDeclared(node: ts.Node): boolean {
  if (!ts.canHaveModifiers(node) || node.modifiers === undefined) return false;
  return node.modifiers.some(
    ({ kind }) =>
      kind === ts.SyntaxKind.DeclareKeyword ||
      (kind === ts.SyntaxKind.AbstractKeyword && !ts.isClassLike(node)),
  );
}

/** An overload: a function without a body. */
function isSignature(node: ts.Node): boolean {
  if (!ts.isFunctionDeclaration(node) && !ts.isMethodDeclaration(node) && !ts.isConstructorDeclaration(node))
    return false;
  return node.body === undefined;
}

function isThisParameter(node: ts.Node): boolean {
  return ts.isParameter(node) && ts.isIdentifier(node.name) && node.name.text === 'this';
}

/** Whether the node stands inside something that is erased. */
export function isInErased(node: ts.Node): boolean {
  for (let at = node; !ts.isSourceFile(at); at = at.parent) if (isErased(at)) return true;
  return false;
}

type Wrapper =
  | ts.ParenthesizedExpression
  | ts.AssertionExpression
  | ts.SatisfiesExpression
  | ts.NonNullExpression;

/** Whether the node only wraps an expression: parentheses or a type assertion. */
export function isWrapper(node: ts.Node): node is Wrapper {
  return (
    ts.isParenthesizedExpression(node) ||
    ts.isAssertionExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isNonNullExpression(node)
  );
}

/** The expression without what only wraps it. */
export function unwrapExpression(node: ts.Expression): ts.Expression {
  let inner = node;
  while (isWrapper(inner)) inner = inner.expression;
  return inner;
}
