import { bankDigit, iban, luhn } from './check-digits.ts';
import type { Draw } from './draw.ts';
import type { Kind, Line } from './line.ts';
import { ID_FORMS } from './national-ids.ts';

const GIVEN = [
  'ada',
  'grace',
  'jürgen',
  'li.wei',
  'maria-josé',
  'o.brien',
  'k_nakamura',
  'sam',
  'zoë',
  'noreply',
];
const FAMILY = ['lovelace', 'hopper', 'muster', 'example', 'doe', 'van-dyke', 'øst', 'smith'];
/** RFC 2606 and RFC 6761: names that nobody can own. */
const DOMAINS = [
  'example.com',
  'example.org',
  'example.net',
  'mail.example.com',
  'eu-west.mail.example.org',
  'firma.example',
  'xn--bcher-kva.example',
  'uni.example.test',
];
/** Numbers that regulators keep for films and documentation: Ofcom, NANPA, BNetzA, ACMA, PTS, Arcep. */
const PHONES: readonly ((draw: Draw) => { readonly text: string; readonly isPlain: boolean })[] = [
  (draw) => ({ text: `+44 20 7946 0${draw.digits(3)}`, isPlain: true }),
  (draw) => ({ text: `+447700900${draw.digits(3)}`, isPlain: true }),
  (draw) => ({
    text: `+1 ${draw.pick(['212', '415', '617', '312'])}-555-01${draw.digits(2)}`,
    isPlain: true,
  }),
  (draw) => ({ text: `+1 (${draw.pick(['212', '415', '617'])}) 555-01${draw.digits(2)}`, isPlain: true }),
  (draw) => ({ text: `(${draw.pick(['212', '415', '617'])}) 555-01${draw.digits(2)}`, isPlain: true }),
  (draw) => ({
    text: `${draw.pick(['212', '415', '312'])}${draw.pick(['-', '.'])}555-01${draw.digits(2)}`,
    isPlain: true,
  }),
  (draw) => ({ text: `+49 30 23125${draw.digits(3)}`, isPlain: true }),
  (draw) => ({
    text: `+49 (0)171 39200${draw.digits(2)}`.replace('(0)', draw.pick(['', '(0)'])),
    isPlain: true,
  }),
  (draw) => ({ text: `+61 491 570 ${draw.pick(['156', '157', '158', '159', '110'])}`, isPlain: true }),
  (draw) => ({ text: `+46 70 174 06 ${draw.digits(2)}`, isPlain: true }),
  (draw) => ({ text: `+33 6 39 98 ${draw.digits(2)} ${draw.digits(2)}`, isPlain: true }),
  (draw) => ({ text: `030 23125${draw.digits(3)}`, isPlain: false }),
  (draw) => ({ text: `020 7946 0${draw.digits(3)}`, isPlain: false }),
  (draw) => ({ text: `06 39 98 ${draw.digits(2)} ${draw.digits(2)}`, isPlain: false }),
  (draw) => ({ text: `0171/39200${draw.digits(2)}`, isPlain: false }),
  (draw) => ({ text: `555-01${draw.digits(2)}`, isPlain: false }),
];
/** By the brands' published ranges; those of the payment providers' test cards among them. */
const CARDS: readonly (readonly [string, number])[] = [
  ['411111', 16],
  ['424242', 16],
  ['555555', 16],
  ['510510', 16],
  ['222300', 16],
  ['378282', 15],
  ['371449', 15],
  ['601111', 16],
  ['305693', 14],
  ['353011', 16],
  ['621234', 16],
];
/** From the SWIFT registry: a country, and what its account consists of (`n` a digit, `c` a letter or digit, others as they are). */
const ACCOUNTS: readonly (readonly [string, string])[] = [
  ['DE', 'n'.repeat(18)],
  ['AT', 'n'.repeat(16)],
  ['CH', `n`.repeat(5) + 'c'.repeat(12)],
  ['GB', `NWBK${'n'.repeat(14)}`],
  ['NL', `ABNA${'n'.repeat(10)}`],
  ['LU', `n`.repeat(3) + 'c'.repeat(13)],
  ['DK', 'n'.repeat(14)],
  ['SE', 'n'.repeat(20)],
  ['PL', 'n'.repeat(24)],
  ['IE', `AIBK${'n'.repeat(14)}`],
  ['LT', 'n'.repeat(16)],
  ['SA', `n`.repeat(2) + 'c'.repeat(18)],
];

function frame(
  draw: Draw,
  kind: Kind,
  text: string,
  names: readonly string[],
  isPlain: boolean,
  of: string,
): Line {
  const name = draw.pick(names);
  const label = name.replaceAll('_', ' ').replace(/([a-z])([A-Z])/g, '$1 $2');
  const hits = [{ kind, text }];
  const announced: readonly (() => unknown)[] = [
    () => ({ [name]: text }),
    () => ({ id: draw.number(1, 999), person: { name: 'A. N. Other', [name]: text } }),
    () => `${label}: ${text}`,
    () => `The customer's ${label} is ${text}, as of 2026-03-${draw.number(10, 28)}.`,
    () => ({ [`${name}s`]: [text] }),
  ];
  const bare: readonly (() => unknown)[] = [
    () => `Please note ${text} in the file.`,
    () =>
      `2026-11-25T21:12:${draw.digits(2)}.${draw.digits(3)}Z INFO saved ${text} (took ${draw.number(1, 90)} ms)`,
    () => ({ note: `see (${text}) and reply`, at: '2026-11-25T21:12:59.798Z' }),
    () => ['a', text, draw.number(1, 100)],
  ];
  const make = draw.pick(isPlain ? [...announced, ...bare] : announced.slice(0, 4));
  return { value: make() as Line['value'], hits, of };
}

