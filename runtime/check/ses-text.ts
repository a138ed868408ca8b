import ts from 'typescript';
import { applyBlanks, type Blank, type Insert } from './edits.ts';
import type { Finding } from './places.ts';

/**
 * A text that SES refuses wherever it stands, also in strings and comments.
 * The patterns are SES's own, from `ses/src/transforms.js`; a test holds them against it.
 */
interface SesPattern {
  readonly what: string;
  readonly pattern: RegExp;
  /** Which character of the match is written as an escape inside a literal: never one after a backslash. */
  readonly escaped: number;
}

export const SES_PATTERNS: readonly SesPattern[] = [
  // The second dash: in a regular expression the characters before it can be a lookbehind or a range.
  { what: '<!--', pattern: /<!--/g, escaped: 3 },
  { what: '-->', pattern: /-->/g, escaped: 2 },
  { what: 'import(', pattern: /(?<=^|[^.]|\.\.\.)\bimport(?=\s*(?:\(|\/[/*]))/g, escaped: 1 },
  { what: 'eval(', pattern: /(?<=^|[^.])\beval(?=\s*\()/g, escaped: 1 },
];

export interface SesText {
  readonly blanks: readonly Blank[];
  readonly inserts: readonly Insert[];
  readonly findings: readonly Finding[];
}

interface Draft {
  readonly file: ts.SourceFile;
  readonly blanks: Blank[];
  readonly inserts: Insert[];
  readonly findings: Finding[];
}

/**
 * Rewrites with equal meaning what SES would refuse for its text alone: escapes in literals and in
 * members' names, spaces in comments and between operators.
 * @param text the blanked text, at the positions of `file`
 */
export function adaptToSes(file: ts.SourceFile, text: string): SesText {
  const draft: Draft = { file, blanks: [], inserts: [], findings: [] };
  // Comments first: a comment after `import` makes it match as well.
  for (const { pattern } of SES_PATTERNS)
    for (const { index, 0: match } of text.matchAll(pattern))
      blankCommentsAt(draft, text, index, index + match.length);
  const rest = applyBlanks(text, draft.blanks);
  for (const row of SES_PATTERNS)
    for (const { index, 0: match } of rest.matchAll(row.pattern)) adapt(draft, row, index, match);
  return draft;
}

function blankCommentsAt(draft: Draft, text: string, start: number, end: number): void {
  const next = /^\s*\/[/*]/.exec(text.slice(end));
  const places = next === null ? [start] : [start, end + next[0].length - 1];
  for (const place of places) {
    const comment = commentAt(draft.file, place);
    if (comment !== undefined) draft.blanks.push({ start: comment.pos, end: comment.end });
  }
}

function adapt(draft: Draft, row: SesPattern, index: number, match: string): void {
  const at = index + row.escaped;
  const token = tokenAt(draft.file, index);
  if (ts.isTemplateLiteralToken(token) && isTagged(token)) {
    refuse(
      draft,
      index,
      `A tagged template cannot contain \`${row.what}\`.`,
      'build the text with an untagged template',
    );
  } else if (
    ts.isLiteralExpression(token) ||
    ts.isTemplateMiddleOrTemplateTail(token) ||
    ts.isTemplateHead(token)
  ) {
    const hex = match.charCodeAt(row.escaped).toString(16);
    // The escape takes the place of one character: three more are inserted after a lead of one.
    draft.blanks.push({ start: at, end: at + 1, lead: '\\' });
    draft.inserts.push({ at: at + 1, text: `x${hex}` });
  } else if (row.what === '-->') draft.inserts.push({ at, text: ' ' });
  else if (row.what === '<!--') {
    refuse(
      draft,
      index,
      'An HTML comment is not JavaScript.',
      'use `//`; for the operators, write `a < !(--b)`',
    );
  } else if (isMemberName(token)) {
    // A member's name may be spelled with an escape: neither `import()` nor a direct `eval()` may.
    const hex = match.charCodeAt(0).toString(16).padStart(4, '0');
    draft.blanks.push({ start: index, end: index + 1, lead: '\\' });
    draft.inserts.push({ at: index + 1, text: `u${hex}` });
  } else {
    refuse(draft, index, `\`${match}\` cannot be called.`, `choose another name than \`${match}\``);
  }
}

/** Whether the token names a member, where it is declared or used: no name that could mean an evaluator. */
function isMemberName(token: ts.Node): boolean {
  if (ts.isPrivateIdentifier(token)) return true;
  const { parent } = token;
  if (!ts.isIdentifier(token) || parent === undefined) return false;
  if (ts.isMethodDeclaration(parent) || ts.isAccessor(parent) || ts.isPropertyAccessExpression(parent))
    return parent.name === token;
  return false;
}

function refuse(draft: Draft, start: number, message: string, suggestion: string): void {
  draft.findings.push({ code: 'FORBIDDEN_SYNTAX', start, message, suggestion });
}

/** The deepest node that begins at or before the position, spaces and comments before it included. */
function tokenAt(file: ts.SourceFile, position: number): ts.Node {
  let node: ts.Node = file;
  for (let inner: ts.Node | undefined = file; inner !== undefined; ) {
    node = inner;
    inner = ts.forEachChild(node, (child) =>
      child.pos <= position && position < child.end ? child : undefined,
    );
  }
  return node;
}

function isTagged(token: ts.Node): boolean {
  const template = ts.isNoSubstitutionTemplateLiteral(token)
    ? token
    : ts.findAncestor(token, (node) => ts.isTemplateExpression(node));
  return template !== undefined && ts.isTaggedTemplateExpression(template.parent);
}

/** The comment around the position. Comments stand between tokens only. */
function commentAt(file: ts.SourceFile, position: number): ts.CommentRange | undefined {
  const node = tokenAt(file, position);
  if (node.getStart(file) <= position && node.getChildCount(file) === 0) return undefined;
  for (let at: ts.Node | undefined = node; at !== undefined; at = at.parent) {
    for (const gap of gapsOf(at, file)) {
      const ranges = [
        ...(ts.getLeadingCommentRanges(file.text, gap) ?? []),
        ...(ts.getTrailingCommentRanges(file.text, gap) ?? []),
      ];
      const found = ranges.find(({ pos, end }) => pos <= position && position < end);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** Where comments can begin: at the start of the node's tokens, and after them. */
function gapsOf(node: ts.Node, file: ts.SourceFile): readonly number[] {
  return [node.pos, node.end, ...node.getChildren(file).flatMap((child) => [child.pos, child.end])];
}
