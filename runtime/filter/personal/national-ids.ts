import { announcedBy, isReference, type Surroundings } from './context.ts';

/** Numbers by which one state knows its people. */
interface NationalId {
  readonly country: string;
  /** How it is written, as the whole of a text. */
  readonly shape: RegExp;
  /** Words of which one must announce it, where others write numbers of the same shape; none where nobody does. */
  readonly announced?: (around: Surroundings) => boolean;
  /** The check of its digits, from stdnum; loaded when it is first needed, since all of them take 0.2 s. */
  readonly load: () => Promise<{ validate(text: string): { readonly isValid: boolean } }>;
}

const TAX = 'tax ?(?:id|no|nr|number|payer id|file number)|steuer ?(?:id|nummer)|tin';
const PERSON =
  'national ?(?:id|insurance|identity)(?: ?(?:number|no|card))?|citizen(?:ship)? ?(?:id|number|service number)|identity ?(?:card|number|no)|id ?card|personal ?(?:id|code|number|identification number)';

const announced = (words: string): ((around: Surroundings) => boolean) =>
  announcedBy(`${words}|${PERSON}|${TAX}`);

const DIGITS_9 = /^\d{3}(?:\d{6}| \d{3} \d{3}|-\d{3}-\d{3}|\.\d{3}\.\d{3})$/;
const DIGITS_11 = /^\d{11}$/;

