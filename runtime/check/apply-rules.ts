import ts from 'typescript';
import { LANGUAGE_NAMES } from '../contract/language.ts';
import type { Limits } from '../contract/limits.ts';
import { isErased, isWrapper } from './erased.ts';
import type { Binding, Names } from './names.ts';
import { nestedTooDeep } from './nesting.ts';
import type { Finding } from './places.ts';
import { GLOBAL_OBJECT, NAME_RULES, type NameRule, SYNTAX_RULES, type SyntaxRule } from './rules.ts';

/** Nodes of the tree that make up one level of nesting as a person sees it: a call in a block in a function. */
const NODES_PER_LEVEL = 4;

const RULE_OF_NAME: ReadonlyMap<string, NameRule> = new Map(
  NAME_RULES.flatMap((rule) => rule.names.map((name) => [name, rule] as const)),
);
const RULES_OF_KIND: ReadonlyMap<ts.SyntaxKind, readonly SyntaxRule[]> = new Map(
  SYNTAX_RULES.flatMap(({ kinds }) => kinds).map((kind) => [
    kind,
    SYNTAX_RULES.filter((rule) => rule.kinds.includes(kind)),
  ]),
);

/**
 * Holds the program against the tables of `rules.ts`, and its literals and its depth against their limits.
 * @param freeNames references to names that the program does not declare
 */
export function applyRules(
  file: ts.SourceFile,
  names: Names,
  freeNames: readonly ts.Identifier[],
  limits: Limits,
): readonly Finding[] {
  const findings: Finding[] = [];
  const { depth, node } = names.deepest;
  if (depth > limits.nesting * NODES_PER_LEVEL) {
    const message = `The syntax is nested ${depth} nodes deep, more than limit nesting (${limits.nesting}) allows.`;
    return [nestedTooDeep(node.getStart(file), message)];
  }
  for (const name of freeNames) {
    const finding = checkName(file, name);
    if (finding) findings.push(finding);
  }
  const visit = (at: ts.Node): void => {
    for (const rule of RULES_OF_KIND.get(at.kind) ?? [])
      if (rule.when?.(at) !== false) findings.push(refuse(file, at, rule));
    const tooLong = checkLiteral(file, at, limits.stringLiteralBytes);
    if (tooLong) findings.push(tooLong);
    if (!isErased(at) || !ts.isTypeNode(at)) ts.forEachChild(at, visit);
  };
  visit(file);
  return findings;
}

function refuse(file: ts.SourceFile, node: ts.Node, rule: SyntaxRule): Finding {
  const { code, why: message, suggestion } = rule;
  return { code, start: node.getStart(file), message, ...(suggestion === undefined ? {} : { suggestion }) };
}

function checkName(file: ts.SourceFile, identifier: ts.Identifier): Finding | undefined {
  const start = identifier.getStart(file);
  if (identifier.text !== GLOBAL_OBJECT) return refuseName(identifier.text, start);
  const member = globalMember(identifier);
  if (member !== undefined && member !== GLOBAL_OBJECT) return refuseName(member, start);
  return {
    code: 'FORBIDDEN_GLOBAL',
    start,
    message: `\`${GLOBAL_OBJECT}\` is not available as a value: a program's names are read one by one.`,
    suggestion: 'write the name itself; keep values of your own in a `const` or with `session.set`',
  };
}

function refuseName(name: string, start: number): Finding | undefined {
  const rule = RULE_OF_NAME.get(name);
  if (rule === undefined) return undefined;
  const { code, why, suggestion } = rule;
  const message = `\`${name}\` is not available: ${why}.`;
  return { code, start, message, ...(suggestion === undefined ? {} : { suggestion }) };
}

const LANGUAGE: ReadonlySet<string> = new Set(LANGUAGE_NAMES);

/**
 * Names that neither the language nor the guest has. The type checker finds them too, and says more; this is
 * for a program whose types were too slow to check: slow types must not open the gate for a name.
 * @param globals the names that exist in the guest beside those of the language
 */
export function checkDeclared(
  file: ts.SourceFile,
  freeNames: readonly ts.Identifier[],
  globals: ReadonlySet<string>,
): readonly Finding[] {
  // A program that asks `typeof` for a name knows that it may not exist.
  const askedFor = new Set(
    freeNames.filter(({ parent }) => ts.isTypeOfExpression(parent)).map(({ text }) => text),
  );
  return freeNames
    .filter(({ text }) => !LANGUAGE.has(text) && !globals.has(text) && !askedFor.has(text))
    .map((name) => {
      const message = `Cannot find name '${name.text}'.`;
      return { code: 'TYPE_ERROR', start: name.getStart(file), message };
    });
}

/**
 * The member's name when the reference only reads one by a static name: `globalThis.Math`. Undefined for
 * everything else, also for writing it.
 */
export function globalMember(reference: ts.Identifier): string | undefined {
  let node: ts.Node = reference;
  while (isWrapper(node.parent)) node = node.parent;
  const access = node.parent;
  if (isAssigned(access)) return undefined;
  if (ts.isPropertyAccessExpression(access) && access.expression === node) return access.name.text;
  if (!ts.isElementAccessExpression(access) || access.expression !== node) return undefined;
  return ts.isStringLiteralLike(access.argumentExpression) ? access.argumentExpression.text : undefined;
}

function isAssigned(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isDeleteExpression(parent)) return true;
  if (ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent))
    return (
      parent.operator === ts.SyntaxKind.PlusPlusToken || parent.operator === ts.SyntaxKind.MinusMinusToken
    );
  if (!ts.isBinaryExpression(parent) || parent.left !== node) return false;
  const operator = parent.operatorToken.kind;
  return operator >= ts.SyntaxKind.FirstAssignment && operator <= ts.SyntaxKind.LastAssignment;
}

function checkLiteral(file: ts.SourceFile, node: ts.Node, limit: number): Finding | undefined {
  if (!ts.isLiteralExpression(node) && !ts.isTemplateMiddleOrTemplateTail(node) && !ts.isTemplateHead(node))
    return undefined;
  if (node.end - node.pos <= limit / 3) return undefined;
  const bytes = Buffer.byteLength(node.getText(file));
  if (bytes <= limit) return undefined;
  return {
    code: 'STRING_TOO_LONG',
    start: node.getStart(file),
    message: `The literal has ${bytes} bytes, more than limit stringLiteralBytes (${limit}).`,
    suggestion: 'cut it into several parts, or store the text with an operation',
    limit: { name: 'stringLiteralBytes', value: limit },
  };
}

/** References that mean a name of the guest: free ones, and those whose declaration was blanked. */
export function freeNames(names: Names, released: ReadonlySet<Binding>): readonly ts.Identifier[] {
  const blanked = [...released].flatMap((binding) => binding.references);
  return [...names.free, ...blanked].toSorted((a, b) => a.pos - b.pos);
}
