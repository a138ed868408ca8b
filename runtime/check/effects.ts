import ts from 'typescript';
import type { OperationEntry } from '../contract/catalogue.ts';
import type { ProgramEffect } from '../contract/program.ts';
import { globalMember } from './apply-rules.ts';
import { isWrapper } from './erased.ts';
import type { Names } from './names.ts';
import { type OperationIndex, suggestOperation } from './operation-index.ts';
import type { Finding } from './places.ts';
import { GLOBAL_OBJECT } from './rules.ts';

/** What a program can do, as its text shows. */
export interface Effects {
  readonly effects: readonly ProgramEffect[];
  readonly openNamespaces: readonly string[];
  readonly findings: readonly Finding[];
  /** Deprecated operations that are named, each where it is named first. */
  readonly deprecations: readonly Finding[];
  /** The calls of operations that are named: their arguments are validated, so a wrong one breaks the run. */
  readonly calls: ReadonlySet<ts.Node>;
}

interface Draft {
  readonly file: ts.SourceFile;
  readonly names: Names;
  readonly index: OperationIndex;
  readonly reached: Map<string, OperationEntry>;
  readonly open: Set<string>;
  readonly findings: Finding[];
  readonly deprecations: Map<string, Finding>;
  readonly calls: Set<ts.Node>;
}

/** What leads to a value: a root, then a namespace, then a method. */
type Path = readonly [root: string, ...rest: string[]];

/**
 * Follows the root from every place that names it. What cannot be followed (computed access, a value passed
 * on) opens the namespace, or all of them: no reachable operation is ever missed.
 * @param freeNames references to names that the program does not declare
 */
export function computeEffects(
  file: ts.SourceFile,
  names: Names,
  freeNames: readonly ts.Identifier[],
  index: OperationIndex,
): Effects {
  const draft: Draft = {
    file,
    names,
    index,
    reached: new Map(),
    open: new Set(),
    findings: [],
    deprecations: new Map(),
    calls: new Set(),
  };
  for (const name of freeNames) {
    const member = name.text === GLOBAL_OBJECT ? globalMember(name) : undefined;
    if (index.roots.has(name.text)) follow(draft, name, [name.text]);
    else if (member !== undefined && index.roots.has(member)) follow(draft, outermost(name).parent, [member]);
  }
  const effects = [...draft.reached.values()]
    .map(({ id, effect }) => ({ operation: id, effect }))
    .toSorted((a, b) => (a.operation < b.operation ? -1 : 1));
  const { findings, calls } = draft;
  const deprecations = [...draft.deprecations.values()];
  return { effects, openNamespaces: [...draft.open].toSorted(), findings, deprecations, calls };
}

/** What the value at `path` is used for, one step outwards at a time. */
function follow(draft: Draft, reference: ts.Node, path: Path): void {
  const node = outermost(reference);
  const { parent } = node;
  if (isWhole(path)) followOperation(draft, node, path);
  else if (ts.isPropertyAccessExpression(parent) && parent.expression === node) {
    step(draft, parent, path, parent.name.text, parent.name);
  } else if (ts.isElementAccessExpression(parent) && parent.expression === node) {
    const name = staticName(draft, parent.argumentExpression);
    if (name === undefined) open(draft, path);
    else step(draft, parent, path, name, parent.argumentExpression);
  } else if (ts.isVariableDeclaration(parent) && parent.initializer === node) {
    bind(draft, parent.name, path);
  } else if (!isOnlyTested(node, parent)) open(draft, path);
}

function step(draft: Draft, at: ts.Node, path: Path, name: string, place: ts.Node): void {
  const longer: Path = [...path, name];
  if (exists(draft, longer, place)) follow(draft, at, longer);
}

/** The names that a `const`, or a pattern of any declaration, gives to the value at `path`. */
function bind(draft: Draft, name: ts.BindingName, path: Path): void {
  if (isWhole(path)) reachNamed(draft, name, path);
  const binding = draft.names.bindings.get(name);
  if (binding?.constant) for (const reference of binding.references) follow(draft, reference, path);
  else if (!isWhole(path)) {
    if (ts.isObjectBindingPattern(name))
      for (const element of name.elements) bindElement(draft, element, path);
    else open(draft, path);
  }
}

function bindElement(draft: Draft, element: ts.BindingElement, path: Path): void {
  const key = element.propertyName ?? element.name;
  const member = element.dotDotDotToken ? undefined : memberName(draft, key);
  if (member === undefined) open(draft, path);
  else if (exists(draft, [...path, member], key)) bind(draft, element.name, [...path, member]);
}

function memberName(draft: Draft, key: ts.PropertyName | ts.BindingName): string | undefined {
  if (ts.isIdentifier(key) || ts.isStringLiteralLike(key)) return key.text;
  return ts.isComputedPropertyName(key) ? staticName(draft, key.expression) : undefined;
}

