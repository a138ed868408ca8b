import ts from 'typescript';
import { isWrapper } from './erased.ts';
import { nodeAt } from './node-at.ts';
import type { TypeFinding } from './type-checker.ts';

const NO_OVERLOAD = 2769;
/**
 * What TypeScript says of a call whose arguments fit none of its signatures: it goes on with any of them. Where
 * there is only one, there is no doubt about what `new` makes.
 */
const UNRESOLVED: ReadonlySet<number> = new Set([2345, NO_OVERLOAD]);

/**
 * Tells whether the type of a value was only made up, because it comes from a call that TypeScript could not
 * resolve: `rows.reduce((all, row) => [...all, row.id], [])` is no row.
 */
export type IsUnsure = (value: ts.Expression) => boolean;

/** @param operations the calls of operations: each has one signature, and its result is what it says */
export function readUnsure(
  file: ts.SourceFile,
  findings: readonly TypeFinding[],
  operations: ReadonlySet<ts.Node>,
): IsUnsure {
  const calls = new Set<ts.Node>();
  for (const { code, start } of findings) {
    if (!UNRESOLVED.has(code)) continue;
    for (const call of refusingCalls(nodeAt(file, start), start))
      if (!operations.has(call) && (code === NO_OVERLOAD || !ts.isNewExpression(call))) calls.add(call);
  }
  if (calls.size === 0) return () => false;
  const names = new Set<string>();
  const isUnsure: IsUnsure = (value) => {
    for (let at: ts.Expression | undefined = value; at !== undefined; at = origin(at)) {
      if (calls.has(at)) return true;
      if (ts.isIdentifier(at)) return names.has(at.text);
    }
    return false;
  };
  // In the order of the code: what a name stands for was mostly declared before.
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) || ts.isParameter(node)) {
      const value = valueBehind(node);
      if (value !== undefined && isUnsure(value)) addNames(names, node.name);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return isUnsure;
}

/**
 * The calls that the diagnostic may be about: the one with an argument that begins there, else the nearest; and
 * the one that takes the callback which returns what begins there.
 */
function refusingCalls(node: ts.Node, start: number): readonly ts.Node[] {
  const takes = (at: ts.Node): boolean =>
    ts.isCallOrNewExpression(at) && (at.arguments ?? []).some((argument) => argument.getStart() === start);
  const returned = ts.findAncestor(node, (at) => at.parent?.getStart() !== start)?.parent;
  const callback =
    returned && (ts.isReturnStatement(returned) || ts.isArrowFunction(returned)) ? returned : undefined;
  return [
    ts.findAncestor(node, takes) ?? ts.findAncestor(node, ts.isCallOrNewExpression),
    ts.findAncestor(callback, ts.isFunctionLike)?.parent,
  ].filter((call) => call !== undefined);
}

/** The expression that a value is taken from: `rows` of `rows.map(f)[0].id`. */
function origin(value: ts.Expression): ts.Expression | undefined {
  const isStep =
    ts.isCallExpression(value) ||
    ts.isPropertyAccessExpression(value) ||
    ts.isElementAccessExpression(value) ||
    ts.isAwaitExpression(value) ||
    ts.isSpreadElement(value);
  return isStep || isWrapper(value) ? value.expression : undefined;
}

/** What a variable, or the parameter of a callback, gets its value from. */
export function valueBehind(
  node: ts.VariableDeclaration | ts.ParameterDeclaration,
): ts.Expression | undefined {
  if (ts.isVariableDeclaration(node)) {
    const loop = node.parent.parent;
    return node.initializer ?? (ts.isForOfStatement(loop) ? loop.expression : undefined);
  }
  const call = node.parent.parent;
  const isCallback = ts.isCallExpression(call) && call.expression !== node.parent;
  return isCallback && node.type === undefined ? call.expression : undefined;
}

function addNames(names: Set<string>, name: ts.BindingName): void {
  if (ts.isIdentifier(name)) names.add(name.text);
  else for (const element of name.elements) if (ts.isBindingElement(element)) addNames(names, element.name);
}
