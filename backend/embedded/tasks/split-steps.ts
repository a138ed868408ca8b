import { wordsOf } from '../words.ts';

/** How a text was split into steps. */
export type SplitBy = 'numbering' | 'lines' | 'sentences' | 'connectives' | 'none';

export interface Split {
  readonly by: SplitBy;
  /** Empty, or at least two. */
  readonly steps: readonly string[];
}

const MAX_STEPS = 50;
/** `1.`, `2)` or `Step 3:` at the beginning of a word. */
const NUMBER = /(?:^|\s)(?:step\s+)?(\d{1,2})(?:[.)]|:(?!\d))\s+/gi;
const BULLET = /^\s*[-*•]\s+/;
const SENTENCE_END = /(?<=[.!?;])\s+(?=["'(]?\p{Lu})/u;
const CONNECTIVE = /[,;]?\s+(?:and\s+then|then|after\s+that|afterwards|and\s+finally|finally)\s*,?\s+/i;
const LEADING_CONNECTIVE =
  /^(?:first|firstly|secondly|next|and\s+then|then|after\s+that|afterwards|and\s+finally|finally|lastly)\s*,?\s+/i;
/** After one of these words, `and` goes on with a thing and not with a step. */
const NOT_A_STEP = new Set(
  'the a an its their our your his her this that these those all any both each other of in on at to for with by from'.split(
    ' ',
  ),
);

/**
 * Splits a description of work into the steps that it names itself: by its numbering, else its lines, else its
 * sentences and words like `then`. A text of one step has none.
 */
export function splitSteps(description: string): Split {
  // Runs of blanks would make the patterns below slow.
  const text = description.replace(/[^\S\n]+/g, ' ');
  const numbered = splitNumbered(text);
  if (numbered.length > 1) return { by: 'numbering', steps: numbered };
  const lines = splitLines(text);
  if (lines.length > 1) return { by: 'lines', steps: lines };
  const sentences = text.split(SENTENCE_END);
  const steps = tidy(sentences.flatMap((sentence) => sentence.split(CONNECTIVE)).flatMap(splitAtAnd));
  if (steps.length < 2) return { by: 'none', steps: [] };
  return { by: sentences.length > 1 ? 'sentences' : 'connectives', steps };
}

/** Only numbers that count up from 1 are a numbering; what stands before the first is an introduction. */
function splitNumbered(text: string): readonly string[] {
  const marks = [...text.matchAll(NUMBER)];
  const inOrder = marks.filter((mark, index) => Number(mark[1]) === index + 1);
  if (inOrder.length !== marks.length) return [];
  return tidy(marks.map((mark, index) => text.slice(mark.index + mark[0].length, marks[index + 1]?.index)));
}

function splitLines(text: string): readonly string[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const bullets = lines.filter((line) => BULLET.test(line));
  return tidy((bullets.length > 1 ? bullets : lines).map((line) => line.replace(BULLET, '')));
}

/** `export the users and import them` are two steps, `the old and the new parser` is one thing. */
function splitAtAnd(sentence: string): readonly string[] {
  const steps: string[] = [];
  for (const part of sentence.split(/,?\s+and\s+/i)) {
    const words = wordsOf(part);
    const isStep = words.length > 2 && !NOT_A_STEP.has(words[0] ?? '');
    const before = steps.at(-1);
    if (before === undefined || (isStep && wordsOf(before).length > 2)) steps.push(part);
    else steps[steps.length - 1] = `${before} and ${part}`;
  }
  return steps;
}

function tidy(parts: readonly string[]): readonly string[] {
  return parts
    .map((part) =>
      part
        .replace(/\s+/g, ' ')
        .trim()
        .replace(LEADING_CONNECTIVE, '')
        .replace(/[\s.;,]{1,10}$/, ''),
    )
    .filter((part) => part !== '')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .slice(0, MAX_STEPS);
}
