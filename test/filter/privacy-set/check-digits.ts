/** Check digits as the issuers publish them, written here anew: the set must not agree with a library by itself. */

export const sum = (text: string, weights: readonly number[]): number =>
  weights.reduce((total, weight, at) => total + weight * Number(text[at]), 0);

/** The digit that ISO/IEC 7812-1 appends. */
export function luhn(body: string): string {
  const total = [...body].reverse().reduce((so, digit, at) => {
    const value = Number(digit) * (at % 2 === 0 ? 2 : 1);
    return so + (value > 9 ? value - 9 : value);
  }, 0);
  return String((10 - (total % 10)) % 10);
}

/** An IBAN from its country and its account: ISO 13616, mod 97-10. */
export function iban(country: string, account: string): string {
  const numeric = [...`${account}${country}00`].map((char) => Number.parseInt(char, 36)).join('');
  return `${country}${String(98n - (BigInt(numeric) % 97n)).padStart(2, '0')}${account}`;
}

const D = [
  '0123456789',
  '1234067895',
  '2340178956',
  '3401289567',
  '4012395678',
  '5987604321',
  '6598710432',
  '7659821043',
  '8765932104',
  '9876543210',
];
const P = [
  '0123456789',
  '1576283094',
  '5803796142',
  '8916043527',
  '9453126870',
  '4286573901',
  '2793806415',
  '7046913258',
];
const INVERSE = '0432156789';

/** The digit that Verhoeff's scheme appends. */
export function verhoeff(body: string): string {
  const state = [...body]
    .reverse()
    .reduce((at, digit, index) => Number(D[at]![Number(P[(index + 1) % 8]![Number(digit)])]), 0);
  return INVERSE[state]!;
}

/** ISO 7064 mod 11-10, of the German tax id and others. */
export function mod1110(body: string): string {
  const product = [...body].reduce((so, digit) => {
    const total = (so + Number(digit)) % 10 || 10;
    return (total * 2) % 11;
  }, 10);
  return String((11 - product) % 10);
}

const ODD: Readonly<Record<string, number>> = Object.fromEntries(
  [...'0123456789']
    .map((char, at) => [char, [1, 0, 5, 7, 9, 13, 15, 17, 19, 21][at]!])
    .concat(
      [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].map((char, at) => [
        char,
        [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23][at]!,
      ]),
    ),
);

/** The letter that an Italian fiscal code ends in. */
export function fiscalLetter(body: string): string {
  const total = [...body].reduce((so, char, at) => {
    const even = /\d/.test(char) ? Number(char) : char.charCodeAt(0) - 65;
    return so + (at % 2 === 0 ? ODD[char]! : even);
  }, 0);
  return String.fromCharCode(65 + (total % 26));
}

/** The digit that ends the number of a Polish bank. */
export const bankDigit = (body: string): string =>
  String((10 - (sum(body, [3, 9, 7, 1, 3, 9, 7]) % 10)) % 10);
