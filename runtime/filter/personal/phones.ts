import { createRequire } from 'node:module';
import { announcedBy, isReference, type Surroundings } from './context.ts';
import { once } from './once.ts';

/** Words that announce a phone number, in the languages that most of the numbers here are written in. */
const isAnnounced = announcedBy(
  '(?:tele)?phones?|tel(?:efone?|éfono|efono|efoon|éphone)?|mobile|cell ?(?:phone|number|no)|handy|mobil(?:nummer|telefon)?|fax|whats ?app|sms|portable|móvil|cellulare|rufnummer|durchwahl|msisdn|(?:call|reach|text|ring|dial) (?:me|us|him|her|them)',
);
const NORTH_AMERICAN = /^(?:1[-. ])?(?:\(\d{3}\) ?\d{3}[-. ]|\d{3}[-.]\d{3}[-.]|\d{3} \d{3}-)\d{4}$/;
const ZEROS = /^00/;
const NO_DIGIT = /\D/g;
const FEWEST_DIGITS = 7;
/** E.164: at most fifteen digits. */
const MOST_DIGITS = 15;
/** A date, with an hour or without, or a decimal. */
const NO_PHONE =
  /^(?:\d{4}[-./ ]\d{1,2}[-./ ]\d{1,2}(?: \d{1,2})?|\d{1,2}[-./]\d{1,2}[-./]\d{4}(?: \d{1,2})?|\d+\.\d{5,})$/;

/**
 * The rules are Google's, loaded when the first number asks for them. As CommonJS: its hundred small files take
 * twice as long as modules.
 */
const loadRules = once(
  () => createRequire(import.meta.url)('libphonenumber-js/min') as typeof import('libphonenumber-js/min'),
);

/** For each country's code, how many digits follow it in all countries that have it: that is enough to know. */
const loadLengths = once(() => {
  const { getCountries, getCountryCallingCode, Metadata } = loadRules();
  const metadata = new Metadata();
  const lengths = new Map<string, readonly number[]>();
  for (const country of getCountries()) {
    metadata.selectNumberingPlan(country);
    const its = metadata.numberingPlan?.possibleLengths() ?? [];
    const code = getCountryCallingCode(country);
    lengths.set(code, lengths.get(code)?.filter((length) => its.includes(length)) ?? its);
  }
  return lengths;
});
const LONGEST_CODE = 3;

/**
 * Whether a text that begins with a plus, or with the two zeros that many countries dial for it, can be the number of
 * a line: a country's code, and a length that its numbers have. Whether the line was given out is not asked: new ranges
 * open faster than rules are updated.
 */
export function isInternationalPhone(text: string): boolean {
  // The library: with a zero that is dialled within the country, or of the few codes whose countries differ.
  return fitsItsCode(text) || loadRules().isPossiblePhoneNumber(`+${digitsOf(text)}`);
}

/** Whether such a text is of a length that all countries with its code have. */
export function fitsItsCode(text: string): boolean {
  const digits = digitsOf(text);
  for (let code = 1; code <= LONGEST_CODE; code += 1)
    if (
      loadLengths()
        .get(digits.slice(0, code))
        ?.includes(digits.length - code)
    )
      return true;
  return false;
}

const digitsOf = (text: string): string => text.replace(ZEROS, '').replace(NO_DIGIT, '');

/**
 * Whether a text, as a whole, can be a phone number as it is written within a country. But for North America's
 * form, only a word before it or its field's name can tell.
 */
export function hasPhoneShape(text: string, around: () => Surroundings): boolean {
  if (NO_PHONE.test(text)) return false;
  const digits = text.replace(NO_DIGIT, '').length;
  if (digits < FEWEST_DIGITS || digits > MOST_DIGITS) return false;
  // Words are read last: that takes longer than all else.
  return (NORTH_AMERICAN.test(text) || isAnnounced(around())) && !isReference(around());
}

/** Whether a text with the shape of a phone number is one. */
export function isNationalPhone(text: string, around: () => Surroundings): boolean {
  return isAnnounced(around()) || loadRules().isValidPhoneNumber(text, 'US');
}
