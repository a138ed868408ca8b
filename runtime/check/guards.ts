import ts from 'typescript';
import { isDeclared, isWrapper } from './erased.ts';
import { type OwnShapes, readOwnShapes } from './own-shapes.ts';

/** What the program's own text says about what may or may not be there when it runs. */
export interface Guards {
  /**
   * Members that the program treats as possibly absent, or adds to an object: it tests them
   * (`r.items ?? r.results ?? []`, `if (r.error)`) or assigns them. Not knowing them breaks nothing.
   */
  readonly members: ReadonlySet<string>;
  /** Objects that get members under computed names, as the program writes them, and the classes of such. */
  readonly growing: ReadonlySet<string>;
  /**
   * What is assigned more than once, or is a parameter with a default value: the type that TypeScript takes from
   * its first value need not be that of the next.
   */
  readonly changing: ReadonlySet<string>;
  readonly ownShapes: OwnShapes;
  /** Types that others extend, and the members that those add: a value of such a type may be one of them. */
  readonly extended: ReadonlySet<string>;
  readonly added: ReadonlySet<string>;
  /** Names that it asks `typeof` for. */
  readonly names: ReadonlySet<string>;
  /** Names of types that it imports or declares: what they stand for was blanked. */
  readonly blanked: ReadonlySet<string>;
  /** Its type parameters, and its names of unions: what a value of them is, the run tells. */
  readonly varyingTypes: ReadonlySet<string>;
}

interface Draft {
  readonly members: Set<string>;
  readonly growing: Set<string>;
  readonly changing: Set<string>;
  readonly extended: Set<string>;
  readonly added: Set<string>;
  readonly names: Set<string>;
  readonly blanked: Set<string>;
  readonly varyingTypes: Set<string>;
}

const TESTS: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.QuestionQuestionToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.EqualsEqualsToken,
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
  ts.SyntaxKind.InstanceOfKeyword,
]);
/** Functions that only ask what a value is. */
const TESTERS = /^(?:Array\.isArray|Boolean|Number\.is\w+|isNaN|isFinite)$/;
/** Functions that tell whether an object has the member of a name. */
const OWNERSHIP = /^(?:Object\.hasOwn|Reflect\.has)$|\.hasOwnProperty$/;
/** Functions that add members to their first argument, by their usual names. */
const GROWERS =
  /^Reflect\.set$|(?:^|\.)(?:assign|augment|decorate|default|define|extend|inherit|merge|mixin|setPrototypeOf)\w*$/i;

