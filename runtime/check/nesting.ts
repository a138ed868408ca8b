import type { Finding } from './places.ts';

/**
 * Strings (to the end of their line), templates and comments; or one bracket. A rough reading is enough:
 * what slips through overflows the parser's stack, and that is caught.
 */
const PIECE =
  /'(?:\\.|[^'\\\n])*'?|"(?:\\.|[^"\\\n])*"?|`(?:\\[\s\S]|[^`\\])*`?|\/\/.*|\/\*(?:[^*]|\*(?!\/))*(?:\*\/)?|[([{]|[)\]}]/g;

/**
 * How deep brackets are nested, read before the parser sees the code: 100,000 parentheses would overflow
 * its stack.
 */
export function checkNesting(text: string, limit: number): readonly Finding[] {
  let depth = 0;
  for (const piece of text.matchAll(PIECE)) {
    const first = piece[0];
    if (first === '(' || first === '[' || first === '{') depth++;
    else if (first === ')' || first === ']' || first === '}') depth = Math.max(0, depth - 1);
    if (depth > limit) {
      const message = `Brackets are nested deeper than limit nesting (${limit}).`;
      return [{ ...nestedTooDeep(piece.index, message), limit: { name: 'nesting', value: limit } }];
    }
  }
  return [];
}

/** Stands for whatever would overflow a stack in the parser, in a walk over the tree or in V8: no setting is to blame. */
export function nestedTooDeep(start: number, message: string): Finding {
  const suggestion = 'split the expression, or build the value in a loop';
  return { code: 'NESTING_TOO_DEEP', start, message, suggestion };
}
