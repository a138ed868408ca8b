import { sliceTypings, type TypingsPart } from './slice-typings.ts';
import { chooseParts, createPartFinder, type TypingsLimits } from './touched-parts.ts';

/** The files that parts are loaded into. They are always there, so that only their texts change, not the project. */
const SLOTS = 16;
/** So many parts have their stand-ins in one file, which is read again when one of them comes or goes. */
const GROUP = 32;

/**
 * Puts the typings among the files: whole, or what all programs need of them.
 * @param texts by path
 * @param stem what the new paths begin with
 * @returns what puts in the rest, for each program the parts that it touches, and gives the paths that changed
 */
export function openTypingsFiles(
  texts: Map<string, string>,
  stem: string,
  typings: string,
  limits: TypingsLimits,
): (program: string) => readonly string[] {
  const isWhole = typings.length <= limits.whole;
  const { base, parts } = isWhole ? { base: typings, parts: [] } : sliceTypings(typings);
  texts.set(`${stem}.d.ts`, condense(base));
  return isWhole ? () => [] : openParts(texts, stem, parts, limits);
}

function openParts(
  texts: Map<string, string>,
  stem: string,
  parts: readonly TypingsPart[],
  limits: TypingsLimits,
): (program: string) => readonly string[] {
  const findTouched = createPartFinder(parts);
  const slots = Array.from({ length: SLOTS }, (_, at) => new Slot(`${stem}-${at}.d.ts`));
  const groups = Array.from({ length: Math.ceil(parts.length / GROUP) }, (_, at) => ({
    path: `${stem}-absent-${at}.d.ts`,
    parts: parts.slice(at * GROUP, (at + 1) * GROUP),
  }));
  let held: ReadonlySet<TypingsPart> = new Set();
  const write = (): readonly string[] => {
    const written = [
      ...slots.map((slot) => [slot.path, slot.text] as const),
      ...groups.map((group) => {
        const absent = group.parts.filter((part) => !held.has(part));
        return [group.path, absent.map(({ standIn }) => standIn).join('')] as const;
      }),
    ].filter(([path, text]) => texts.get(path) !== text);
    for (const [path, text] of written) texts.set(path, text);
    return written.map(([path]) => path);
  };
  write();
  return (program) => {
    const chosen = chooseParts(held, findTouched(program), limits);
    const added = [...chosen].filter((part) => !held.has(part));
    const isSame = added.length === 0 && chosen.size === held.size;
    held = chosen;
    if (isSame) return [];
    for (const slot of slots) slot.keep(held);
    for (const part of added) slots.toSorted((a, b) => a.size - b.size)[0]?.add(part);
    return write();
  };
}

/** A file with the parts that are loaded into it. */
class Slot {
  readonly path: string;
  readonly #texts = new Map<TypingsPart, string>();

  constructor(path: string) {
    this.path = path;
  }

  get size(): number {
    return this.#texts.size;
  }

  get text(): string {
    return [...this.#texts.values()].join('');
  }

  add(part: TypingsPart): void {
    this.#texts.set(part, condense(part.text));
  }

  keep(parts: ReadonlySet<TypingsPart>): void {
    for (const part of this.#texts.keys()) if (!parts.has(part)) this.#texts.delete(part);
  }
}

/** Without documentation and indentation: two thirds of the typings, of which no diagnostic has a word. */
function condense(typings: string): string {
  return typings.replace(/^ *\/\*\*[\s\S]*?\*\/\n?|^ +/gm, '');
}
