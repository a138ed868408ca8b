import { createRequire } from 'node:module';
import { announcedBy, isReference, type Surroundings } from './context.ts';

/** Numbers by which one state knows its people. */
interface NationalId {
  readonly country: string;
  /** How it is written, as the whole of a text. */
  readonly shape: RegExp;
  /** Words of which one must announce it, where others write numbers of the same shape; none where nobody does. */
  readonly announced?: (around: Surroundings) => boolean;
  /** Its check in stdnum, loaded when it is first needed, since all of them take 0.2 s. */
  readonly check: string;
}

interface Check {
  validate(text: string): { readonly isValid: boolean };
}

const TAX = 'tax ?(?:id|no|nr|number|payer id|file number)|tin';
const PERSON =
  'national ?(?:id|insurance|identity)(?: ?(?:number|no|card))?|citizen(?:ship)? ?(?:id|number|service number)|identity ?(?:card|number|no)|id ?card|personal ?(?:id|code|number|identification number)';

const announced = (words: string): ((around: Surroundings) => boolean) =>
  announcedBy(`${words}|${PERSON}|${TAX}`);

const DIGITS_9 = /^\d{3}(?:\d{6}| \d{3} \d{3}|-\d{3}-\d{3}|\.\d{3}\.\d{3})$/;
const DIGITS_11 = /^\d{11}$/;

