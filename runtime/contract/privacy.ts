/** The kinds of personal data that are told apart. `id`: a number by which a state knows a person. */
export const PERSONAL_KINDS = ['email', 'phone', 'card', 'iban', 'id', 'ip'] as const;
export type PersonalKind = (typeof PERSONAL_KINDS)[number];

/** Something personal, as it stands in a value. */
export interface PersonalValue {
  readonly kind: PersonalKind;
  readonly text: string;
}

/**
 * A token that stands for personal data: its kind, and 130 bits of an HMAC in lower-case base32. Nothing in it
 * needs an escape in JSON, code or a log. All of a kind are equally long, so that one ends where it ends, also when
 * a program writes something right before or after it, as it would to the value.
 */
export const TOKEN = new RegExp(`pii_(?:${PERSONAL_KINDS.join('|')})_[a-z2-7]{26}`, 'g');

/**
 * Names what shall stand in the place of each value, in the same order: tokens, or marks where nobody keeps the
 * values.
 */
export type Replace = (values: readonly PersonalValue[]) => Promise<readonly string[]>;

/** Writes a mark instead of a value, for texts that no session owns. */
export const markPersonal: Replace = async (values) => values.map(({ kind }) => `[removed: ${kind}]`);
