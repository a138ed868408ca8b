import { fiscalLetter, luhn, mod1110, sum, verhoeff } from './check-digits.ts';
import type { Draw } from './draw.ts';

/** A way to draw an id of one country, as its issuer documents it, and the field names it is found under. */
export interface IdForm {
  readonly country: string;
  readonly draw: (draw: Draw) => string;
  readonly names: readonly string[];
  /** Whether the shape alone is enough. */
  readonly isPlain: boolean;
}

const two = (number: number): string => String(number).padStart(2, '0');
const day = (draw: Draw): string => two(draw.number(1, 28));
const month = (draw: Draw): string => two(draw.number(1, 12));
const year = (draw: Draw): string => two(draw.number(40, 99));

/** Draws until a remainder has a digit. */
function until(make: () => string | undefined): string {
  for (;;) {
    const made = make();
    if (made !== undefined) return made;
  }
}

function pesel(draw: Draw): string {
  const body = year(draw) + month(draw) + day(draw) + draw.digits(4);
  return body + ((10 - (sum(body, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10);
}

function cpf(draw: Draw, dotted: boolean): string {
  let body = draw.digits(9);
  for (const length of [9, 10]) {
    const total = sum(
      body,
      Array.from({ length }, (_, at) => length + 1 - at),
    );
    body += ((total * 10) % 11) % 10;
  }
  return dotted ? `${body.slice(0, 3)}.${body.slice(3, 6)}.${body.slice(6, 9)}-${body.slice(9)}` : body;
}

function bornNumber(draw: Draw): string {
  return until(() => {
    const body = day(draw) + month(draw) + year(draw) + two(draw.number(0, 4)) + draw.digits(1);
    const first = (11 - (sum(body, [3, 7, 6, 1, 8, 9, 4, 5, 2]) % 11)) % 11;
    const second = (11 - (sum(body + first, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
    return first === 10 || second === 10 ? undefined : `${body}${first}${second}`;
  });
}

function taxId(draw: Draw): string {
  return until(() => {
    const body = draw.number(1, 9) + draw.digits(9);
    const counts = Object.values(Object.groupBy([...body], (digit) => digit)).map(
      (same) => same?.length ?? 0,
    );
    const fits = counts.filter((count) => count > 1).length === 1 && Math.max(...counts) <= 3;
    return fits && !/(\d)\1\1/.test(body) ? body + mod1110(body) : undefined;
  });
}

function kimlik(draw: Draw): string {
  const body = draw.number(1, 9) + draw.digits(8);
  const odd = sum(body, [1, 0, 1, 0, 1, 0, 1, 0, 1]);
  const even = sum(body, [0, 1, 0, 1, 0, 1, 0, 1, 0]);
  const tenth = (((odd * 7 - even) % 10) + 10) % 10;
  return `${body}${tenth}${(odd + even + tenth) % 10}`;
}

function resident(draw: Draw): string {
  const body = `${draw.pick(['110101', '310104', '440305'])}19${year(draw)}${month(draw)}${day(draw)}${draw.digits(3)}`;
  const total = sum(body, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]);
  return body + '10X98765432'[total % 11];
}

function security(draw: Draw): string {
  const area = draw.pick(['123', '219', '457', '512', '601', '700']);
  return `${area}-${two(draw.number(1, 99))}-${String(draw.number(1, 9999)).padStart(4, '0')}`;
}

const letter = (draw: Draw): string => draw.text(1, 'BCDFGLMNPRST');

export const ID_FORMS: readonly IdForm[] = [
  { country: 'US', draw: security, names: ['ssn', 'social_security_number'], isPlain: true },
  {
    country: 'US',
    draw: (draw) => security(draw).replaceAll('-', ''),
    names: ['ssn', 'socialSecurityNumber'],
    isPlain: false,
  },
  { country: 'DE', draw: taxId, names: ['steuer_id', 'taxId', 'idNr'], isPlain: false },
  {
    country: 'FR',
    draw: (draw) => {
      const body = `${draw.number(1, 2)}${year(draw)}${month(draw)}${two(draw.number(1, 19))}${draw.digits(6)}`;
      const key = two(97 - Number(BigInt(body) % 97n));
      return draw.number(0, 1) === 0
        ? body + key
        : `${body[0]} ${body.slice(1, 3)} ${body.slice(3, 5)} ${body.slice(5, 7)} ${body.slice(7, 10)} ${body.slice(10)} ${key}`;
    },
    names: ['nir', 'numero_secu'],
    isPlain: true,
  },
  {
    country: 'ES',
    draw: (draw) => {
      const body = draw.digits(8);
      return `${body}${draw.pick(['', '-'])}${'TRWAGMYFPDXBNJZSQVHLCKE'[Number(body) % 23]}`;
    },
    names: ['dni', 'documento'],
    isPlain: true,
  },
  {
    country: 'ES',
    draw: (draw) => {
      const first = draw.number(0, 2);
      const body = draw.digits(7);
      return `${'XYZ'[first]}${body}${'TRWAGMYFPDXBNJZSQVHLCKE'[Number(first + body) % 23]}`;
    },
    names: ['nie'],
    isPlain: true,
  },
  {
    country: 'IT',
    draw: (draw) => {
      const name = Array.from({ length: 6 }, () => letter(draw)).join('');
      const body = `${name}${year(draw)}${draw.pick('ABCDEHLMPRST')}${day(draw)}${draw.pick(['H501', 'F205', 'L219'])}`;
      return body + fiscalLetter(body);
    },
    names: ['codice_fiscale', 'cf'],
    isPlain: true,
  },
  {
    country: 'GB',
    draw: (draw) => {
      const parts = [
        draw.pick(['AB', 'CE', 'JK', 'PR', 'SX']),
        draw.digits(2),
        draw.digits(2),
        draw.digits(2),
        draw.pick('ABCD'),
      ];
      return parts.join(draw.pick(['', ' ']));
    },
    names: ['nino', 'national_insurance_number'],
    isPlain: true,
  },
  {
    country: 'NL',
    draw: (draw) =>
      until(() => {
        const body = draw.number(1, 9) + draw.digits(7);
        const rest = sum(body, [9, 8, 7, 6, 5, 4, 3, 2]) % 11;
        return rest === 10 ? undefined : body + rest;
      }),
    names: ['bsn', 'burgerservicenummer'],
    isPlain: false,
  },
  {
    country: 'BE',
    draw: (draw) => {
      const body = year(draw) + month(draw) + day(draw) + String(draw.number(1, 997)).padStart(3, '0');
      const key = two(97 - (Number(body) % 97));
      return `${body.slice(0, 2)}.${body.slice(2, 4)}.${body.slice(4, 6)}-${body.slice(6)}.${key}`;
    },
    names: ['rijksregisternummer', 'niss'],
    isPlain: true,
  },
  { country: 'PL', draw: pesel, names: ['pesel', 'PESEL'], isPlain: false },
  {
    country: 'SE',
    draw: (draw) => {
      const body = year(draw) + month(draw) + day(draw) + draw.digits(3);
      return `${body.slice(0, 6)}-${body.slice(6)}${luhn(body)}`;
    },
    names: ['personnummer'],
    isPlain: false,
  },
  {
    country: 'FI',
    draw: (draw) => {
      const body = day(draw) + month(draw) + year(draw) + String(draw.number(2, 899)).padStart(3, '0');
      return `${body.slice(0, 6)}-${body.slice(6)}${'0123456789ABCDEFHJKLMNPRSTUVWXY'[Number(body) % 31]}`;
    },
    names: ['hetu', 'henkilotunnus'],
    isPlain: false,
  },
  { country: 'NO', draw: bornNumber, names: ['fodselsnummer', 'fnr'], isPlain: false },
  {
    country: 'CH',
    draw: (draw) => {
      const body = `756${draw.digits(9)}`;
      const check = (10 - (sum(body, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3]) % 10)) % 10;
      return `756.${body.slice(3, 7)}.${body.slice(7, 11)}.${body.slice(11)}${check}`;
    },
    names: ['ahv', 'avs'],
    isPlain: true,
  },
  { country: 'BR', draw: (draw) => cpf(draw, true), names: ['cpf', 'documento'], isPlain: true },
  { country: 'BR', draw: (draw) => cpf(draw, false), names: ['cpf', 'CPF'], isPlain: false },
  {
    country: 'IN',
    draw: (draw) => {
      const body = draw.number(2, 9) + draw.digits(10);
      return (body + verhoeff(body)).replace(/(....)(....)(....)/, draw.pick(['$1$2$3', '$1 $2 $3']));
    },
    names: ['aadhaar', 'aadhaarNumber'],
    isPlain: false,
  },
  {
    country: 'CA',
    draw: (draw) => {
      const body = draw.number(1, 7) + draw.digits(7);
      return (body + luhn(body)).replace(/(...)(...)(...)/, draw.pick(['$1$2$3', '$1 $2 $3', '$1-$2-$3']));
    },
    names: ['sin', 'social_insurance_number'],
    isPlain: false,
  },
  { country: 'CN', draw: resident, names: ['resident_id', 'id_card'], isPlain: true },
  { country: 'TR', draw: kimlik, names: ['tckn', 'kimlik_no'], isPlain: false },
];
