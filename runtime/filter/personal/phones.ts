import { createRequire } from 'node:module';
import { announcedBy, isReference, type Surroundings } from './context.ts';
import { once } from './once.ts';

/** Words that announce a phone number, in the languages that most of the numbers here are written in. */
const isAnnounced = announcedBy(
  '(?:tele)?phones?|tel(?:efone?|éfono|efono|efoon|éphone)?|mobile|cell ?(?:phone|number|no)|handy|mobil(?:nummer|telefon)?|fax|whats ?app|sms|portable|móvil|cellulare|rufnummer|durchwahl|msisdn|(?:call|reach|text|ring|dial) (?:me|us|him|her|them)',
);
const NORTH_AMERICAN = /^(?:\(\d{3}\) ?\d{3}[-. ]|\d{3}[-.]\d{3}[-.]|\d{3} \d{3}-)\d{4}$/;
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

/**
 * Whether a text that begins with a plus can be the number of a line: a country's code, and a length that its
 * numbers have. Whether the line was given out is not asked: new ranges open faster than rules are updated.
 */
export function isInternationalPhone(text: string): boolean {
  return loadRules().isPossiblePhoneNumber(text);
}

/**
 * Whether a text, as a whole, can be a phone number as it is written within a country. But for North America's
 * form, only a word before it or its field's name can tell.
 */
export function hasPhoneShape(text: string, around: () => Surroundings): boolean {
  if (!NORTH_AMERICAN.test(text) && !isAnnounced(around())) return false;
  const digits = text.replace(NO_DIGIT, '').length;
  if (digits < FEWEST_DIGITS || digits > MOST_DIGITS || NO_PHONE.test(text)) return false;
  return !isReference(around());
}

/** Whether a text with the shape of a phone number is one. */
export function isNationalPhone(text: string, around: () => Surroundings): boolean {
  return isAnnounced(around()) || loadRules().isValidPhoneNumber(text, 'US');
}
