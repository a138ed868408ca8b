/** Lines under a heading, of which only the first few may fit. */
export interface Section {
  /** Empty for none. */
  readonly heading: string;
  /** Shown whole or not at all. */
  readonly items: readonly string[];
  /** The line that stands for the last `left` items: how many they are, and how to get them. */
  readonly more: (left: number) => string;
}

export interface FittedText {
  readonly text: string;
  /** How many of its items each section shows. */
  readonly shown: readonly number[];
}

/**
 * Puts sections between a head and a foot. What does not fit is left out by whole items, from the end, and a
 * line in its place says so; where there are too many sections even for that, whole sections are.
 * @param maxBytes in UTF-8; head and foot must fit
 * @param moreSections the line that stands for the last `left` sections
 */
export function fitSections(
  head: string,
  sections: readonly Section[],
  foot: string,
  maxBytes: number,
  moreSections: (left: number) => string,
): FittedText {
  const frame = bytesOf(head) + bytesOf(foot);
  const named = countFitting(sections, maxBytes - frame, moreSections);
  const kept = sections.slice(0, named);
  const omitted = named < sections.length ? moreSections(sections.length - named) : '';
  let free = maxBytes - frame - bytesOf(omitted);
  for (const section of kept) free -= leastBytes(section);
  const shown = kept.map((section) => {
    const { count, bytes } = takeItems(section, free);
    free -= bytes;
    return count;
  });
  const bodies = kept.map((section, index) => printSection(section, shown[index] ?? 0));
  return {
    text: [head, ...bodies, omitted, foot].filter((part) => part !== '').join('\n'),
    shown: sections.map((_, index) => shown[index] ?? 0),
  };
}

/** Bytes of a part with the line break that follows it; an empty part is not printed. */
export function bytesOf(part: string): number {
  return part === '' ? 0 : Buffer.byteLength(part) + 1;
}

/** How many sections fit when none of them shows an item. */
function countFitting(
  sections: readonly Section[],
  budget: number,
  moreSections: (left: number) => string,
): number {
  let used = 0;
  let fitting = 0;
  for (const [index, section] of sections.entries()) {
    used += leastBytes(section);
    const left = sections.length - index - 1;
    if (used + (left === 0 ? 0 : bytesOf(moreSections(left))) <= budget) fitting = index + 1;
  }
  return fitting;
}

function leastBytes({ heading, items, more }: Section): number {
  return bytesOf(heading) + (items.length === 0 ? 0 : bytesOf(more(items.length)));
}

/** Takes items into `free` bytes; `bytes` is what they need beyond the least. */
function takeItems(
  { items, more }: Section,
  free: number,
): { readonly count: number; readonly bytes: number } {
  if (items.length === 0) return { count: 0, bytes: 0 };
  const reserved = bytesOf(more(items.length));
  let used = 0;
  let best = { count: 0, bytes: 0 };
  for (const [index, item] of items.entries()) {
    used += bytesOf(item);
    const left = items.length - index - 1;
    const bytes = used + (left === 0 ? 0 : bytesOf(more(left))) - reserved;
    if (bytes <= free) best = { count: index + 1, bytes };
  }
  return best;
}

function printSection({ heading, items, more }: Section, count: number): string {
  const left = items.length - count;
  return [heading, ...items.slice(0, count), left === 0 ? '' : more(left)]
    .filter((part) => part !== '')
    .join('\n');
}