/** The text of a string that the program writes out, directly or in a `const`. */
function staticName(draft: Draft, expression: ts.Expression): string | undefined {
  if (ts.isStringLiteralLike(expression)) return expression.text;
  if (!ts.isIdentifier(expression)) return undefined;
  const binding = draft.names.bindingOf(expression);
  if (!binding?.constant || !ts.isVariableDeclaration(binding.declaration)) return undefined;
  const { initializer, name } = binding.declaration;
  return initializer && ts.isIdentifier(name) && ts.isStringLiteralLike(initializer)
    ? initializer.text
    : undefined;
}

function followOperation(draft: Draft, node: ts.Node, path: Path): void {
  reachNamed(draft, node, path);
  const { parent } = node;
  if (ts.isCallExpression(parent) && parent.expression === node) draft.calls.add(parent);
  else if (ts.isVariableDeclaration(parent) && parent.initializer === node) bind(draft, parent.name, path);
}

/** False, and a finding, when the catalogue has nothing at `path`. */
function exists(draft: Draft, path: Path, place: ts.Node): boolean {
  const { namespace, method } = split(draft.index, path);
  const methods = draft.index.namespaces.get(namespace);
  if (methods !== undefined && (method === undefined || methods.has(method))) return true;
  const called = calledMember(place);
  const last = method ?? called;
  const shown = last === undefined ? namespace : `${namespace}.${last}`;
  const suggestion = suggestOperation(draft.index, namespace, last) ?? '`discover` lists the operations';
  draft.findings.push({
    code: 'UNKNOWN_OPERATION',
    start: place.getStart(draft.file),
    message: `\`${shown}\` does not exist.`,
    suggestion,
  });
  return false;
}

/** `recall`, when the place is `memry` in `athena.memry.recall`. */
function calledMember(place: ts.Node): string | undefined {
  const outer = place.parent.parent;
  const isNext =
    outer !== undefined && ts.isPropertyAccessExpression(outer) && outer.expression === place.parent;
  return isNext ? outer.name.text : undefined;
}

const isWhole = ({ length }: Path): boolean => length === 3;

/** The namespaces of further backends are known by their roots as well. */
function split(
  { rootName }: OperationIndex,
  [root, namespace = '', method]: Path,
): { readonly namespace: string; readonly method: string | undefined } {
  return { namespace: root === rootName ? namespace : `${root}.${namespace}`, method };
}

/** Reaches an operation whose name the program writes. */
function reachNamed(draft: Draft, place: ts.Node, path: Path): void {
  const operation = reach(draft, path);
  if (operation?.deprecated === undefined || draft.deprecations.has(operation.id)) return;
  const { since, use, reason } = operation.deprecated;
  const when = since === undefined ? '' : ` since ${since}`;
  draft.deprecations.set(operation.id, {
    code: 'DEPRECATED_OPERATION',
    start: (ts.isPropertyAccessExpression(place) ? place.name : place).getStart(draft.file),
    message: `\`${operation.id}\` is deprecated${when}${reason === undefined ? '.' : `: ${reason}`}`,
    ...(use === undefined ? {} : { suggestion: `call \`${use}\`` }),
  });
}

function reach(draft: Draft, path: Path): OperationEntry | undefined {
  const { namespace, method = '' } = split(draft.index, path);
  const operation = draft.index.namespaces.get(namespace)?.get(method);
  if (operation !== undefined) draft.reached.set(operation.id, operation);
  return operation;
}

function open(draft: Draft, path: Path): void {
  const { index } = draft;
  const [root, namespace] = path;
  const ofRoot = (operations: ReadonlyMap<string, OperationEntry>): boolean =>
    operations.values().every((operation) => (operation.root ?? index.rootName) === root);
  const opened =
    namespace === undefined
      ? [...index.namespaces].filter(([, operations]) => ofRoot(operations)).map(([name]) => name)
      : [split(index, path).namespace];
  for (const name of opened) {
    draft.open.add(name);
    for (const operation of index.namespaces.get(name)?.values() ?? [])
      draft.reached.set(operation.id, operation);
  }
}

/** Whether the value goes nowhere: it is only tested, or thrown away. */
function isOnlyTested(node: ts.Node, parent: ts.Node): boolean {
  if (ts.isTypeOfExpression(parent) || ts.isVoidExpression(parent)) return true;
  if (ts.isPrefixUnaryExpression(parent)) return parent.operator === ts.SyntaxKind.ExclamationToken;
  return ts.isIfStatement(parent) && parent.expression === node;
}

/** The node with the parentheses and type assertions around it. */
function outermost(node: ts.Node): ts.Node {
  let outer = node;
  while (isWrapper(outer.parent)) outer = outer.parent;
  return outer;
}
