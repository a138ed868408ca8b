/** What stands around a find: the words before it, and the name of the field that holds it. */
export interface Surroundings {
  /** Up to `WORDS` characters of the same text; empty where no word stands right before. */
  readonly before: string;
  /** The name of a short field, as words: `phoneNumber` as `phone number`. Empty for a long text. */
  readonly field: string;
}

/** A place in a searched text. */
export interface Holder {
  /** Where the text that holds it begins and ends. */
  readonly start: number;
  readonly end: number;
  /** The name of the field with that text, or with the list that it is in. */
  readonly name: string | undefined;
}

export const WORDS = 40;
/** Numbers in a row announce nothing, and are many in some texts. */
const ENDS_IN_WORD = /\p{L}[^\p{L}\d]*$/u;
/** A longer text is prose: the name of its field says nothing of a number in it. */
const LONGEST_FIELD = 48;

/** @param at where the find begins in `text` */
export function describeSurroundings(text: string, at: number, holder: Holder): Surroundings {
  const before = text.slice(Math.max(holder.start, at - WORDS), at);
  const isShort = holder.name !== undefined && holder.end - holder.start <= LONGEST_FIELD;
  return {
    before: ENDS_IN_WORD.test(before) ? wordsOf(before) : '',
    field: isShort ? wordsOf(holder.name ?? '') : '',
  };
}

/** Where a word begins within a name: `phoneNumber`. */
const CAPITAL_WITHIN = /(\p{Ll}|\d)(\p{Lu})/gu;

/** Names stand in texts too: those of JSON within a text. */
function wordsOf(name: string): string {
  return name.slice(0, 100).replaceAll(CAPITAL_WITHIN, '$1 $2').replaceAll(/[_.-]/g, ' ').toLowerCase();
}

/** What may stand between a word and the number that it announces: `Phone number (work): 030 …`. */
const BETWEEN =
  '(?:[\\s:=#(,"\'’\\\\]|\\b(?:number|num|no|nr|nummer|is|was|at|on|under|ist|lautet|es|est|è|home|work|office|mobile|me|us|her|him|of|for)\\b\\.?){0,8}';

/** A test whether words announce a number: as the field's name, or right before it. */
export function announcedBy(words: string): (around: Surroundings) => boolean {
  const name = new RegExp(`(?<![\\p{L}\\d])(?:${words})(?![\\p{L}\\d])`, 'iu');
  const text = new RegExp(`(?<![\\p{L}\\d])(?:${words})(?![\\p{L}\\d])\\.?${BETWEEN}$`, 'iu');
  // Numbers in groups ask again for every run of groups that begins at one place.
  const known = new WeakMap<Surroundings, boolean>();
  return (around) => {
    if (around.field === '' && around.before === '') return false;
    const asked = known.get(around);
    if (asked !== undefined) return asked;
    const is =
      (around.field !== '' && name.test(around.field)) || (around.before !== '' && text.test(around.before));
    known.set(around, is);
    return is;
  };
}

/** A number that these announce is somebody's count or reference, whatever it looks like. */
export const isReference = announcedBy(
  'order|ticket|invoice|sku|isbn|issn|ean|imei|serial|tracking|build|commit|batch|part|case|article|asset|(?:order|ticket|item|row|node|run|job|trace|request|build|device|product|event|message|log) ?(?:id|no|nr|number)|version|revision|release|timestamp|epoch|checksum|bytes|offset|seed|port|pid|uid',
);
