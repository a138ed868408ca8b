import { luhnChecksumValidate } from 'stdnum/lib/cjs/util/checksum.js';
import { isReference, type Surroundings } from './context.ts';

/** Numbers that the card brands give out: how they begin, and how long they are (ISO/IEC 7812). */
const BRANDS =
  /^(?:4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2(?:2[3-9]|[3-6]\d|7[01])\d{13}|222[1-9]\d{12}|2720\d{12}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|6(?:011|4[4-9]\d|5\d\d)\d{12}|62\d{14,17}|35(?:2[89]|[3-8]\d)\d{12})$/;
/** In one piece, or in the groups that are printed on cards. */
const SHAPE = /^(?:\d{13,19}|\d{4}([ -])\d{4}\1\d{4}\1\d{1,7}|\d{4}([ -])\d{6}\2\d{4,5})$/;
const GROUPS = /[ -]/g;

/** Whether a text, as a whole, is the number of a payment card. */
export function isCard(text: string, around: () => Surroundings): boolean {
  if (!SHAPE.test(text)) return false;
  const digits = text.replace(GROUPS, '');
  if (!BRANDS.test(digits) || !luhnChecksumValidate(digits)) return false;
  return digits !== text || !isReference(around());
}