/** With their shapes and checks as the issuing states publish them. */
export const NATIONAL_IDS: readonly NationalId[] = [
  { country: 'US', shape: /^\d{3}-\d{2}-\d{4}$/, load: () => import('stdnum/lib/cjs/us/ssn.js') },
  {
    country: 'US',
    shape: /^(?:\d{3} \d{2} \d{4}|\d{9})$/,
    announced: announcedBy('ssn|social ?security(?: ?(?:number|no))?'),
    load: () => import('stdnum/lib/cjs/us/ssn.js'),
  },
  {
    country: 'DE',
    shape: /^(?:\d{11}|\d{2} \d{3} \d{3} \d{3})$/,
    announced: announced('id ?nr|steuer ?id(?: ?nr)?|steueridentifikationsnummer|identifikationsnummer'),
    load: () => import('stdnum/lib/cjs/de/idnr.js'),
  },
  {
    country: 'FR',
    shape: /^[1-4] ?\d{2} ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d{2}|2A|2B) ?\d{3} ?\d{3} ?\d{2}$/,
    load: () => import('stdnum/lib/cjs/fr/nir.js'),
  },
  { country: 'ES', shape: /^\d{8}-?[A-HJ-NP-TV-Z]$/, load: () => import('stdnum/lib/cjs/es/dni.js') },
  { country: 'ES', shape: /^[XYZ]-?\d{7}-?[A-HJ-NP-TV-Z]$/, load: () => import('stdnum/lib/cjs/es/nie.js') },
  {
    country: 'IT',
    shape: /^[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]$/,
    load: () => import('stdnum/lib/cjs/it/codicefiscale.js'),
  },
  {
    country: 'GB',
    shape: /^[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]$/,
    load: () => import('stdnum/lib/cjs/gb/nino.js'),
  },
  {
    country: 'NL',
    shape: /^(?:\d{9}|\d{4}\.\d{2}\.\d{3})$/,
    announced: announced('bsn|burgerservice ?nummer|sofi ?nummer'),
    load: () => import('stdnum/lib/cjs/nl/bsn.js'),
  },
  {
    country: 'BE',
    shape: /^\d{2}\.\d{2}\.\d{2}-\d{3}[.-]\d{2}$/,
    load: () => import('stdnum/lib/cjs/be/nn.js'),
  },
  {
    country: 'BE',
    shape: DIGITS_11,
    announced: announced('rijksregister(?:nummer)?|registre national|niss|insz'),
    load: () => import('stdnum/lib/cjs/be/nn.js'),
  },
  {
    country: 'PL',
    shape: DIGITS_11,
    announced: announced('pesel'),
    load: () => import('stdnum/lib/cjs/pl/pesel.js'),
  },
  {
    country: 'SE',
    // Names with a date and an hour in them look the same, and one in ten passes.
    shape: /^(?:\d{2})?\d{6}[-+]?\d{4}$/,
    announced: announced('personnummer|person ?nr|pnr'),
    load: () => import('stdnum/lib/cjs/se/personnummer.js'),
  },
  { country: 'FI', shape: /^\d{6}[-+A]\d{3}[A-Z]$/, load: () => import('stdnum/lib/cjs/fi/hetu.js') },
  {
    country: 'FI',
    shape: /^\d{6}[-+A]\d{4}$/,
    announced: announced('hetu|henkil(?:ö|o)tunnus'),
    load: () => import('stdnum/lib/cjs/fi/hetu.js'),
  },
  {
    country: 'DK',
    shape: /^\d{6}-?\d{4}$/,
    announced: announced('cpr(?: ?nr)?'),
    load: () => import('stdnum/lib/cjs/dk/cpr.js'),
  },
  {
    country: 'NO',
    shape: /^\d{6} ?\d{5}$/,
    announced: announced('f(?:ø|oe|o)dselsnummer|personnummer|fnr'),
    load: () => import('stdnum/lib/cjs/no/fodselsnummer.js'),
  },
  { country: 'CH', shape: /^756\.?\d{4}\.?\d{4}\.?\d{2}$/, load: () => import('stdnum/lib/cjs/ch/ssn.js') },
  { country: 'BR', shape: /^\d{3}\.\d{3}\.\d{3}-\d{2}$/, load: () => import('stdnum/lib/cjs/br/cpf.js') },
  {
    country: 'BR',
    shape: DIGITS_11,
    announced: announced('cpf'),
    load: () => import('stdnum/lib/cjs/br/cpf.js'),
  },
  {
    country: 'IN',
    shape: /^\d{4}(?:\d{8}| \d{4} \d{4}|-\d{4}-\d{4})$/,
    announced: announced('aadhaar|aadhar|uidai?'),
    load: () => import('stdnum/lib/cjs/in/aadhaar.js'),
  },
  {
    country: 'CA',
    shape: DIGITS_9,
    announced: announced('sin|social ?insurance(?: ?(?:number|no))?'),
    load: () => import('stdnum/lib/cjs/ca/sin.js'),
  },
  {
    country: 'AU',
    shape: DIGITS_9,
    announced: announced('tfn'),
    load: () => import('stdnum/lib/cjs/au/tfn.js'),
  },
  {
    country: 'ZA',
    shape: /^\d{13}$/,
    announced: announced('sa ?id|rsa ?id'),
    load: () => import('stdnum/lib/cjs/za/idnr.js'),
  },
  {
    country: 'CN',
    shape: /^[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]$/,
    load: () => import('stdnum/lib/cjs/cn/ric.js'),
  },
  {
    country: 'PT',
    shape: DIGITS_9,
    announced: announced('nif|contribuinte'),
    load: () => import('stdnum/lib/cjs/pt/nif.js'),
  },
  {
    country: 'CZ',
    shape: /^\d{6}\/?\d{4}$/,
    announced: announced('rodn[eé] [cč][ií]slo|r\\.? ?[cč]\\.?'),
    load: () => import('stdnum/lib/cjs/cz/rc.js'),
  },
  {
    country: 'RO',
    shape: /^[1-9]\d{12}$/,
    announced: announced('cnp'),
    load: () => import('stdnum/lib/cjs/ro/cnp.js'),
  },
  {
    country: 'TR',
    shape: DIGITS_11,
    announced: announced('t\\.? ?c\\.?(?: kimlik)?(?: no)?|kimlik(?: no)?|tckn'),
    load: () => import('stdnum/lib/cjs/tr/tckimlik.js'),
  },
  {
    country: 'EE',
    shape: DIGITS_11,
    announced: announced('isikukood'),
    load: () => import('stdnum/lib/cjs/ee/ik.js'),
  },
  {
    country: 'MX',
    shape: /^[A-Z]{4}\d{6}[HM][A-Z]{5}[A-Z\d]\d$/,
    load: () => import('stdnum/lib/cjs/mx/curp.js'),
  },
  {
    country: 'CL',
    shape: /^\d{1,2}\.\d{3}\.\d{3}-[\dK]$/,
    load: () => import('stdnum/lib/cjs/cl/rut.js'),
  },
  {
    country: 'KR',
    shape: /^\d{6}-[1-8]\d{6}$/,
    announced: announced('rrn|resident registration(?: number)?|주민등록번호'),
    load: () => import('stdnum/lib/cjs/kr/rrn.js'),
  },
];

const isNoReference = (around: Surroundings): boolean => !isReference(around);

const ANY_SHAPE = new RegExp(NATIONAL_IDS.map(({ shape }) => shape.source).join('|'));

/** Whether a text, as a whole, has the shape of a national id. */
export const hasIdShape = (text: string): boolean => ANY_SHAPE.test(text);

/** Whether a text, as a whole, is a national id. */
export async function isNationalId(text: string, around: () => Surroundings): Promise<boolean> {
  for (const { shape, announced: isAnnounced = isNoReference, load } of NATIONAL_IDS) {
    if (!shape.test(text) || !isAnnounced(around())) continue;
    if ((await load()).validate(text).isValid) return true;
  }
  return false;
}
