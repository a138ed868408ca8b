import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPrivacy } from '../../runtime/bridge/privacy.ts';
import { type Clean, restoreTokens, withTokens } from '../../runtime/bridge/restore-tokens.ts';
import type { OperationEntry, OperationId } from '../../runtime/contract/catalogue.ts';
import type { JsonObject } from '../../runtime/contract/json.ts';
import type { PrivacyRules } from '../../runtime/contract/policy.ts';
import type { SessionTokens } from '../../runtime/contract/session.ts';
import { cleanValue } from '../../runtime/filter/clean-value.ts';

const OPERATIONS = (
  [
    ['mail.send', 'mail', 'write', undefined],
    ['files.notes.write', 'files.notes', 'write', 'files'],
  ] as const
).map(
  ([id, namespace, effect, root]) =>
    ({ id, namespace, effect, layer: 'rag', ...(root && { root }) }) as unknown as OperationEntry,
);
const [SEND, WRITE] = ['mail.send', 'files.notes.write'] as const satisfies readonly OperationId[];
const TOKEN = `pii_email_${'a'.repeat(26)}`;
const UNKNOWN = `pii_email_${'b'.repeat(26)}`;
const EMAIL = 'ada@example.com';

/** A session with one token, for a value that the main backend gave. */
const TOKENS: SessionTokens = {
  make: async () => [],
  find: async (tokens) => ({
    ok: true,
    value: new Map(
      tokens
        .filter((token) => token === TOKEN)
        .map((token) => [token, { text: EMAIL, origins: new Set(['main']) }]),
    ),
  }),
};

const clean: Clean = async (value, replace) => (await cleanValue(value, replace)).value;

const restore = async (operation: OperationId, params: JsonObject, rules: PrivacyRules = { hide: [] }) => {
  const codes: string[] = [];
  const privacy = createPrivacy(rules, 'main', OPERATIONS, () => []);
  const restored = await restoreTokens(operation, params, TOKENS, privacy, clean, ({ code }) =>
    codes.push(code),
  );
  return { restored, codes };
};

test('values go back to the backend that gave them, wherever the token stands in a text', async () => {
  const { restored } = await restore(SEND, { to: [TOKEN, { cc: `<${TOKEN}>, ${TOKEN}` }], n: 1 });
  assert.ok(restored.ok);
  assert.deepEqual(restored.params, { to: [EMAIL, { cc: `<${EMAIL}>, ${EMAIL}` }], n: 1 });
});

test('a program may write anything right before and after a token, another token too', async () => {
  const { restored, codes } = await restore(SEND, { to: `x${TOKEN}${TOKEN}2, ${TOKEN}abc` });
  assert.ok(restored.ok);
  assert.deepEqual(restored.params, { to: `x${EMAIL}${EMAIL}2, ${EMAIL}abc` });
  assert.deepEqual(codes, []);
});

test('where results are hidden, a value goes out only where it would be found again', async () => {
  const hide = { hide: [{ effect: ['read'] }] };
  for (const text of [TOKEN, `to: <${TOKEN}>, ${TOKEN}; +44 20 7946 0123`, `mailto:${TOKEN}?x=1`])
    assert.ok((await restore(SEND, { text }, hide)).restored.ok, text);
  for (const text of [`x${TOKEN}`, `${'x'.repeat(70)}${TOKEN}`, `${TOKEN}2`, `${TOKEN}${TOKEN}`]) {
    const { restored } = await restore(SEND, { text: ['free', text] }, hide);
    assert.equal(!restored.ok && restored.code, 'TOKEN_REFUSED', text);
  }
});

test('another backend is refused them, unless a rule reveals them to it; the rule then stands alone', async () => {
  const refused = await restore(WRITE, { text: TOKEN });
  assert.equal(!refused.restored.ok && refused.restored.code, 'TOKEN_REFUSED');
  const rules = { hide: [], reveal: [{ namespace: ['files.notes'] }] };
  assert.equal((await restore(WRITE, { text: TOKEN }, rules)).restored.ok, true);
  assert.equal((await restore(SEND, { text: TOKEN }, rules)).restored.ok, false);
  assert.equal((await restore(SEND, { text: TOKEN }, { hide: [], reveal: [] })).restored.ok, false);
});

test('what is no token of the session stays, and what is none at all is not told of', async () => {
  const { restored, codes } = await restore(SEND, { to: UNKNOWN, text: 'pii_email_ and pii_other' });
  assert.ok(restored.ok);
  assert.deepEqual(restored.params, { to: UNKNOWN, text: 'pii_email_ and pii_other' });
  assert.deepEqual(codes, ['TOKEN_UNKNOWN']);
});

test('a token in a name is refused', async () => {
  assert.equal((await restore(SEND, { to: { [`x-${TOKEN}`]: 1 } })).restored.ok, false);
});

test('more tokens than one call may have are refused before they are looked up', async () => {
  const many = Array.from(
    { length: 1_001 },
    (_, at) =>
      `pii_ip_${'a'.repeat(23)}${[...String(at).padStart(3, '0')].map((digit) => 'abcdefghij'[Number(digit)]).join('')}`,
  );
  const { restored } = await restore(SEND, { to: many.concat(`pii_ip_${'z'.repeat(26)}`) });
  assert.equal(!restored.ok && restored.code, 'TOKEN_REFUSED');
});

test('an answer that repeats a value in any text, or as a number, has the token instead', async () => {
  const values = new Map([[TOKEN, '4111111111111111']]);
  const answer = { said: 'got 4111111111111111.', number: 4_111_111_111_111_111, other: [1, null, 'x'] };
  assert.deepEqual(await withTokens(answer, values), {
    said: `got ${TOKEN}.`,
    number: TOKEN,
    other: [1, null, 'x'],
  });
});

test('an operation that is not known hides all, and is told nothing', () => {
  const privacy = createPrivacy({ hide: [] }, 'main', OPERATIONS, () => []);
  assert.equal(privacy.hides('no.such'), true);
  assert.equal(privacy.reveals('no.such', new Set(['main'])), false);
});
