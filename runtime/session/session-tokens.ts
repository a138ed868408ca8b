import { createHmac, randomBytes } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { Limits } from '../contract/limits.ts';
import { markPersonal, type PersonalValue } from '../contract/privacy.ts';
import type { KeptValue, SessionTokens } from '../contract/session.ts';
import type { Attempt } from './attempt.ts';
import type { SessionTables } from './session-tables.ts';

const KEY_BYTES = 32;
const TOKEN_CHARACTERS = 26;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
/** Rows written, or tokens looked up, by one statement; others get their turn between two. */
const BATCH = 500;

/**
 * The tokens of one session: HMACs of the values under a random key, since plain hashes of something as short as a
 * phone number can be guessed by hashing them all. Key and values lie in the parent's file, and go with the session.
 * @param wrote told how many bytes went to disk
 */
export function createTokens(
  database: Kysely<SessionTables>,
  principal: string,
  session: string,
  limits: Limits,
  attempt: Attempt,
  wrote: (bytes: number) => void,
): SessionTokens {
  const own = { principal, session };
  /** Makes it when there is none: of two servers that do so at once, the first one's stays. Undefined without a session. */
  const readKey = async (transaction: Kysely<SessionTables>): Promise<string | undefined> => {
    const row = await transaction
      .updateTable('sessions')
      .set((set) => ({
        token_key: set.fn.coalesce('token_key', set.val(randomBytes(KEY_BYTES).toString('hex'))),
      }))
      .where((where) => where.and({ principal, id: session }))
      .returning('token_key')
      .executeTakeFirst();
    return row?.token_key ?? undefined;
  };
  const findRows = async (source: Kysely<SessionTables>, tokens: readonly string[]) => {
    const rows: Pick<SessionTables['tokens'], 'token' | 'origin' | 'text'>[] = [];
    for (let at = 0; at < tokens.length; at += BATCH) {
      const some = source
        .selectFrom('tokens')
        .select(['token', 'origin', 'text'])
        .where((where) => where.and(own).and('token', 'in', tokens.slice(at, at + BATCH)));
      rows.push(...(await some.execute()));
    }
    return rows;
  };
  const keep = async (
    transaction: Kysely<SessionTables>,
    values: readonly PersonalValue[],
    origins: readonly string[],
  ): Promise<readonly string[]> => {
    const written = await readKey(transaction);
    // The session was removed while the program ran.
    if (written === undefined) return await markPersonal(values);
    const key = Buffer.from(written, 'hex');
    const tokens = values.map((value) => makeToken(value, key));
    const { count } = await transaction
      .selectFrom('tokens')
      .select((select) => select.fn.countAll<number>().as('count'))
      .where((where) => where.and(own))
      .executeTakeFirstOrThrow();
    const room = limits.tokens - count;
    const rows = tokens.flatMap((token, at) =>
      origins.map((origin) => ({ ...own, token, origin, text: values[at]?.text ?? '' })),
    );
    if (rows.length > room) {
      const known = await findRows(transaction, tokens);
      const kept = new Set(known.map(({ token }) => token));
      const marks = await markPersonal(values);
      return tokens.map((token, at) => (kept.has(token) ? token : (marks[at] ?? '')));
    }
    await transaction
      .insertInto('tokens')
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    wrote(rows.reduce((bytes, { text, token }) => bytes + text.length + token.length, 0));
    return tokens;
  };
  return {
    make: async (values, origins) => {
      const all: string[] = [];
      const step = Math.max(1, Math.floor(BATCH / origins.length));
      for (let at = 0; at < values.length; at += step) {
        // Thousands take a second.
        if (at > 0) await nextTurn();
        const some = values.slice(at, at + step);
        const made = await attempt('Tokens cannot be kept', () =>
          database.transaction().execute((transaction) => keep(transaction, some, origins)),
        );
        all.push(...(made.ok ? made.value : await markPersonal(some)));
      }
      return all;
    },
    find: (tokens) =>
      attempt('Tokens cannot be looked up', async () => {
        const found = new Map<string, KeptValue & { readonly origins: Set<string> }>();
        for (const { token, origin, text } of await findRows(database, tokens)) {
          const kept = found.get(token) ?? { text, origins: new Set<string>() };
          kept.origins.add(origin);
          found.set(token, kept);
        }
        return found;
      }),
  };
}

function makeToken({ kind, text }: PersonalValue, key: Buffer): string {
  const digest = createHmac('sha256', key).update(`${kind}\n${text}`).digest();
  let written = '';
  let bits = 0;
  let left = 0;
  for (const byte of digest) {
    bits = (bits << 8) | byte;
    for (left += 8; left >= 5; left -= 5) written += ALPHABET[(bits >> (left - 5)) & 31];
    bits &= (1 << left) - 1;
  }
  return `pii_${kind}_${written.slice(0, TOKEN_CHARACTERS)}`;
}
