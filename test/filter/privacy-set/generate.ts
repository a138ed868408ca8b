/** Writes the labelled set: `node test/filter/privacy-set/generate.ts`. The same lines in every run. */
import { writeFileSync } from 'node:fs';
import { createDraw } from './draw.ts';
import { FILE, type Line, printLines } from './line.ts';
import { drawNegative, NEGATIVE_FORMS } from './negatives.ts';
import { drawCard, drawEmail, drawIban, drawId, drawIp, drawPhone, drawSecret } from './positives.ts';

export const SEED = 20_261_126;
const OF_EACH_KIND = 100;
const IDS = 210;
const OF_EACH_NEGATIVE = 12;

const many = (count: number, make: (at: number) => Line): readonly Line[] =>
  Array.from({ length: count }, (_, at) => make(at));

/** @param seed another one draws another set of the same forms */
export function generate(seed: number): readonly Line[] {
  const draw = createDraw(seed);
  return [
    ...[drawEmail, drawPhone, drawCard, drawIban, drawIp, drawSecret].flatMap((make) =>
      many(OF_EACH_KIND, () => make(draw)),
    ),
    ...many(IDS, () => drawId(draw)),
    ...many(NEGATIVE_FORMS * OF_EACH_NEGATIVE, (at) => drawNegative(draw, at)),
  ];
}

if (import.meta.main) writeFileSync(FILE, printLines(generate(SEED)));
