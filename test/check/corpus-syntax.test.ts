import assert from 'node:assert/strict';
import { test } from 'node:test';
import ts from 'typescript';
import { blankFences } from '../../runtime/check/fences.ts';
import { PROGRAMS } from './corpus-programs.ts';

/** Kinds of TypeScript's syntax that vanish with the types, and of JavaScript's that programs may use. */
const KINDS: readonly (keyof typeof ts.SyntaxKind)[] = [
  // Types
  ...([
    'AnyKeyword',
    'ArrayType',
    'BigIntKeyword',
    'BooleanKeyword',
    'CallSignature',
    'ConditionalType',
    'ConstructSignature',
    'ConstructorType',
    'ExpressionWithTypeArguments',
    'FunctionType',
    'ImportType',
    'IndexSignature',
    'IndexedAccessType',
    'InferType',
    'InterfaceDeclaration',
    'IntersectionType',
    'LiteralType',
    'MappedType',
    'MethodSignature',
    'NamedTupleMember',
    'NeverKeyword',
    'NumberKeyword',
    'ObjectKeyword',
    'OptionalType',
    'ParenthesizedType',
    'PropertySignature',
    'RestType',
    'StringKeyword',
    'SymbolKeyword',
    'TemplateLiteralType',
    'ThisType',
    'TupleType',
    'TypeAliasDeclaration',
    'TypeLiteral',
    'TypeOperator',
    'TypeParameter',
    'TypePredicate',
    'TypeQuery',
    'TypeReference',
    'UndefinedKeyword',
    'UnionType',
    'UnknownKeyword',
    'VoidKeyword',
  ] as const),
  // Expressions
  ...([
    'ArrayLiteralExpression',
    'ArrowFunction',
    'AsExpression',
    'AwaitExpression',
    'BigIntLiteral',
    'ClassExpression',
    'ConditionalExpression',
    'DeleteExpression',
    'ElementAccessExpression',
    'FunctionExpression',
    'MetaProperty',
    'NewExpression',
    'NoSubstitutionTemplateLiteral',
    'NonNullExpression',
    'OmittedExpression',
    'PostfixUnaryExpression',
    'PrefixUnaryExpression',
    'PrivateIdentifier',
    'RegularExpressionLiteral',
    'SatisfiesExpression',
    'SpreadAssignment',
    'SpreadElement',
    'SuperKeyword',
    'TaggedTemplateExpression',
    'TemplateExpression',
    'TypeAssertionExpression',
    'TypeOfExpression',
    'VoidExpression',
    'YieldExpression',
  ] as const),
  // Statements and declarations
  ...([
    'BreakStatement',
    'CatchClause',
    'ClassStaticBlockDeclaration',
    'ComputedPropertyName',
    'ContinueStatement',
    'DoStatement',
    'EmptyStatement',
    'ExportAssignment',
    'ExportDeclaration',
    'ForInStatement',
    'ForOfStatement',
    'ForStatement',
    'GetAccessor',
    'ImportDeclaration',
    'LabeledStatement',
    'NamespaceImport',
    'ObjectBindingPattern',
    'ArrayBindingPattern',
    'SetAccessor',
    'ShorthandPropertyAssignment',
    'SwitchStatement',
    'ThrowStatement',
    'TryStatement',
    'WhileStatement',
  ] as const),
];

const has =
  (kind: ts.SyntaxKind) =>
  (node: ts.Node): boolean =>
    ts.canHaveModifiers(node) && (node.modifiers ?? []).some((modifier) => modifier.kind === kind);
const { SyntaxKind } = ts;
const isSignature = (node: ts.Node): boolean =>
  (ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node)) && node.body === undefined;
const operates = (operator: ts.SyntaxKind) => (node: ts.Node) =>
  ts.isBinaryExpression(node) && node.operatorToken.kind === operator;
const declares = (flag: ts.NodeFlags) => (node: ts.Node) =>
  ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.BlockScoped) === flag;