export function readGuards(file: ts.SourceFile): Guards {
  const draft: Draft = {
    members: new Set(),
    growing: new Set(),
    changing: new Set(),
    extended: new Set(),
    added: new Set(),
    names: new Set(),
    blanked: new Set(),
    varyingTypes: new Set(),
  };
  const visit = (node: ts.Node): void => {
    const name = memberName(node);
    if (name !== undefined && isGuarded(node)) draft.members.add(name);
    if (ts.isTypeParameterDeclaration(node) || isUnionAlias(node)) draft.varyingTypes.add(node.name.text);
    else if (ts.isTypeOfExpression(node) && ts.isIdentifier(node.expression))
      draft.names.add(node.expression.text);
    else if (isBlankedName(node)) draft.blanked.add(node.text);
    else if (ts.isParameter(node) && node.initializer && !node.type) draft.changing.add(node.name.getText());
    else if (isComputedMember(node)) growClass(draft, node);
    else if (ts.isHeritageClause(node)) readHeritage(draft, node);
    else if (ts.isCallExpression(node)) readCall(draft, node);
    else if (ts.isNewExpression(node)) readProxy(draft, node);
    else if (ts.isBinaryExpression(node)) readOperator(draft, node);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return { ...draft, ownShapes: readOwnShapes(file) };
}

/** The name of an import or of a `declare`. */
function isBlankedName(node: ts.Node): node is ts.Identifier {
  if (!ts.isIdentifier(node)) return false;
  const { parent } = node;
  if (ts.isImportClause(parent) || ts.isImportSpecifier(parent) || ts.isNamespaceImport(parent)) return true;
  if (ts.isVariableDeclaration(parent)) return isDeclared(parent.parent.parent);
  return (ts.isClassDeclaration(parent) || ts.isFunctionDeclaration(parent)) && isDeclared(parent);
}

function isUnionAlias(node: ts.Node): node is ts.TypeAliasDeclaration {
  return ts.isTypeAliasDeclaration(node) && ts.isUnionTypeNode(node.type);
}

function readCall(draft: Draft, { expression, arguments: args }: ts.CallExpression): void {
  const callee = calleeName(expression);
  if (OWNERSHIP.test(callee)) for (const argument of args) readName(draft, argument);
  if (args[0] !== undefined && GROWERS.test(callee)) grow(draft, args[0]);
}

function readHeritage(draft: Draft, { parent, types }: ts.HeritageClause): void {
  for (const { expression } of types) draft.extended.add(expression.getText());
  for (const { name } of parent.members) if (name) draft.added.add(name.getText());
}

/** A proxy may answer to any name. */
function readProxy(draft: Draft, { expression, arguments: args, parent }: ts.NewExpression): void {
  if (!ts.isIdentifier(expression) || expression.text !== 'Proxy') return;
  if (args?.[0] !== undefined) grow(draft, args[0]);
  if (ts.isVariableDeclaration(parent)) draft.growing.add(parent.name.getText());
}

function readOperator(draft: Draft, { left, operatorToken }: ts.BinaryExpression): void {
  if (operatorToken.kind === ts.SyntaxKind.InKeyword) readName(draft, left);
  if (operatorToken.kind === ts.SyntaxKind.EqualsToken) draft.changing.add(left.getText());
  const isComputed = ts.isElementAccessExpression(left) && memberName(left) === undefined;
  if (isComputed && isAssignment(operatorToken.kind)) grow(draft, left.expression);
}

function readName(draft: Draft, node: ts.Node): void {
  if (ts.isStringLiteralLike(node)) draft.members.add(node.text);
}

/** `Object.assign`, `isNaN`, `.hasOwnProperty` of anything. */
function calleeName(callee: ts.Expression): string {
  if (ts.isIdentifier(callee)) return callee.text;
  if (!ts.isPropertyAccessExpression(callee)) return '';
  const { expression, name } = callee;
  if (name.text === 'call') return calleeName(expression);
  return `${ts.isIdentifier(expression) ? expression.text : ''}.${name.text}`;
}

/** `this` stands for the class around it, and `Task.prototype` for `Task`. */
function grow(draft: Draft, object: ts.Expression): void {
  const text = object.getText();
  draft.growing.add(text);
  if (text.endsWith('.prototype')) draft.growing.add(text.slice(0, -'.prototype'.length));
  if (object.kind === ts.SyntaxKind.ThisKeyword) growClass(draft, object);
}

/** `[prefix + name]() {}` in a class: not `[Symbol.iterator]`, which adds no name. */
function isComputedMember(node: ts.Node): boolean {
  if (!ts.isComputedPropertyName(node) || !ts.isClassElement(node.parent)) return false;
  return !ts.isPropertyAccessExpression(node.expression) && !ts.isStringLiteralLike(node.expression);
}

/** The class around the node, by its own name and by that of the variable that holds it. */
function growClass(draft: Draft, node: ts.Node): void {
  const owner = ts.findAncestor(node, ts.isClassLike);
  if (owner?.name) draft.growing.add(owner.name.text);
  if (owner && ts.isVariableDeclaration(owner.parent)) draft.growing.add(owner.parent.name.getText());
}

/** The name of the member that the node reads or binds. */
export function memberName(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression))
    return node.argumentExpression.text;
  if (!ts.isBindingElement(node)) return undefined;
  const key = node.propertyName ?? node.name;
  return ts.isIdentifier(key) || ts.isStringLiteralLike(key) ? key.text : undefined;
}

function isGuarded(member: ts.Node): boolean {
  if (ts.isBindingElement(member)) return member.initializer !== undefined;
  let node = member;
  while (isWrapper(node.parent)) node = node.parent;
  const { parent } = node;
  if (ts.isBinaryExpression(parent)) {
    const operator = parent.operatorToken.kind;
    return TESTS.has(operator) || (parent.left === node && isAssignment(operator));
  }
  if (ts.isCallExpression(parent) && parent.expression !== node)
    return TESTERS.test(calleeName(parent.expression));
  if (
    ts.isPropertyAccessExpression(parent) ||
    ts.isElementAccessExpression(parent) ||
    ts.isCallExpression(parent)
  )
    return parent.expression === node && parent.questionDotToken !== undefined;
  if (ts.isIfStatement(parent) || ts.isWhileStatement(parent) || ts.isDoStatement(parent))
    return parent.expression === node;
  if (ts.isConditionalExpression(parent) || ts.isForStatement(parent)) return parent.condition === node;
  if (ts.isPrefixUnaryExpression(parent)) return parent.operator === ts.SyntaxKind.ExclamationToken;
  return ts.isTypeOfExpression(parent) || ts.isDeleteExpression(parent);
}

function isAssignment(operator: ts.SyntaxKind): boolean {
  return operator >= ts.SyntaxKind.FirstAssignment && operator <= ts.SyntaxKind.LastAssignment;
}
