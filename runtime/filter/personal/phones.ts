import { announcedBy, isReference, type Surroundings } from './context.ts';

/** Words that announce a phone number, in the languages that most of the numbers here are written in. */
const isAnnounced = announcedBy(
  '(?:tele)?phones?|tel(?:efone?|éfono|efono|efoon|éphone)?|mobile|cell ?(?:phone|number|no)|handy|mobil(?:nummer|telefon)?|fax|whats ?app|sms|portable|móvil|cellulare|rufnummer|durchwahl|msisdn|(?:call|reach|text|ring|dial) (?:me|us|him|her|them)',
);
const NORTH_AMERICAN = /^(?:\(\d{3}\) ?\d{3}[-. ]|\d{3}[-.]\d{3}[-.]|\d{3} \d{3}-)\d{4}$/;
const FEWEST_DIGITS = 7;
/** E.164: at most fifteen digits. */
const MOST_DIGITS = 15;
/** A date, with an hour or without, or a decimal. */
const NO_PHONE =
  /^(?:\d{4}[-./ ]\d{1,2}[-./ ]\d{1,2}(?: \d{1,2})?|\d{1,2}[-./]\d{1,2}[-./]\d{4}(?: \d{1,2})?|\d+\.\d{5,})$/;

/** Its rules are Google's; loaded when the first number asks for them. */
const loadRules = () => import('libphonenumber-js/min');

/**
 * Whether a text that begins with a plus can be the number of a line: a country's code, and a length that its
 * numbers have. Whether the line was given out is not asked: new ranges open faster than rules are updated.
 */
export async function isInternationalPhone(text: string): Promise<boolean> {
  return (await loadRules()).isPossiblePhoneNumber(text);
}

/**
 * Whether a text, as a whole, is a phone number as it is written within a country. But for North America's
 * form, only a word before it or its field's name can tell.
 */
export async function isNationalPhone(text: string, around: () => Surroundings): Promise<boolean> {
  const digits = text.replaceAll(/\D/g, '').length;
  if (digits < FEWEST_DIGITS || digits > MOST_DIGITS || NO_PHONE.test(text)) return false;
  if (isAnnounced(around())) return !isReference(around());
  if (!NORTH_AMERICAN.test(text) || isReference(around())) return false;
  return (await loadRules()).isValidPhoneNumber(text, 'US');
}
