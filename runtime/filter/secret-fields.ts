import type { JsonObject, JsonValue } from '../contract/json.ts';
import { namesBeside } from './field-names.ts';

/**
 * Names of fields whose text is a secret whatever it looks like, and each text of a list there. Compared without case,
 * dashes, underscores, spaces and a number at the end; a longer name that ends in one of `SECRET_ENDINGS` counts too
 * (`githubAccessToken`).
 */
export const SECRET_FIELDS: ReadonlySet<string> = new Set([
  'password',
  'passwd',
  'pwd',
  'pass',
  'passphrase',
  'passcode',
  'pin',
  'secret',
  'secrets',
  'token',
  'apikey',
  'apitoken',
  'authtoken',
  'accesskey',
  'accesskeyid',
  'secretkey',
  'secretaccesskey',
  'privatekey',
  'signingkey',
  'encryptionkey',
  'masterkey',
  'sessionkey',
  'authkey',
  'servicekey',
  'clientsecret',
  'appsecret',
  'sharedsecret',
  'webhooksecret',
  'accesstoken',
  'refreshtoken',
  'idtoken',
  'bearertoken',
  'csrftoken',
  'xsrftoken',
  'sessiontoken',
  'authorization',
  'proxyauthorization',
  'cookie',
  'setcookie',
  'sessioncookie',
  'credential',
  'credentials',
  'otp',
  'totp',
  'totpsecret',
  'mfasecret',
  'recoverycode',
  'recoverycodes',
  'seedphrase',
  'mnemonic',
  'sshkey',
  'pgpkey',
  'connectionstring',
  'databaseurl',
  'dsn',
  'cvv',
  'cvc',
  'xapikey',
  'accountkey',
  'sharedaccesskey',
  'dbpass',
  'smtppass',
]);

const SECRET_ENDINGS: readonly string[] = [
  'password',
  'passwords',
  'passwordhash',
  'passwd',
  'pwd',
  'passphrase',
  'secret',
  'secretkey',
  'secretkeybase',
  'privatekey',
  'accesskey',
  'apikey',
  'apikeys',
  'clientsecret',
  'token',
];
/** Tokens that tell where to go on, or of words. */
const NO_SECRET =
  /(?:page|next|prev|previous|pagination|cursor|continuation|resume|sync|delta|scroll|watch|change|start|end|skip|marker|lock|fencing|cancel|cancellation|client|idempotency|first|last|stop|eos|bos|pad|unk|sep|cls|mask|publickey)token$/;
/** Of these, numbers are secrets too: elsewhere they count something. */
const NUMERIC: ReadonlySet<string> = new Set([
  ...['password', 'passwd', 'pwd', 'passcode', 'pin', 'otp', 'totp', 'cvv', 'cvc'],
  ...['recoverycode', 'recoverycodes'],
]);
const FEWEST_DIGITS = 3;
/** A name that may stand in a sentence of the server's own: anything else there would speak in its voice. */
const PLAIN_NAME = /^[\w.-]{1,40}$/;

export function isSecretField(name: string): boolean {
  const plain = plainOf(name);
  if (SECRET_FIELDS.has(plain)) return true;
  return SECRET_ENDINGS.some((ending) => plain.endsWith(ending)) && !NO_SECRET.test(plain);
}

/** Members that hold what a name beside them tells of. */
const VALUES: readonly string[] = ['value', 'Value'];

export const isValueKey = (key: string): boolean => VALUES.includes(key);

/**
 * Whether what is above or beside an object's `value` tells that it is a secret.
 * @param above the name of the object
 */
export function isSecretPair(object: JsonObject, above: string | undefined): boolean {
  if (!VALUES.some((key) => Object.hasOwn(object, key))) return false;
  return (above !== undefined && isSecretField(above)) || namesBeside(object).some(isSecretField);
}

/** One word with letters and digits, or behind a scheme, where no list of words would have one. */
const WORD = /^(?:(?:[Bb]asic|[Bb]earer|[Tt]oken) (?=\S*(?:\d|[a-z][A-Z]))|(?=\S*\d)(?=\S*[A-Za-z]))\S{6,}$/;

/** Whether a list is an entry, a name and its value, and the value is a secret: headers are often listed so. */
export function isSecretEntry([name, value, ...more]: readonly JsonValue[]): boolean {
  if (typeof name !== 'string' || typeof value !== 'string' || more.length > 0) return false;
  return WORD.test(value) && isSecretField(name);
}

/** Shells keep the directory they are in under these names. */
const DIRECTORY = /^(?:old)?pwd$/i;

/** Elsewhere these name parts of a board: `GPIO17`. */
const DIGITS_ALONE: ReadonlySet<string> = new Set(['pin', 'cvv', 'cvc']);

/** Packages are called so, too: `"cookie": "^0.7.1"`. */
const VERSION = /^(?:[~^v]|[<>]=? ?)?\d{1,4}\.\d{1,4}\.\d{1,4}(?:[-+][\w.+-]{1,40})?$/;

/** Whether what stands in such a field is a secret by its looks. */
export function isSecretValue(name: string, value: string): boolean {
  if (VERSION.test(value)) return false;
  if (DIRECTORY.test(name)) return value !== '' && !value.startsWith('/');
  return DIGITS_ALONE.has(plainOf(name)) ? /^\d[\d -]{2,}$/.test(value) : value !== '';
}

/** Whether numbers in the field are secrets. */
export function isSecretNumber(name: string): boolean {
  return NUMERIC.has(plainOf(name));
}

/** Whether a number is long enough to keep anything secret. */
export function isLongSecret(number: number): boolean {
  return String(Math.abs(number)).length >= FEWEST_DIGITS;
}

/** What is told of the text of such a field, in a few words. */
export function removedField(name: string): string {
  return PLAIN_NAME.test(name) ? `field ${name}` : 'field with a telling name';
}

function plainOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[-_ .]/g, '')
    .replace(/\d{1,3}$/, '');
}
