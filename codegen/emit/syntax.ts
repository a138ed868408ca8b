import ts from 'typescript';
import type { JsonValue } from '../../runtime/contract/json.ts';

const { factory: make, SyntaxKind } = ts;
const printer = ts.createPrinter({ newLine: ts.NewLineKind.LineFeed });
const nowhere = ts.createSourceFile('generated.ts', '', ts.ScriptTarget.Latest);

/** The text of a file of statements, indented by two spaces. No token but a comment spans lines. */
export function printFile(statements: readonly ts.Statement[]): string {
  const end = make.createToken(SyntaxKind.EndOfFileToken);
  const text = printer.printFile(make.createSourceFile(statements, end, ts.NodeFlags.None));
  return text.replace(/^(?: {4})+/gm, (indent) => ' '.repeat(indent.length / 2));
}

/** The text of one node. */
export function printNode(node: ts.Node): string {
  return printer.printNode(ts.EmitHint.Unspecified, node, nowhere);
}

/** A string literal in single quotes, escaped; letters of all languages stay readable. */
export function stringLiteral(text: string): ts.StringLiteral {
  const literal = make.createStringLiteral(text, true);
  // Half a surrogate pair would not survive the file's encoding.
  return text.isWellFormed() ? ts.setEmitFlags(literal, ts.EmitFlags.NoAsciiEscaping) : literal;
}

/** A member's name: bare where it is an identifier, else quoted. */
export function memberName(name: string): ts.Identifier | ts.StringLiteral {
  const bare = /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name) && name !== '__proto__' && name !== 'constructor';
  return bare ? make.createIdentifier(name) : stringLiteral(name);
}

/** A JSON value as an expression on one line. */
export function literal(value: JsonValue): ts.Expression {
  if (value === null) return make.createNull();
  if (typeof value === 'string') return stringLiteral(value);
  if (typeof value === 'number') return numeric(value);
  if (typeof value === 'boolean') return value ? make.createTrue() : make.createFalse();
  if (isList(value)) return make.createArrayLiteralExpression(value.map(literal));
  const members = Object.entries(value).map(([name, inner]) => {
    const key =
      name === '__proto__' ? make.createComputedPropertyName(stringLiteral(name)) : memberName(name);
    return make.createPropertyAssignment(key, literal(inner));
  });
  return make.createObjectLiteralExpression(members);
}

/** A number as an expression; a negative one with its sign before it. */
export function numeric(value: number): ts.NumericLiteral | ts.PrefixUnaryExpression {
  const size = make.createNumericLiteral(Math.abs(value));
  return value < 0 ? make.createPrefixUnaryExpression(SyntaxKind.MinusToken, size) : size;
}

/** `Array.isArray` for JSON values, whose lists are read-only. */
export function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** Puts a documentation comment before a node. No text can end the comment or become a tag of its own. */
export function addDocumentation<T extends ts.Node>(
  node: T,
  text: string,
  tags: readonly (readonly [tag: string, text: string])[] = [],
): T {
  const prose = text.trim() === '' ? [] : clean(text).split('\n');
  const lines = [
    ...prose,
    ...tags.map(([tag, value]) => `@${tag} ${clean(value).replaceAll('\n', ' ')}`.trimEnd()),
  ];
  if (lines.length === 0) return node;
  const body = lines.length === 1 ? `* ${lines[0]} ` : `*\n${lines.map((line) => ` * ${line}\n`).join('')} `;
  return ts.addSyntheticLeadingComment(node, SyntaxKind.MultiLineCommentTrivia, body, true);
}

/** Puts a short comment after a node. */
export function addRemark<T extends ts.Node>(node: T, text: string): T {
  if (text === '') return node;
  const body = ` ${clean(text).replaceAll('\n', ' ')} `;
  return ts.addSyntheticTrailingComment(node, SyntaxKind.MultiLineCommentTrivia, body, false);
}

/** Lets a node be printed on one line. */
export function onOneLine<T extends ts.Node>(node: T): T {
  return ts.setEmitFlags(node, ts.EmitFlags.SingleLine);
}

/** A text as a comment can hold it: it does not end the comment, is of whole characters, and has no tags. */
function clean(text: string): string {
  const lines = text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replaceAll('*/', '*\\/');
  const visible = lines.replace(/[^\n\P{Cc}]/gu, ' ').trim();
  // Where a line begins, be it with asterisks, and after a space, an `@` would begin a tag.
  return visible.replace(/(^|[\s*])@/g, '$1\\@');
}
