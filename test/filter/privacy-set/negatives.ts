import { iban, luhn } from './check-digits.ts';
import type { Draw } from './draw.ts';
import type { Line } from './line.ts';
import { ID_FORMS } from './national-ids.ts';

const HEX = '0123456789abcdef';
const hex = (draw: Draw, count: number): string => draw.text(count, HEX);
const uuid = (draw: Draw): string =>
  `${hex(draw, 8)}-${hex(draw, 4)}-4${hex(draw, 3)}-${draw.pick('89ab')}${hex(draw, 3)}-${hex(draw, 12)}`;
const wrong = (digit: string): string => String((Number(digit) + 1) % 10);

/** What looks like something sensitive and is not. */
const NEGATIVES: readonly (readonly [string, (draw: Draw) => unknown])[] = [
  ['UUID', (draw) => ({ id: uuid(draw), title: 'weekly sync' })],
  ['UUID in prose', (draw) => `execution ${uuid(draw)} finished`],
  ['SHA-256', (draw) => ({ sha256: hex(draw, 64) })],
  ['SHA-1', (draw) => `commit ${hex(draw, 40)}`],
  ['MD5', (draw) => ({ etag: hex(draw, 32) })],
  ['short commit', (draw) => `v2.${draw.number(0, 9)}.1-${draw.number(1, 99)}-g${hex(draw, 7)}`],
  ['digest', (draw) => `registry/app@sha256:${hex(draw, 64)}`],
  [
    'version of three parts',
    (draw) => `upgrade to ${draw.number(1, 30)}.${draw.number(0, 90)}.${draw.number(0, 400)}`,
  ],
  [
    'version of four parts',
    (draw) =>
      `version ${draw.number(1, 30)}.${draw.number(0, 90)}.${draw.number(0, 250)}.${draw.number(0, 99)}`,
  ],
  [
    'browser version',
    (draw) =>
      `Chrome/${draw.number(100, 140)}.0.${draw.number(10, 250)}.${draw.number(1, 200)} Safari/537.36`,
  ],
  [
    'version as a field',
    (draw) => ({
      version: `${draw.number(1, 9)}.${draw.number(0, 9)}.${draw.number(10, 99)}.${draw.number(0, 99)}`,
    }),
  ],
  [
    'version of single digits',
    (draw) => `requires ${draw.number(1, 9)}.${draw.digits(1)}.${draw.digits(1)}.${draw.digits(1)} or later`,
  ],
  ['object identifier', (draw) => `OID 1.3.6.1.4.1.${draw.number(1, 9999)}.${draw.number(1, 9)}`],
  [
    'section',
    (draw) =>
      `see section ${draw.number(1, 9)}.${draw.number(1, 9)}.${draw.number(1, 9)}.${draw.number(1, 9)}`,
  ],
  [
    'private address',
    (draw) => ({
      host: draw.pick([
        `10.${draw.number(0, 255)}.0.${draw.number(1, 254)}`,
        `192.168.1.${draw.number(2, 254)}`,
        '127.0.0.1',
        '172.20.0.4',
      ]),
    }),
  ],
  [
    'documentation address',
    (draw) =>
      `ping ${draw.pick(['192.0.2.', '198.51.100.', '203.0.113.'])}${draw.number(1, 254)} and 2001:db8::${hex(draw, 2)}`,
  ],
  ['hardware address', (draw) => `eth0 ${Array.from({ length: 6 }, () => hex(draw, 2)).join(':')}`],
  [
    'time of day',
    (draw) => `from ${draw.number(10, 23)}:${draw.number(10, 59)}:${draw.number(10, 59)} to 12:34:56`,
  ],
  ['C++ name', (draw) => `std::vector<int>::size_type ab::cd::${hex(draw, 4)}`],
  [
    'timestamp',
    (draw) => ({
      created_at: 1_700_000_000 + draw.number(0, 90_000_000),
      updated_at: 1_700_000_000_000 + draw.number(0, 90_000_000_000),
    }),
  ],
  ['timestamp in prose', (draw) => `expires at ${1_700_000_000 + draw.number(0, 90_000_000)}`],
  [
    'ISO date',
    (draw) => ({
      at: `2026-0${draw.number(1, 9)}-1${draw.digits(1)}T1${draw.digits(1)}:4${draw.digits(1)}:59.${draw.digits(3)}Z`,
    }),
  ],
  [
    'date and number',
    (draw) =>
      `on 2026-0${draw.number(1, 9)}-1${draw.digits(1)} there were ${draw.number(100, 999)} 000 000 rows`,
  ],
  [
    'date and time as a name',
    (draw) =>
      `backup 25${draw.pick(['0', '1'])}${draw.number(1, 2)}${draw.number(10, 28)}-${draw.number(10, 23)}${draw.number(10, 59)} and run 2025112${draw.digits(1)}-15${draw.number(10, 59)}00`,
  ],
  [
    'month and number',
    (draw) => `invoice 2025${draw.number(10, 12)}/${draw.digits(4)}, lot ${draw.digits(6)}-${draw.digits(4)}`,
  ],
  ['span of years', (draw) => `from 19${draw.digits(2)}-2004 and 12-31-2025, chapters 10-12`],
  ['snowflake', (draw) => ({ message_id: `1${draw.digits(17)}`, channel: `11${draw.digits(16)}` })],
  ['order number', (draw) => `order ${draw.digits(16)} was shipped`],
  ['order as a field', (draw) => ({ order_id: draw.digits(10), order_number: draw.digits(9) })],
  [
    'ticket',
    (draw) => `ticket 555-01${draw.digits(2)}-${draw.digits(2)}, see OPS-${draw.number(1000, 9999)}`,
  ],
  ['call id', (draw) => `call id ${draw.digits(8)} was dropped; phone model ${draw.digits(4)}`],
  ['build', (draw) => `build 2025${draw.digits(4)}.${draw.number(1, 40)} of job #${draw.digits(7)}`],
  [
    'row',
    (draw) => ({
      row: draw.number(1_000_000, 99_999_999),
      size: draw.number(1_000_000, 999_999_999),
      bytes: draw.digits(11),
    }),
  ],
  ['trace id', (draw) => ({ trace_id: hex(draw, 32), span_id: draw.digits(16).replace(/^./, '0') })],
  ['ISBN', (draw) => `ISBN 978-${draw.number(0, 9)}-${draw.digits(3)}-${draw.digits(5)}-${draw.digits(1)}`],
  ['EAN', (draw) => ({ ean: `40${draw.digits(11)}` })],
  [
    'IMEI',
    (draw) => {
      const body = `35${draw.digits(12)}`;
      return `IMEI ${body}${luhn(body)}`;
    },
  ],
  ['parcel', (draw) => `tracking number 1Z${draw.text(6, 'ABCDEFGHJKLMNP0123456789')}03${draw.digits(8)}`],
  [
    'licence key',
    (draw) =>
      `key ${Array.from({ length: 4 }, () => draw.text(4, 'ABCDEFGHJKLMNPQ23456789')).join('-')}`.replace(
        'key',
        'licence',
      ),
  ],
  ['part number', (draw) => `part ${draw.text(2, 'QWZ')}-${draw.digits(6)}-${draw.text(2, 'XYZ')}`],
  [
    'card with a wrong check digit',
    (draw) => {
      const body = `4${draw.digits(14)}`;
      return { number: body + wrong(luhn(body)) };
    },
  ],
  [
    'grouped number with a wrong check digit',
    (draw) => {
      const body = `5${draw.number(1, 5)}${draw.digits(13)}`;
      return `code ${(body + wrong(luhn(body))).replaceAll(/(.{4})(?=.)/g, '$1 ')}`;
    },
  ],
  [
    'IBAN with a wrong check',
    (draw) => {
      const right = iban('DE', draw.digits(18));
      return `IBAN ${right.slice(0, 3)}${wrong(right[3]!)}${right.slice(4)}`;
    },
  ],
  [
    'national id with a wrong check',
    (draw) => {
      const pesel = ID_FORMS.find(({ country }) => country === 'PL')!.draw(draw);
      return { pesel: pesel.slice(0, 10) + wrong(pesel[10]!) };
    },
  ],
  [
    'tax id with a wrong check',
    (draw) => {
      const id = ID_FORMS.find(({ country }) => country === 'DE')!.draw(draw);
      return `Steuer-ID ${id.slice(0, 10)}${wrong(id[10]!)}`;
    },
  ],
  [
    'number that no country gave out',
    (draw) => `SSN 000-${draw.digits(2)}-${draw.digits(4)} is rejected by the form`,
  ],
  [
    'eleven digits',
    (draw) => ({ counter: draw.digits(11), sequence: draw.number(10_000_000_000, 99_999_999_999) }),
  ],
  ['nine digits', (draw) => `processed ${draw.digits(9)} bytes in ${draw.number(100, 900)} ms`],
  [
    'thousands',
    (draw) =>
      `revenue of ${draw.number(1, 9)} ${draw.digits(3)} ${draw.digits(3)},${draw.digits(2)} EUR and 1,${draw.digits(3)},${draw.digits(3)} USD`,
  ],
  [
    'decimal',
    (draw) => ({ score: draw.number(1, 9_999_999) / 9_999_991, text: `pi is 3.${draw.digits(14)}` }),
  ],
  [
    'coordinates',
    (draw) =>
      `at ${draw.number(40, 55)}.${draw.digits(6)}, ${draw.number(10, 99)}.${draw.digits(6)} (WGS 84)`,
  ],
  [
    'delta',
    (draw) => `+${draw.digits(3)} -${draw.digits(2)} lines, +${draw.number(1, 9)}.${draw.digits(2)}%`,
  ],
  ['sum with a plus', (draw) => `total = 12+${draw.digits(7)}+${draw.digits(4)}`],
  [
    'package',
    (draw) => `npm i @scope/tool@${draw.number(1, 9)}.${draw.digits(1)}.${draw.digits(2)} left-pad@1.3.0`,
  ],
  ['remote of a repository', (draw) => `git clone git@github.com:org${draw.digits(2)}/repo.git`],
  ['image', (draw) => ({ src: `img/icon-${draw.digits(2)}@2x.png`, alt: 'icon@3x.webp' })],
  ['handle', (draw) => `thanks @ada${draw.digits(2)} and @grace_h!`],
  ['account on a machine', (draw) => `ssh deploy@web${draw.digits(2)}; su - root@localhost`],
  ['decorator', (draw) => `@Injectable() class A${draw.digits(2)} { @Input() x; }`],
  [
    'address without credentials',
    (draw) => `https://example.com/a/${draw.digits(8)}?page=${draw.number(1, 99)}#x`,
  ],
  ['path with a number', (draw) => `/var/log/app/2026/11/25/${draw.digits(10)}.log`],
  [
    'base64 picture',
    (draw) =>
      `data:image/png;base64,iVBORw0KGgo${draw.text(60, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/')}`,
  ],
  ['colour', (draw) => `#${hex(draw, 6)} on rgb(${draw.number(0, 255)}, ${draw.number(0, 255)}, 12)`],
  ['cron', (draw) => `${draw.number(0, 59)} ${draw.number(0, 23)} * * 1-5`],
  ['code', (draw) => `const x = arr[${draw.number(0, 9)}] ?? ${draw.digits(5)}; return x << 2;`],
  [
    'telling name, plain value',
    (draw) => ({
      tokens: draw.number(1, 9000),
      phone_verified: true,
      email_count: draw.number(1, 90),
      ip_version: 4,
    }),
  ],
  [
    'prose',
    (draw) => `The team of ${draw.number(3, 20)} agreed on the plan and will meet in room ${draw.digits(3)}.`,
  ],
  ['placeholder', () => 'write to <email> or call <phone>; password: ********'],
  [
    'flight',
    (draw) => `flight LH ${draw.digits(4)} seat ${draw.number(1, 40)}C, postcode SW1A 1AA, DE-10115`,
  ],
  ['matrix', (draw) => Array.from({ length: 12 }, () => draw.digits(2)).join(' ')],
  ['numbers in a line', (draw) => Array.from({ length: 9 }, () => draw.number(100, 9999)).join(' ')],
  [
    'token of this filter',
    (draw) => `write to pii_email_${draw.text(26, 'abcdefghijklmnopqrstuvwxyz234567')}`,
  ],
];

export const NEGATIVE_FORMS = NEGATIVES.length;

export function drawNegative(draw: Draw, form: number): Line {
  const [of, make] = NEGATIVES[form % NEGATIVES.length]!;
  return { value: make(draw) as Line['value'], hits: [], of: `no hit: ${of}` };
}
