import assert from 'node:assert/strict';
import { test } from 'node:test';
import { markPersonal } from '../../runtime/contract/privacy.ts';
import { cleanText, cleanValue } from '../../runtime/filter/clean-value.ts';
import { NATIONAL_IDS } from '../../runtime/filter/personal/national-ids.ts';

const clean = async (text: string): Promise<string> => (await cleanText(text, markPersonal)).value;

/** One id of each country, from its documentation or drawn with its check digits, as people announce it. */
const IDS: Readonly<Record<string, readonly string[]>> = {
  AU: ['TFN 123 456 782'],
  BE: ['85.07.30-033.28'],
  BR: ['529.982.247-25'],
  CA: ['SIN 046 454 286'],
  CH: ['756.9217.0769.85'],
  CL: ['12.531.909-2', '12.345.678-5'],
  CN: ['11010519491231002X'],
  CZ: ['rodné číslo 736028/5163'],
  DE: ['Steuer-ID 36 574 261 809', 'IdNr. 36574261809'],
  DK: ['CPR 0101011234'],
  EE: ['isikukood 37605030299'],
  ES: ['12345678Z', 'X1234567L'],
  FI: ['131052-308T', '250223X408U'],
  FR: ['1 85 05 78 006 084 91'],
  GB: ['AB 12 34 56 C'],
  IN: ['Aadhaar 2341 2341 2346'],
  IT: ['RSSMRA85T10A562S'],
  KR: ['RRN 900101-1234568'],
  MX: ['BOXW310820HNERXN09', 'HEGG560427MVZRRL04'],
  NL: ['BSN 111222333'],
  NO: ['fødselsnummer 151086 95088'],
  PL: ['PESEL 44051401359'],
  PT: ['NIF 123456789'],
  RO: ['CNP 1800101221144'],
  SE: ['personnummer 811218-9876'],
  TR: ['TC Kimlik No 10000000146'],
  US: ['123-45-6789'],
  ZA: ['SA ID 8001015009087'],
};

test('an id of each country that the table names is found in a text', async () => {
  assert.deepEqual(Object.keys(IDS), [...new Set(NATIONAL_IDS.map(({ country }) => country))].toSorted());
  for (const id of Object.values(IDS).flat())
    assert.match(await clean(`She wrote: ${id}, and signed.`), /\[removed: id\], and signed\.$/, id);
});

const FORMS: readonly (readonly [string, string])[] = [
  ['http://93.184.216.34/login', 'http://[removed: ip]/login'],
  ['/v1/93.184.216.34/x', '/v1/93.184.216.34/x'],
  ['0049 30 901820', '[removed: phone]'],
  ['DE88 3704 0044 0532 0130 00 is no IBAN', 'DE88 3704 0044 0532 0130 00 is no IBAN'],
  ['004930901820', '004930901820'],
  ['1-415-555-2671', '[removed: phone]'],
  ['de89 3704 0044 0532 0130 00 paid', '[removed: iban] paid'],
  ['DE89-3704-0044-0532-0130-00', '[removed: iban]'],
  ['key AB12-3704-0044-0532-0130-00', 'key AB12-3704-0044-0532-0130-00'],
  ['commit de89370400440532013001', 'commit de89370400440532013001'],
  ['https://x.example/?mail=ada%40example.com&n=1', 'https://x.example/?mail=[removed: email]&n=1'],
  ['उपयोगकर्ता@उदाहरण.कॉम', '[removed: email]'],
  ['ring +44 20 7946 0123 3 times', 'ring [removed: phone] 3 times'],
  ['ssh ada@93.184.216.34 -p 22', 'ssh ada@[removed: ip] -p 22'],
  ['allow 93.184.216.34/28', 'allow [removed: ip]/28'],
  ['93.184.216.34-93.184.216.40', '[removed: ip]-[removed: ip]'],
  ['X-Forwarded-For: 8.8.8.8', 'X-Forwarded-For: [removed: ip]'],
];

for (const [text, expected] of FORMS)
  test(`${JSON.stringify(text)} leaves as ${JSON.stringify(expected)}`, async () => {
    assert.equal(await clean(text), expected);
  });

test('the names of JSON within a text announce numbers as those of fields do', async () => {
  const written = {
    phoneNumber: '030 901820',
    social_security_number: '219 09 8888',
    'steuer-id': '36574261809',
  };
  for (const text of [JSON.stringify(written), JSON.stringify(JSON.stringify(written))]) {
    const { value } = await cleanValue({ body: text }, markPersonal);
    const { body } = value as { body: string };
    assert.doesNotMatch(body, /\d/);
    assert.equal(body.split('[removed: ').length, 4);
  }
});

test('what a field without a name of its own holds is told by what is above and beside it', async () => {
  const number = '030 901820';
  const mark = '[removed: phone]';
  const { value } = await cleanValue(
    {
      phones: [{ use: 'work', number }],
      contact: { type: 'phone', value: number },
      order: { number },
      columns: ['phone', 'id'],
      rows: [[number, number]],
    },
    markPersonal,
  );
  assert.deepEqual(value, {
    phones: [{ use: 'work', number: mark }],
    contact: { type: 'phone', value: mark },
    order: { number },
    columns: ['phone', 'id'],
    rows: [[mark, number]],
  });
});
