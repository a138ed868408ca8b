import ts from 'typescript';
import type { OperationEntry } from '../contract/catalogue.ts';
import type { ProgramEffect } from '../contract/program.ts';
import { type KnownSkills, SKILLS_ROOT } from '../contract/skill.ts';
import { globalMember } from './apply-rules.ts';
import { isWrapper } from './erased.ts';
import type { Names } from './names.ts';
import { type OperationIndex, suggestOperation } from './operation-index.ts';
import type { Finding } from './places.ts';
import { GLOBAL_OBJECT } from './rules.ts';
import { explainSkill, SKILLS_AS_VALUE } from './skill-calls.ts';

/** What a program can do, as its text shows. */
export interface Effects {
  readonly effects: readonly ProgramEffect[];
  readonly openNamespaces: readonly string[];
  /** The skills that are named, sorted. */
  readonly skills: readonly string[];
  readonly findings: readonly Finding[];
  /** Deprecated operations that are named, each where it is named first. */
  readonly deprecations: readonly Finding[];
  /** The calls of operations and skills that are named: a wrong argument breaks the run. */
  readonly calls: ReadonlySet<ts.Node>;
}

interface Draft {
  readonly file: ts.SourceFile;
  readonly names: Names;
  readonly index: OperationIndex;
  readonly known: KnownSkills;
  readonly skills: Set<string>;
  readonly reached: Map<string, OperationEntry>;
  readonly open: Set<string>;
  readonly findings: Finding[];
  readonly deprecations: Map<string, Finding>;
  readonly calls: Set<ts.Node>;
}

/** What leads to a value: a root, then a namespace, then a method; or the skills, then the name of one. */
type Path = readonly [root: string, ...rest: string[]];

/**
 * Follows the root from every place that names it. What cannot be followed (computed access, a value passed
 * on) opens the namespace, or all of them: no reachable operation is ever missed.
 * @param freeNames references to names that the program does not declare
 * @param known the skills that it can call
 */
export function computeEffects(
  file: ts.SourceFile,
  names: Names,
  freeNames: readonly ts.Identifier[],
  index: OperationIndex,
  known: KnownSkills,
): Effects {
  const draft: Draft = {
    file,
    names,
    index,
    known,
    skills: new Set(),
    reached: new Map(),
    open: new Set(),
    findings: [],
    deprecations: new Map(),
    calls: new Set(),
  };
  for (const name of freeNames) {
    const member = name.text === GLOBAL_OBJECT ? globalMember(name) : undefined;
    if (isRoot(index, name.text)) follow(draft, name, [name.text]);
    else if (member !== undefined && isRoot(index, member)) follow(draft, outermost(name).parent, [member]);
  }
  const effects = [...draft.reached.values()]
    .map(({ id, effect }) => ({ operation: id, effect }))
    .toSorted((a, b) => (a.operation < b.operation ? -1 : 1));
  const { findings, calls } = draft;
  const deprecations = [...draft.deprecations.values()];
  const openNamespaces = [...draft.open].toSorted();
  return { effects, openNamespaces, skills: [...draft.skills].toSorted(), findings, deprecations, calls };
}

const isRoot = ({ roots }: OperationIndex, name: string): boolean => name === SKILLS_ROOT || roots.has(name);
const isOfSkills = ([root]: Path): boolean => root === SKILLS_ROOT;

/** What the value at `path` is used for, one step outwards at a time. */
function follow(draft: Draft, reference: ts.Node, path: Path): void {
  const node = outermost(reference);
  const { parent } = node;
  if (isWhole(path)) followOperation(draft, node, path);
  else if (ts.isPropertyAccessExpression(parent) && parent.expression === node) {
    step(draft, parent, path, parent.name.text, parent.name);
  } else if (ts.isElementAccessExpression(parent) && parent.expression === node) {
    const name = staticName(draft, parent.argumentExpression);
    if (name === undefined) open(draft, node, path);
    else step(draft, parent, path, name, parent.argumentExpression);
  } else if (ts.isVariableDeclaration(parent) && parent.initializer === node) {
    bind(draft, parent.name, path);
  } else if (!isOnlyTested(node, parent)) open(draft, node, path);
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
    else open(draft, name, path);
  }
}

function bindElement(draft: Draft, element: ts.BindingElement, path: Path): void {
  const key = element.propertyName ?? element.name;
  const member = element.dotDotDotToken ? undefined : memberName(draft, key);
  if (member === undefined) open(draft, element, path);
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
  if (isOfSkills(path)) return isSkill(draft, path[1] ?? '', place);
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

/** False, and a finding, when the skill cannot be called. */
function isSkill({ file, index, known, skills, findings }: Draft, name: string, place: ts.Node): boolean {
  skills.add(name);
  const fault = explainSkill(name, known, index);
  if (fault !== undefined) findings.push({ ...fault, start: place.getStart(file) });
  return fault === undefined;
}

/** `recall`, when the place is `memry` in `athena.memry.recall`. */
function calledMember(place: ts.Node): string | undefined {
  const outer = place.parent.parent;
  const isNext =
    outer !== undefined && ts.isPropertyAccessExpression(outer) && outer.expression === place.parent;
  return isNext ? outer.name.text : undefined;
}

const isWhole = (path: Path): boolean => path.length === (isOfSkills(path) ? 2 : 3);

/** The namespaces of further backends are known by their roots as well. */
function split(
  { rootName }: OperationIndex,
  [root, namespace = '', method]: Path,
): { readonly namespace: string; readonly method: string | undefined } {
  return { namespace: root === rootName ? namespace : `${root}.${namespace}`, method };
}

/** Reaches an operation whose name the program writes. */
function reachNamed(draft: Draft, place: ts.Node, path: Path): void {
  if (isOfSkills(path)) return;
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

function open(draft: Draft, place: ts.Node, path: Path): void {
  const { index } = draft;
  if (isOfSkills(path)) {
    draft.findings.push({ ...SKILLS_AS_VALUE, start: place.getStart(draft.file) });
    return;
  }
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