/** With their shapes and checks as the issuing states publish them. */
export const NATIONAL_IDS: readonly NationalId[] = [
  { country: 'US', shape: /^\d{3}-\d{2}-\d{4}$/, check: 'us/ssn' },
  {
    country: 'US',
    shape: /^(?:\d{3} \d{2} \d{4}|\d{9})$/,
    announced: announcedBy('ssn|social ?security(?: ?(?:number|no))?'),
    check: 'us/ssn',
  },
  {
    country: 'DE',
    shape: /^(?:\d{11}|\d{2} \d{3} \d{3} \d{3})$/,
    announced: announced(
      'id ?nr|steuer ?(?:id(?: ?nr)?|nummer)|steuer ?identifikationsnummer|identifikationsnummer',
    ),
    check: 'de/idnr',
  },
  {
    country: 'FR',
    shape: /^[1-4] ?\d{2} ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d{2}|2A|2B) ?\d{3} ?\d{3} ?\d{2}$/,
    check: 'fr/nir',
  },
  { country: 'ES', shape: /^\d{8}-?[A-HJ-NP-TV-Z]$/, check: 'es/dni' },
  { country: 'ES', shape: /^[XYZ]-?\d{7}-?[A-HJ-NP-TV-Z]$/, check: 'es/nie' },
  {
    country: 'IT',
    shape: /^[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]$/,
    check: 'it/codicefiscale',
  },
  {
    country: 'GB',
    shape: /^[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]$/,
    check: 'gb/nino',
  },
  {
    country: 'NL',
    shape: /^(?:\d{9}|\d{4}\.\d{2}\.\d{3})$/,
    announced: announced('bsn|burgerservice ?nummer|sofi ?nummer'),
    check: 'nl/bsn',
  },
  {
    country: 'BE',
    shape: /^\d{2}\.\d{2}\.\d{2}-\d{3}[.-]\d{2}$/,
    check: 'be/nn',
  },
  {
    country: 'BE',
    shape: DIGITS_11,
    announced: announced('rijksregister(?:nummer)?|registre national|niss|insz'),
    check: 'be/nn',
  },
  {
    country: 'PL',
    shape: DIGITS_11,
    announced: announced('pesel'),
    check: 'pl/pesel',
  },
  {
    country: 'SE',
    // Names with a date and an hour in them look the same, and one in ten passes.
    shape: /^(?:\d{2})?\d{6}[-+]?\d{4}$/,
    announced: announced('personnummer|person ?nr|pnr'),
    check: 'se/personnummer',
  },
  { country: 'FI', shape: /^\d{6}[-+A-FU-Y]\d{3}[A-Z]$/, check: 'fi/hetu' },
  {
    country: 'FI',
    shape: /^\d{6}[-+A]\d{4}$/,
    announced: announced('hetu|henkil(?:ö|o)tunnus'),
    check: 'fi/hetu',
  },
  {
    country: 'DK',
    shape: /^\d{6}-?\d{4}$/,
    announced: announced('cpr(?: ?nr)?'),
    check: 'dk/cpr',
  },
  {
    country: 'NO',
    shape: /^\d{6} ?\d{5}$/,
    announced: announced('f(?:ø|oe|o)dselsnummer|personnummer|fnr'),
    check: 'no/fodselsnummer',
  },
  { country: 'CH', shape: /^756\.?\d{4}\.?\d{4}\.?\d{2}$/, check: 'ch/ssn' },
  { country: 'BR', shape: /^\d{3}\.\d{3}\.\d{3}-\d{2}$/, check: 'br/cpf' },
  {
    country: 'BR',
    shape: DIGITS_11,
    announced: announced('cpf'),
    check: 'br/cpf',
  },
  {
    country: 'IN',
    shape: /^\d{4}(?:\d{8}| \d{4} \d{4}|-\d{4}-\d{4})$/,
    announced: announced('aadhaar|aadhar|uidai?'),
    check: 'in/aadhaar',
  },
  {
    country: 'CA',
    shape: DIGITS_9,
    announced: announced('sin|social ?insurance(?: ?(?:number|no))?'),
    check: 'ca/sin',
  },
  {
    country: 'AU',
    shape: DIGITS_9,
    announced: announced('tfn'),
    check: 'au/tfn',
  },
  {
    country: 'ZA',
    shape: /^\d{13}$/,
    announced: announced('sa ?id|rsa ?id'),
    check: 'za/idnr',
  },
  {
    country: 'CN',
    shape: /^[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]$/,
    check: 'cn/ric',
  },
  {
    country: 'PT',
    shape: DIGITS_9,
    announced: announced('nif|contribuinte'),
    check: 'pt/nif',
  },
  {
    country: 'CZ',
    shape: /^\d{6}\/?\d{4}$/,
    announced: announced('rodn[eé] [cč][ií]slo|r\\.? ?[cč]\\.?'),
    check: 'cz/rc',
  },
  {
    country: 'RO',
    shape: /^[1-9]\d{12}$/,
    announced: announced('cnp'),
    check: 'ro/cnp',
  },
  {
    country: 'TR',
    shape: DIGITS_11,
    announced: announced('t\\.? ?c\\.?(?: kimlik)?(?: no)?|kimlik(?: no)?|tckn'),
    check: 'tr/tckimlik',
  },
  {
    country: 'EE',
    shape: DIGITS_11,
    announced: announced('isikukood'),
    check: 'ee/ik',
  },
  {
    country: 'MX',
    shape: /^[A-Z]{4}\d{6}[HM][A-Z]{5}[A-Z\d]\d$/,
    check: 'mx/curp',
  },
  {
    country: 'CL',
    shape: /^\d{1,2}\.\d{3}\.\d{3}-[\dK]$/,
    check: 'cl/rut',
  },
  {
    country: 'KR',
    shape: /^\d{6}-[1-8]\d{6}$/,
    announced: announced('rrn|resident registration(?: number)?|주민등록번호'),
    check: 'kr/rrn',
  },
];

const require = createRequire(import.meta.url);
const loadCheck = (name: string): Check => require(`stdnum/lib/cjs/${name}.js`) as Check;

/** A check may know a number in one piece only. */
const SIGNS = /[ ./-]/g;

const isNoReference = (around: Surroundings): boolean => !isReference(around);

/** Most numbers have none of them. */
const ANY_SHAPE = new RegExp([...new Set(NATIONAL_IDS.map(({ shape }) => shape.source))].join('|'));

/** Whether a text, as a whole, is a national id. */
export function isNationalId(text: string, around: () => Surroundings): boolean {
  return (
    ANY_SHAPE.test(text) &&
    NATIONAL_IDS.some(
      ({ shape, announced: isAnnounced = isNoReference, check }) =>
        shape.test(text) && isAnnounced(around()) && isValid(text, loadCheck(check)),
    )
  );
}

function isValid(text: string, check: Check): boolean {
  return check.validate(text).isValid || check.validate(text.replaceAll(SIGNS, '')).isValid;
}
