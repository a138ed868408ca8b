import { isValidIBAN } from 'ibantools';
import type { PersonalKind } from '../../contract/privacy.ts';
import { isCard } from './cards.ts';
import { describeSurroundings, type Holder, type Surroundings } from './context.ts';
import type { PersonalRange } from './finding.ts';
import { isPersonalAddress } from './ip-addresses.ts';
import { findMailboxes } from './mailboxes.ts';
import { isNationalId } from './national-ids.ts';
import { once } from './once.ts';
import { fitsItsCode, hasPhoneShape, isInternationalPhone, isNationalPhone } from './phones.ts';

/** A candidate: text at a place, and what stands around it once somebody asks. */
interface Candidate {
  readonly text: string;
  readonly start: number;
  readonly around: () => Surroundings;
}

type Judge = (candidate: Candidate) => PersonalRange | undefined;

/** How candidates look: no quantifier within another over the same characters, so that each is read once. */
const WITH_PLUS = /(?<![\w+.])\+[1-9](?:[ ()./-]{0,2}\d){6,14}(?!\w)/g;
/** In groups: numbers in one piece are padded with zeros. */
const WITH_ZEROS = /(?<![\w+.]|\d[ ./-])00 ?[1-9]\d{0,13}(?:[ ()./-]{1,2}\d{1,14}){1,6}(?!\w)/g;
const IN_PARENTHESES = /(?<![\w)])\(\d{2,5}\) ?\d[\d -]{3,11}\d(?![\w.])/g;
/** With room for `FEWEST_CHARACTERS`. Days, alone or before an hour, are most of them, and nothing is written so. */
const NUMBERS =
  /(?<![\w.#+-]|(?<!\/)\/)(?=\d[\dA-Z ./+-]{6})(?!\d{4}-\d\d-\d\d(?:[ T]\d\d:|(?![ ./+-]?\d|[-A-Z])))\d{1,19}(?:[ ./+-]\d{1,19}){0,30}(?:[-A-FU-Y]?\d{0,3}[A-Z])?(?![\w])/g;
const CAPITALS =
  /(?<![\w.@#/-])(?:[A-Z]{2}\d{2}(?:[ -]?[A-Z\d]{4}){2,7}(?:[ -]?[A-Z\d]{1,4})?|[A-Z]{2}(?: ?\d{2}){3} ?[A-D]|[A-Z]{4,6}\d{2}[A-Z\d]{5,12}|[XYZ]-?\d{7}-?[A-Z])(?!\w)/g;
/** Typed without capitals. */
const SMALL_IBAN = /(?<![\w.@#/-])[a-z]{2}\d{2}(?:[ -]?[a-z\d]{4}){2,7}(?:[ -]?[a-z\d]{1,4})?(?!\w)/g;
/** Only addresses that are given out so far, 2000::/3, are anybody's. */
const COLONS = /(?<![\w:.-])[23][\da-fA-F]{3}:(?:[\da-fA-F]{0,4}:){1,6}[\da-fA-F]{0,4}(?![\w:])/g;

const PASSES: readonly { readonly pattern: RegExp; readonly judge: Judge }[] = [
  { pattern: WITH_PLUS, judge: judgeInternational },
  { pattern: WITH_ZEROS, judge: judgeInternational },
  {
    pattern: IN_PARENTHESES,
    judge: (candidate) =>
      hasPhoneShape(candidate.text, candidate.around) && isNationalPhone(candidate.text, candidate.around)
        ? found('phone', candidate)
        : undefined,
  },
  { pattern: CAPITALS, judge: judgeCapitals },
  { pattern: SMALL_IBAN, judge: findIban },
  {
    pattern: COLONS,
    judge: (candidate) =>
      isPersonalAddress(candidate.text, candidate.around) ? found('ip', candidate) : undefined,
  },
];

/**
 * Finds personal data by its form, its checksum, and the words or the field's name that announce it.
 * @param holderOf the text that holds an offset
 * @param offset where `piece` begins in the whole text
 * @returns ranges in the whole text, in any order; they may overlap
 */
export function findPersonal(
  piece: string,
  offset: number,
  holderOf: (at: number) => Holder,
): readonly PersonalRange[] {
  const all: PersonalRange[] = findMailboxes(piece).map(({ start, end }) => ({
    start: start + offset,
    end: end + offset,
    personal: 'email',
  }));
  const surroundingsAt = (at: number) => {
    const { start, end, name } = holderOf(at + offset);
    return describeSurroundings(piece, at, { start: start - offset, end: end - offset, name });
  };
  for (const { pattern, judge } of PASSES) {
    for (const { 0: text, index } of piece.matchAll(pattern)) {
      const range = judge({ text, start: index + offset, around: () => surroundingsAt(index) });
      if (range !== undefined) all.push(range);
    }
  }
  const isFound = createCover(all);
  for (const { 0: text, index } of piece.matchAll(NUMBERS)) {
    if (isFound(index + offset, text.length)) continue;
    all.push(...judgeNumbers(text, index + offset, (from) => surroundingsAt(index + from)));
  }
  return all;
}

/** Tells of one text after the other, in their order, whether one of the ranges holds it whole. */
function createCover(ranges: readonly PersonalRange[]): (start: number, length: number) => boolean {
  const sorted = ranges.toSorted((a, b) => a.start - b.start);
  let next = 0;
  return (start, length) => {
    while ((sorted[next]?.end ?? Infinity) <= start) next += 1;
    const range = sorted[next];
    return range !== undefined && range.start <= start && start + length <= range.end;
  };
}

const NETWORK = /^(\d{1,3}(?:\.\d{1,3}){3})(?:\/\d{1,2}|-(\d{1,3}(?:\.\d{1,3}){3}))$/;
/** `1.1.1.1`, or a phone number of seven digits. */
const FEWEST_CHARACTERS = 7;

function found(personal: PersonalKind, { text, start }: Candidate): PersonalRange {
  return { start, end: start + text.length, personal };
}

/** Other numbers may follow it: it ends where its country says so. */
const MOST_FOLLOWING = 3;

function judgeInternational(candidate: Candidate): PersonalRange | undefined {
  if (isInternationalPhone(candidate.text)) return found('phone', candidate);
  let { text } = candidate;
  for (let following = 1; following <= MOST_FOLLOWING; following += 1) {
    text = text.slice(0, Math.max(0, text.lastIndexOf(' ')));
    if (fitsItsCode(text)) return found('phone', { ...candidate, text });
  }
  return undefined;
}

function judgeCapitals(candidate: Candidate): PersonalRange | undefined {
  return (
    findIban(candidate) ??
    (isNationalId(candidate.text, candidate.around) ? found('id', candidate) : undefined)
  );
}

const SHORTEST_IBAN = 15;

/** Words in capitals may follow a number in groups: it ends where its check says so. */
function findIban(candidate: Candidate): PersonalRange | undefined {
  for (
    let end = candidate.text.length;
    end >= SHORTEST_IBAN;
    end = candidate.text.lastIndexOf(' ', end - 1)
  ) {
    const text = candidate.text.slice(0, end);
    if (isValidIBAN(text.replaceAll(/[ -]/g, '').toUpperCase())) return found('iban', { ...candidate, text });
  }
  return undefined;
}

/** A card of nineteen digits, or a French number, has this many groups. */
const MOST_GROUPS = 7;
/** More groups than this are a row of numbers, of which some four in a hundred rows would pass for a card. */
const ROW = 8;
/** Nineteen digits, and a sign between any three of them. */
const LONGEST_NUMBER = 25;

/**
 * Numbers with spaces between them may be one number in groups or several: every run of groups is tried, the
 * longest first, and what was found is not looked at again. Of a long row, each number is looked at alone.
 */
function judgeNumbers(
  text: string,
  offset: number,
  surroundingsAt: (at: number) => Surroundings,
): readonly PersonalRange[] {
  const all: PersonalRange[] = [];
  const starts = [0];
  for (let at = text.indexOf(' '); at !== -1; at = text.indexOf(' ', at + 1)) starts.push(at + 1);
  const most = starts.length > ROW ? 1 : MOST_GROUPS;
  const endOf = (group: number): number => (starts[group + 1] ?? text.length + 1) - 1;
  for (let first = 0; first < starts.length; ) {
    const from = starts[first] ?? 0;
    const around = once(() => surroundingsAt(from));
    let next = first + 1;
    for (let last = Math.min(starts.length, first + most) - 1; last >= first; last--) {
      const length = endOf(last) - from;
      if (length > LONGEST_NUMBER || length < FEWEST_CHARACTERS) continue;
      const candidate = { text: text.slice(from, from + length), start: offset + from, around };
      const kind = nameNumber(candidate);
      if (kind === undefined) continue;
      all.push(found(kind, candidate));
      next = last + 1;
      break;
    }
    if (next === first + 1) all.push(...findJoined(text.slice(from, endOf(first)), offset + from, around));
    first = next;
  }
  return all;
}

/** The addresses of a network or a range, in groups: `93.184.216.34/28`, `93.184.216.34-93.184.216.40`. */
function findJoined(group: string, offset: number, around: () => Surroundings): readonly PersonalRange[] {
  const [, first = '', last = ''] = NETWORK.exec(group) ?? [];
  return [
    { text: first, start: offset, around },
    { text: last, start: offset + first.length + 1, around },
  ]
    .filter(({ text }) => isPersonalAddress(text, around))
    .map((candidate) => found('ip', candidate));
}

function nameNumber({ text, around }: Candidate): PersonalKind | undefined {
  if (text.includes('.') && isPersonalAddress(text, around)) return 'ip';
  if (isCard(text, around)) return 'card';
  if (isNationalId(text, around)) return 'id';
  return hasPhoneShape(text, around) && isNationalPhone(text, around) ? 'phone' : undefined;
}
