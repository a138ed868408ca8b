import ts from 'typescript';
import { isErased } from './erased.ts';

/** A name that the program itself declares. */
export interface Binding {
  /** The declaring node: a variable, a binding element, a parameter, a function, a class or an import. */
  readonly declaration: ts.Node;
  readonly constant: boolean;
  /** Where its value is used, in the order of the code. */
  readonly references: ts.Identifier[];
}

/** Who declares which name. Types are left out: they are erased. */
export interface Names {
  /** References to names that the program does not declare. */
  readonly free: readonly ts.Identifier[];
  /** By the identifier that declares it. */
  readonly bindings: ReadonlyMap<ts.Node, Binding>;
  /** Undefined for a free name. */
  bindingOf(reference: ts.Identifier): Binding | undefined;
  /** How deep the tree is at its deepest node. */
  readonly deepest: { readonly depth: number; readonly node: ts.Node };
}

interface Scope {
  readonly parent: Scope | undefined;
  /** Where `var` declares. */
  readonly ofFunction: boolean;
  readonly names: Map<string, Binding>;
}

/** Gathered in one walk: names are declared at once, references are looked up when it is over. */
interface Walk {
  readonly references: { readonly identifier: ts.Identifier; readonly scope: Scope }[];
  readonly bindings: Map<ts.Node, Binding>;
  deepest: Names['deepest'];
  depth: number;
}

/** Resolves every name of the program as JavaScript's own scope rules do. */
export function resolveNames(file: ts.SourceFile): Names {
  const walk: Walk = { references: [], bindings: new Map(), deepest: { depth: 0, node: file }, depth: 0 };
  visitChildren(walk, file, openScope(undefined, true));
  const free: ts.Identifier[] = [];
  const resolved = new Map<ts.Identifier, Binding>();
  for (const { identifier, scope } of walk.references) {
    const binding = lookUp(scope, identifier.text);
    if (binding === undefined) free.push(identifier);
    else {
      resolved.set(identifier, binding);
      binding.references.push(identifier);
    }
  }
  const { bindings, deepest } = walk;
  return { free, bindings, bindingOf: (reference) => resolved.get(reference), deepest };
}

function openScope(parent: Scope | undefined, ofFunction: boolean): Scope {
  return { parent, ofFunction, names: new Map() };
}

function lookUp(scope: Scope, name: string): Binding | undefined {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    const binding = at.names.get(name);
    if (binding !== undefined) return binding;
  }
  return undefined;
}

function visitChildren(walk: Walk, node: ts.Node, scope: Scope, except?: ts.Node): void {
  walk.depth++;
  if (walk.depth > walk.deepest.depth) walk.deepest = { depth: walk.depth, node };
  ts.forEachChild(node, (child) => {
    if (child !== except) visit(walk, child, scope);
  });
  walk.depth--;
}

function visit(walk: Walk, node: ts.Node, scope: Scope): void {
  if (isErased(node)) return;
  if (ts.isIdentifier(node)) {
    if (isReference(node)) walk.references.push({ identifier: node, scope });
  } else if (ts.isFunctionLike(node)) visitFunction(walk, node, scope);
  else if (ts.isClassLike(node)) visitClass(walk, node, scope);
  else if (opensBlock(node)) visitChildren(walk, node, openScope(scope, false));
  else if (ts.isClassStaticBlockDeclaration(node)) visitChildren(walk, node, openScope(scope, true));
  else {
    if (ts.isVariableDeclaration(node)) declareVariable(walk, node, scope);
    else if (ts.isImportDeclaration(node)) declareImports(walk, node, scope);
    visitChildren(walk, node, scope);
  }
}

function visitFunction(walk: Walk, node: ts.SignatureDeclaration, scope: Scope): void {
  if (ts.isFunctionDeclaration(node) && node.name) declare(walk, node.name, node, scope, false);
  // A computed name is read outside the function.
  if (node.name !== undefined) visit(walk, node.name, scope);
  const inner = openScope(scope, true);
  if (ts.isFunctionExpression(node) && node.name) declare(walk, node.name, node, inner, false);
  // An arrow has no `arguments` of its own.
  if (!ts.isArrowFunction(node)) inner.names.set('arguments', newBinding(node, false));
  for (const parameter of node.parameters) declareNames(walk, parameter.name, parameter, inner, false);
  visitChildren(walk, node, inner, node.name);
}

function visitClass(walk: Walk, node: ts.ClassLikeDeclaration, scope: Scope): void {
  if (ts.isClassDeclaration(node) && node.name) declare(walk, node.name, node, scope, false);
  const inner = openScope(scope, false);
  if (ts.isClassExpression(node) && node.name) declare(walk, node.name, node, inner, false);
  visitChildren(walk, node, inner);
}

function declareVariable(walk: Walk, node: ts.VariableDeclaration, scope: Scope): void {
  const flags = ts.getCombinedNodeFlags(node) & ts.NodeFlags.BlockScoped;
  const isVar = flags === 0 && !ts.isCatchClause(node.parent);
  let target = scope;
  while (isVar && !target.ofFunction && target.parent) target = target.parent;
  declareNames(walk, node.name, node, target, flags === ts.NodeFlags.Const);
}

function declareImports(walk: Walk, node: ts.ImportDeclaration, scope: Scope): void {
  const clause = node.importClause;
  if (clause === undefined) return;
  if (clause.name) declare(walk, clause.name, clause, scope, true);
  const named = clause.namedBindings;
  if (named === undefined) return;
  if (ts.isNamespaceImport(named)) declare(walk, named.name, named, scope, true);
  else for (const item of named.elements) declare(walk, item.name, item, scope, true);
}

function declareNames(
  walk: Walk,
  name: ts.BindingName,
  declaration: ts.Node,
  scope: Scope,
  constant: boolean,
): void {
  if (ts.isIdentifier(name)) declare(walk, name, declaration, scope, constant);
  else
    for (const element of name.elements)
      if (ts.isBindingElement(element)) declareNames(walk, element.name, element, scope, constant);
}

function declare(
  walk: Walk,
  name: ts.Identifier,
  declaration: ts.Node,
  scope: Scope,
  constant: boolean,
): void {
  // A name declared twice has no one value that could be followed.
  const binding = newBinding(declaration, constant && !scope.names.has(name.text));
  scope.names.set(name.text, binding);
  walk.bindings.set(name, binding);
}

function newBinding(declaration: ts.Node, constant: boolean): Binding {
  return { declaration, constant, references: [] };
}

function opensBlock(node: ts.Node): boolean {
  return (
    ts.isBlock(node) ||
    ts.isCaseBlock(node) ||
    ts.isForStatement(node) ||
    ts.isForInStatement(node) ||
    ts.isForOfStatement(node) ||
    ts.isCatchClause(node)
  );
}

/** Whether the identifier stands for a value, and is not a member's, a label's or a declaration's name. */
function isReference(node: ts.Identifier): boolean {
  const parent = node.parent;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isBindingElement(parent)) return parent.initializer === node;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  if (ts.isExportAssignment(parent)) return true;
  if (ts.isExportSpecifier(parent) || ts.isMetaProperty(parent)) return false;
  if (ts.isLabeledStatement(parent) || ts.isBreakOrContinueStatement(parent)) return false;
  if (ts.isImportClause(parent) || ts.isImportSpecifier(parent) || ts.isNamespaceImport(parent)) return false;
  return !('name' in parent && parent.name === node);
}
