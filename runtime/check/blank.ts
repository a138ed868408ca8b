import { blankSourceFile } from 'ts-blank-space';
import ts from 'typescript';
import type { Blank, Insert } from './edits.ts';
import type { Finding } from './places.ts';

/** The program without its types: every identifier where it was. */
export interface Blanked {
  readonly text: string;
  /** What is left to do for assertions of the form `<T>value`: parentheses take the place of the type. */
  readonly blanks: readonly Blank[];
  readonly inserts: readonly Insert[];
  readonly findings: readonly Finding[];
}

/** Line ends of ECMAScript that the blanker takes for any other character. */
const RARE_LINE_END = /\r(?!\n)|[\u2028\u2029]/g;

/** Blanks the types in the tree that was parsed once. The length never changes, nor does any line's end. */
export function blankTypes(file: ts.SourceFile): Blanked {
  const blanks: Blank[] = [];
  const inserts: Insert[] = [];
  const findings: Finding[] = [];
  const text = blankKnownLineEnds(file, (node: ts.Node) => {
    // In parentheses, `<T>x++` would go on with a parenthesis or a bracket in the next line.
    if (ts.isTypeAssertionExpression(node) && !ts.isPostfixUnaryExpression(node.expression)) {
      blanks.push({ start: node.getStart(file), end: node.expression.getStart(file), lead: '(' });
      inserts.push({ at: node.expression.end, text: ')' });
    } else findings.push(notErasable(file, node));
  });
  return { text, blanks, inserts, findings };
}

/** Shows the blanker a newline for every line's end, so that it keeps them all and no type hides one. */
function blankKnownLineEnds(file: ts.SourceFile, onError: (node: ts.Node) => void): string {
  const rare = [...file.text.matchAll(RARE_LINE_END)];
  if (rare.length === 0) return blankSourceFile(file, onError);
  const known = file.text.replace(RARE_LINE_END, '\n');
  let text = blankSourceFile(Object.create(file, { getFullText: { value: () => known } }), onError);
  for (const { index, 0: end } of rare) {
    if (text[index] === '\n') text = text.slice(0, index) + end + text.slice(index + 1);
  }
  return text;
}

function notErasable(file: ts.SourceFile, node: ts.Node): Finding {
  const isAssertion = ts.isAssertionExpression(node) || ts.isSatisfiesExpression(node);
  return {
    code: 'FORBIDDEN_SYNTAX',
    start: node.getStart(file),
    message: isAssertion
      ? 'Without the type assertion, the expression would be read in another order.'
      : 'The construct is not only a type: it cannot be erased.',
    suggestion: isAssertion
      ? 'put parentheses around the value and its assertion'
      : 'write it in plain JavaScript',
  };
}