const expressionText = (node: ts.Node) => (ts.isRegularExpressionLiteral(node) ? node.text : '');
const flagsOf = (node: ts.Node) => expressionText(node).replace(/^.*\//s, '');

/** What no kind of its own tells apart. */
const FEATURES: Readonly<Record<string, (node: ts.Node) => boolean>> = {
  'an abstract class': (node) => ts.isClassDeclaration(node) && has(SyntaxKind.AbstractKeyword)(node),
  'an abstract method': (node) => ts.isMethodDeclaration(node) && has(SyntaxKind.AbstractKeyword)(node),
  'an abstract property': (node) => ts.isPropertyDeclaration(node) && has(SyntaxKind.AbstractKeyword)(node),
  'an abstract accessor': (node) => ts.isAccessor(node) && has(SyntaxKind.AbstractKeyword)(node),
  'an abstract constructor type': (node) =>
    ts.isConstructorTypeNode(node) && has(SyntaxKind.AbstractKeyword)(node),
  'a `declare` field': (node) => ts.isPropertyDeclaration(node) && has(SyntaxKind.DeclareKeyword)(node),
  'a `declare` variable': (node) => ts.isVariableStatement(node) && has(SyntaxKind.DeclareKeyword)(node),
  'a `declare` function': (node) => ts.isFunctionDeclaration(node) && has(SyntaxKind.DeclareKeyword)(node),
  'a `declare` class': (node) => ts.isClassDeclaration(node) && has(SyntaxKind.DeclareKeyword)(node),
  '`public`': has(SyntaxKind.PublicKeyword),
  '`private`': has(SyntaxKind.PrivateKeyword),
  '`protected`': has(SyntaxKind.ProtectedKeyword),
  '`readonly` of a class': (node) => ts.isPropertyDeclaration(node) && has(SyntaxKind.ReadonlyKeyword)(node),
  '`readonly` of a type': (node) => ts.isPropertySignature(node) && has(SyntaxKind.ReadonlyKeyword)(node),
  '`override`': has(SyntaxKind.OverrideKeyword),
  '`static`': has(SyntaxKind.StaticKeyword),
  '`in` of a type parameter': (node) =>
    ts.isTypeParameterDeclaration(node) && has(SyntaxKind.InKeyword)(node),
  '`out` of a type parameter': (node) =>
    ts.isTypeParameterDeclaration(node) && has(SyntaxKind.OutKeyword)(node),
  '`const` of a type parameter': (node) =>
    ts.isTypeParameterDeclaration(node) && has(SyntaxKind.ConstKeyword)(node),
  'a constraint': (node) => ts.isTypeParameterDeclaration(node) && node.constraint !== undefined,
  'a default type': (node) => ts.isTypeParameterDeclaration(node) && node.default !== undefined,
  '`implements`': (node) => ts.isHeritageClause(node) && node.token === SyntaxKind.ImplementsKeyword,
  '`extends` of an interface': (node) =>
    ts.isInterfaceDeclaration(node) && node.heritageClauses !== undefined,
  'a class with an index signature or an overload': (node) =>
    ts.isClassLike(node) && node.members.some(isSignature),
  'an overloaded function': (node) => ts.isFunctionDeclaration(node) && isSignature(node),
  'definite assignment of a variable': (node) =>
    ts.isVariableDeclaration(node) && node.exclamationToken !== undefined,
  'definite assignment of a field': (node) =>
    ts.isPropertyDeclaration(node) && node.exclamationToken !== undefined,
  'an optional parameter': (node) => ts.isParameter(node) && node.questionToken !== undefined,
  'an optional field': (node) => ts.isPropertyDeclaration(node) && node.questionToken !== undefined,
  'an optional property': (node) => ts.isPropertySignature(node) && node.questionToken !== undefined,
  'an optional method': (node) => ts.isMethodSignature(node) && node.questionToken !== undefined,
  'a rest parameter': (node) => ts.isParameter(node) && node.dotDotDotToken !== undefined,
  'a `this` parameter': (node) =>
    ts.isParameter(node) && ts.isIdentifier(node.name) && node.name.text === 'this',
  'a type predicate of `this`': (node) =>
    ts.isTypePredicateNode(node) && ts.isThisTypeNode(node.parameterName),
  '`asserts x`': (node) => ts.isTypePredicateNode(node) && node.assertsModifier !== undefined && !node.type,
  '`asserts x is T`': (node) =>
    ts.isTypePredicateNode(node) && node.assertsModifier !== undefined && node.type !== undefined,
  '`keyof`': (node) => ts.isTypeOperatorNode(node) && node.operator === SyntaxKind.KeyOfKeyword,
  '`unique symbol`': (node) => ts.isTypeOperatorNode(node) && node.operator === SyntaxKind.UniqueKeyword,
  'a `readonly` array type': (node) =>
    ts.isTypeOperatorNode(node) && node.operator === SyntaxKind.ReadonlyKeyword,
  'an optional named tuple member': (node) => ts.isNamedTupleMember(node) && node.questionToken !== undefined,
  'a rest named tuple member': (node) => ts.isNamedTupleMember(node) && node.dotDotDotToken !== undefined,
  'a mapped type with `as`': (node) => ts.isMappedTypeNode(node) && node.nameType !== undefined,
  'a mapped type with `-readonly`': (node) =>
    ts.isMappedTypeNode(node) && node.readonlyToken?.kind === SyntaxKind.MinusToken,
  'a mapped type with `-?`': (node) =>
    ts.isMappedTypeNode(node) && node.questionToken?.kind === SyntaxKind.MinusToken,
  '`as const`': (node) => ts.isAsExpression(node) && ts.isConstTypeReference(node.type),
  'an accessor of a type': (node) => ts.isAccessor(node) && ts.isInterfaceDeclaration(node.parent),
  'an instantiation expression': (node) =>
    ts.isExpressionWithTypeArguments(node) &&
    !ts.isHeritageClause(node.parent) &&
    !ts.isTypeQueryNode(node.parent),
  '`typeof` with type arguments': (node) => ts.isTypeQueryNode(node) && node.typeArguments !== undefined,
  '`import type`': (node) => ts.isImportClause(node) && node.isTypeOnly,
  'a type among imports': (node) => ts.isImportSpecifier(node) && node.isTypeOnly,
  '`export type`': (node) => ts.isExportDeclaration(node) && node.isTypeOnly,
  'a generic arrow with a comma': (node) =>
    ts.isArrowFunction(node) && node.typeParameters?.hasTrailingComma === true,
  'an annotated variable': (node) => ts.isVariableDeclaration(node) && node.type !== undefined,
  'an annotated pattern': (node) =>
    ts.isParameter(node) && !ts.isIdentifier(node.name) && node.type !== undefined,
  'an annotated `catch`': (node) => ts.isCatchClause(node) && node.variableDeclaration?.type !== undefined,
  'a `catch` without a name': (node) => ts.isCatchClause(node) && node.variableDeclaration === undefined,
  'a generator': (node) => ts.isFunctionDeclaration(node) && node.asteriskToken !== undefined,
  'an async generator': (node) =>
    ts.isFunctionDeclaration(node) && node.asteriskToken !== undefined && has(SyntaxKind.AsyncKeyword)(node),
  '`yield*`': (node) => ts.isYieldExpression(node) && node.asteriskToken !== undefined,
  '`for await`': (node) => ts.isForOfStatement(node) && node.awaitModifier !== undefined,
  '`#x in y`': (node) =>
    operates(SyntaxKind.InKeyword)(node) && ts.isPrivateIdentifier((node as ts.BinaryExpression).left),
  '`var`': declares(ts.NodeFlags.None),
  '`let`': declares(ts.NodeFlags.Let),
  '`const`': declares(ts.NodeFlags.Const),
  '`using`': declares(ts.NodeFlags.Using),
  '`await using`': declares(ts.NodeFlags.AwaitUsing),
  '`??=`': operates(SyntaxKind.QuestionQuestionEqualsToken),
  '`||=`': operates(SyntaxKind.BarBarEqualsToken),
  '`&&=`': operates(SyntaxKind.AmpersandAmpersandEqualsToken),
  '`**`': operates(SyntaxKind.AsteriskAsteriskToken),
  '`>>>`': operates(SyntaxKind.GreaterThanGreaterThanGreaterThanToken),
  'the comma operator': operates(SyntaxKind.CommaToken),
  '`instanceof`': operates(SyntaxKind.InstanceOfKeyword),
  'an optional call': (node) => ts.isCallExpression(node) && node.questionDotToken !== undefined,
  'an optional element': (node) => ts.isElementAccessExpression(node) && node.questionDotToken !== undefined,
  '`new` without parentheses': (node) => ts.isNewExpression(node) && node.arguments === undefined,
  ...Object.fromEntries(
    [...'dgimsuvy'].map((flag) => [`the flag \`${flag}\``, (node: ts.Node) => flagsOf(node).includes(flag)]),
  ),
  'a named group': (node) => /\(\?<[^=!]/.test(expressionText(node)),
  'a lookbehind': (node) => /\(\?<[=!]/.test(expressionText(node)),
};

test('every kind of syntax that programs may use occurs in the corpus', () => {
  const kinds = new Set<ts.SyntaxKind>();
  const missing = new Map(Object.entries(FEATURES));
  const visit = (node: ts.Node): void => {
    kinds.add(node.kind);
    for (const [name, occurs] of missing) if (occurs(node)) missing.delete(name);
    ts.forEachChild(node, visit);
  };
  for (const { name, code } of PROGRAMS)
    visit(ts.createSourceFile(`${name}.ts`, blankFences(code), ts.ScriptTarget.ESNext, true));
  const missingKinds = KINDS.filter((kind) => !kinds.has(SyntaxKind[kind]));
  assert.deepEqual([...missingKinds, ...missing.keys()], []);
});