const spaced = (text: string): string => text.replaceAll(/(.{4})(?=.)/g, '$1 ');

export function drawEmail(draw: Draw): Line {
  const local = draw.pick([
    draw.pick(GIVEN),
    `${draw.pick(GIVEN)}.${draw.pick(FAMILY)}`,
    `${draw.pick(FAMILY)}+${draw.pick(['news', 'shop2'])}`,
    `${draw.pick(GIVEN)}${draw.digits(3)}`,
  ]);
  const text = `${local}@${draw.pick(DOMAINS)}`;
  return frame(draw, 'email', text, ['email', 'e_mail', 'contactEmail', 'from'], true, 'e-mail');
}

export function drawPhone(draw: Draw): Line {
  const { text, isPlain } = draw.pick(PHONES)(draw);
  return frame(
    draw,
    'phone',
    text,
    ['phone', 'phoneNumber', 'mobile', 'tel', 'home_phone'],
    isPlain,
    'phone',
  );
}

export function drawCard(draw: Draw): Line {
  const [start, length] = draw.pick(CARDS);
  const body = start + draw.digits(length - start.length - 1);
  const number = body + luhn(body);
  const grouped = length === 15 ? number.replace(/(.{4})(.{6})(.*)/, '$1 $2 $3') : spaced(number);
  const text = draw.pick(length === 14 ? [number] : [number, grouped, grouped.replaceAll(' ', '-')]);
  return frame(draw, 'card', text, ['card_number', 'pan', 'creditCard'], true, 'card');
}

export function drawIban(draw: Draw): Line {
  const [country, form] = draw.pick(ACCOUNTS);
  const account = form
    .replaceAll(/n/g, () => draw.digits(1))
    .replaceAll(/c/g, () => draw.text(1, '0123456789ABCDEFGHJKLMNP'));
  const bank = account.slice(0, 7);
  const number = iban(country, country === 'PL' ? bank + bankDigit(bank) + account.slice(8) : account);
  return frame(draw, 'iban', draw.pick([number, spaced(number)]), ['iban', 'account', 'IBAN'], true, 'IBAN');
}

export function drawId(draw: Draw): Line {
  const { country, draw: make, names, isPlain } = draw.pick(ID_FORMS);
  return frame(draw, 'id', make(draw), names, isPlain, `national id, ${country}`);
}

/** Addresses outside all that is reserved; drawn, so whose they are is not known. */
export function drawIp(draw: Draw): Line {
  const first = draw.pick(['24', '62', '81', '93', '109', '151', '178', '188', '212']);
  const v4 = [first, draw.number(1, 254), draw.number(0, 254), draw.number(1, 254)].join('.');
  const v6 = `2${draw.pick(['a01', 'a02', '600', '804'])}:${draw.text(4, '123456789abcdef')}:${draw.text(4, '123456789abcdef')}::${draw.text(4, '123456789abcdef')}`;
  return frame(draw, 'ip', draw.pick([v4, v4, v6]), ['ip', 'client_ip', 'remoteAddr'], true, 'IP address');
}

const ALNUM = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789';

export function drawSecret(draw: Draw): Line {
  const base64 = (count: number): string => draw.text(count, `${ALNUM}-_`);
  const [of, text] = draw.pick([
    ['GitHub token', () => `ghp_${draw.text(36, ALNUM)}`],
    ['AWS key id', () => `AKIA${draw.text(16, 'ABCDEFGHJKLMNPQRSTUVWXYZ234567')}`],
    ['JSON web token', () => `eyJhbGciOiJIUzI1NiJ9.eyJ${base64(24)}.${base64(43)}`],
    ['Stripe key', () => `sk_test_${draw.text(24, ALNUM)}`],
    ['Google key', () => `AIza${base64(35)}`],
    ['Slack token', () => `xoxb-${draw.digits(12)}-${draw.digits(13)}-${draw.text(24, ALNUM)}`],
    ['password in an address', () => `postgres://app:${draw.text(14, ALNUM)}@db.internal/main`],
    ['npm token', () => `npm_${draw.text(36, ALNUM)}`],
    ['GitLab token', () => `glpat-${draw.text(20, ALNUM)}`],
    [
      'private key',
      () => `-----BEGIN RSA PRIVATE KEY-----\nMII${draw.text(120, ALNUM)}\n-----END RSA PRIVATE KEY-----`,
    ],
  ] as const);
  const made = text();
  const value = draw.pick([made, `use ${made} to log in`, { note: made }, { list: ['x', `see ${made}`] }]);
  return { value, hits: [{ kind: 'secret', text: made }], of };
}
