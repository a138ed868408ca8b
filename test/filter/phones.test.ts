import assert from 'node:assert/strict';
import { test } from 'node:test';
import { getCountries, getCountryCallingCode, isPossiblePhoneNumber } from 'libphonenumber-js/min';
import { isInternationalPhone } from '../../runtime/filter/personal/phones.ts';
import { createDraw } from './privacy-set/draw.ts';

test('a number is taken for that of a line if the rules take it for one, in all countries and lengths', () => {
  const draw = createDraw(7);
  const taken = { yes: 0, no: 0 };
  for (const code of new Set([
    ...getCountries().map((country) => getCountryCallingCode(country)),
    '800',
    '881',
    '999',
  ])) {
    for (let length = 3; length <= 12; length += 1) {
      for (const start of ['', '0', '1', '8', ' (0)']) {
        const text = `+${code}${start}${draw.digits(length)}`;
        const isTaken = isInternationalPhone(text);
        assert.equal(isTaken, isPossiblePhoneNumber(text), text);
        taken[isTaken ? 'yes' : 'no'] += 1;
      }
    }
  }
  assert.ok(taken.yes > 1_000 && taken.no > 1_000, JSON.stringify(taken));
});
