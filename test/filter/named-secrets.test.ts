import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cleanText, cleanValue } from '../../runtime/filter/clean-value.ts';

const SECRET = 'hunter2hunter2';
const clean = async (text: string): Promise<string> => (await cleanText(text, undefined)).value;

const WRITTEN: readonly (readonly [string, string])[] = [
  [`{ password: "${SECRET}", n: 1 }`, '{ password: "[removed: field password]", n: 1 }'],
  [JSON.stringify({ password: SECRET }), '{"password":"[removed: field password]"}'],
  [
    JSON.stringify({ body: JSON.stringify({ api_key: SECRET, n: 1 }) }),
    String.raw`{"body":"{\"api_key\":\"[removed: field api_key]\",\"n\":1}"}`,
  ],
  ['{"pin":4711,"page":4711}', '{"pin":[removed: field pin],"page":4711}'],
  [String.raw`{"password":"a\"b c","n":1}`, '{"password":"[removed: field password]","n":1}'],
  [`DB_PASSWORD=${SECRET}\nDEBUG=1`, 'DB_PASSWORD=[removed: field DB_PASSWORD]\nDEBUG=1'],
  [`/login?access_token=${SECRET}&page=2`, '/login?access_token=[removed: field access_token]&page=2'],
  [`AccountKey=${SECRET}==;Suffix=x`, 'AccountKey=[removed: field AccountKey];Suffix=x'],
  [`Login with Password: ${SECRET} failed`, 'Login with Password: [removed: field Password] failed'],
  [`the api key: ${SECRET}`, 'the api key: [removed: field api_key]'],
  [`password = '${SECRET}'`, "password = '[removed: field password]'"],
  [`- name: DB_PASSWORD\n  value: ${SECRET}`, '- name: DB_PASSWORD\n  value: [removed: field DB_PASSWORD]'],
  [`<add key="apiKey" value="${SECRET}"/>`, '<add key="apiKey" value="[removed: field apiKey]"/>'],
  [`<password>${SECRET}</password>`, '<password>[removed: field password]</password>'],
  [`login --password ${SECRET} --port 5432`, 'login --password [removed: field password] --port 5432'],
  [`ENV API_TOKEN ${SECRET}`, 'ENV API_TOKEN [removed: field API_TOKEN]'],
  [`curl -u ada:${SECRET} https://x.example`, 'curl -u ada:[removed: field password] https://x.example'],
  [`create user ada identified by '${SECRET}'`, "create user ada identified by '[removed: field password]'"],
  [`password      = "${SECRET}"`, 'password      = "[removed: field password]"'],
  [`SECRET_KEY_BASE=${SECRET}`, 'SECRET_KEY_BASE=[removed: field SECRET_KEY_BASE]'],
  [`define('DB_PASSWORD', '${SECRET}');`, "define('DB_PASSWORD', '[removed: field DB_PASSWORD]');"],
  [
    `[["x-api-key","${SECRET}"],["accept","a1b2c3"]]`,
    '[["x-api-key","[removed: field x-api-key]"],["accept","a1b2c3"]]',
  ],
  [
    JSON.stringify(JSON.stringify([['Set-Cookie', SECRET]])),
    String.raw`"[[\"Set-Cookie\",\"[removed: field Set-Cookie]\"]]"`,
  ],
  [
    `variable "db_password" {\n  type = string\n  default   = "${SECRET}"\n}`,
    'variable "db_password" {\n  type = string\n  default   = "[removed: field db_password]"\n}',
  ],
  [
    `$db['local']["db_password"] = '${SECRET}';`,
    `$db['local']["db_password"] = '[removed: field db_password]';`,
  ],
  [`password := "${SECRET}"`, 'password := "[removed: field password]"'],
  ['["Authorization", "Basic dXNlcjpwYXNz"]', '["Authorization", "[removed: field Authorization]"]'],
  [
    `<db:password type="x">${SECRET}</db:password>`,
    '<db:password type="x">[removed: field password]</db:password>',
  ],
  ['data:\n  password: aHVudGVyMg==', 'data:\n  password: [removed: field password]'],
  [`<string name="api_key">${SECRET}</string>`, '<string name="api_key">[removed: field api_key]</string>'],
  [
    `machine x.example login ada password ${SECRET}\nmachine y`,
    'machine x.example login ada password [removed: field password]\nmachine y',
  ],
  [
    `GET /bot1234567890:AA${'aB3dE6gH9jK'.repeat(3)}/getMe`,
    'GET /bot1234567890[removed: telegram bot token]/getMe',
  ],
  ['token=abc[def DSN=https://a1@x.example/1', 'token=[removed: field token] DSN=[removed: field DSN]'],
  [`redis://:${SECRET}@cache:6379/0`, 'redis://:[removed: password of an address]@cache:6379/0'],
];

for (const [text, expected] of WRITTEN)
  test(`the value of a telling name is removed from ${text}`, async () => {
    const cleaned = await clean(text);
    assert.equal(cleaned, expected);
    assert.equal(await clean(cleaned), cleaned, 'once is enough');
  });

const HARMLESS = [
  'password: string; token: number;',
  'const password = readPassword();',
  'connect(password=settings.db.password)',
  'if (password === other) token = null',
  'export API_KEY=$OTHER',
  'pass: 12, fail: 3, tokens: 1200',
  'GPIO pin: 13',
  '{"pin":"A0"} pin: GPIO17',
  'nextPageToken: "CAUQAA", next page token: abc123def456',
  'The secret: never give up.',
  'Forgot your password? Reset it: https://example.com/a1',
  'secrets: 3 of 12',
  'primary key: id2',
  'password="" token=\'\'',
  'password: required|min:8',
  "fetch(url, { credentials: 'same-origin' })",
  '<type>abc123def</type> --token-file abc123def --user 1000:1000',
  '{"name":"city","value":"abc123def"}',
  'https://ada:<password>@x.example',
  'PWD=/home/ada/src1\nOLDPWD=/home/ada',
  "authorization: 'none', translate('password', 'Passwort')",
  'Version=4.0.0.0, PublicKeyToken=b77a5c561934e089',
  'with password authentication, set password policies',
  '["password","reset"],["token","budget"]',
  'variable "city" { default = "abc123def" } variable "token" {}',
  '["token","Token expired"],["authorization","Basic authentication"]',
  "config['city'] = 'abc123def'; tokens[i] = 'abc123def'",
  '{"password":"","user":"ada"} {"token": \'\', "user": \'ada\'}',
  String.raw`{\"password\":\"\",\"user\":\"ada\"}`,
  'login(user=user, password=password, _token=_token)',
  'password=data["password"], secret=self.secrets[0], token=rows[1]',
  'token: https://x.example/a1',
  '<a name="password">password1 is forgotten</a> <td id="token">abc123def</td> secret: base',
  '"cookie": "^0.7.1", "pbkdf2-password": "1.2.1-beta.2"',
  '<db:type>abc123def</db:type> login ada with password reset',
];

for (const text of HARMLESS)
  test(`nothing is removed from ${text}`, async () => {
    assert.equal(await clean(text), text);
  });

test('each text of a list under a telling name is removed, and numbers where they are secrets', async () => {
  const { value } = await cleanValue(
    {
      recovery_codes: ['abcd', ['efgh']],
      pin: 4711,
      cvv: 123,
      token: 17,
      nextToken: 'abc',
      GITHUB_TOKEN: 'x',
    },
    undefined,
  );
  assert.deepEqual(value, {
    recovery_codes: ['[removed: field recovery_codes]', ['[removed: field recovery_codes]']],
    pin: '[removed: field pin]',
    cvv: '[removed: field cvv]',
    token: 17,
    nextToken: 'abc',
    GITHUB_TOKEN: '[removed: field GITHUB_TOKEN]',
  });
});

test('a name tells of the `value` beside or below it and of a column, and a key of its own also where the same word was a text before', async () => {
  const header = { name: 'X-Api-Key', value: 'open sesame' };
  const { value } = await cleanValue(
    [
      'password',
      { password: 'open sesame' },
      header,
      { name: 'city', value: 'Paris' },
      { cookie: '~0.7.1', password: '' },
      { Name: '/prod/db/password', Type: 'SecureString', Value: 'open sesame' },
      { db_password: { sensitive: true, value: 'open sesame' }, region: { value: 'north' } },
      {
        columns: ['id', 'password'],
        rows: [
          [1, 'open sesame'],
          [2, null],
        ],
      },
    ],
    undefined,
  );
  assert.deepEqual(value, [
    'password',
    { password: '[removed: field password]' },
    { ...header, value: '[removed: field value]' },
    { name: 'city', value: 'Paris' },
    { cookie: '~0.7.1', password: '' },
    { Name: '/prod/db/password', Type: 'SecureString', Value: '[removed: field Value]' },
    { db_password: { sensitive: true, value: '[removed: field value]' }, region: { value: 'north' } },
    {
      columns: ['id', 'password'],
      rows: [
        [1, '[removed: field password]'],
        [2, null],
      ],
    },
  ]);
});

test('the second item of an entry is removed where its first says so and it looks like a secret', async () => {
  const words = ['password', 'reset'];
  const long = ['token', 'a1b2c3d4', 'e5f6'];
  const { value, removed } = await cleanValue(
    {
      headers: [['accept', 'a1b2c3d4'], ['X-Api-Key', 'open-sesame-1'], words, long],
      scheme: ['Authorization', 'Basic dXNlcjpwYXNz'],
      entry: ['pwd', 'a1b2c3'],
    },
    undefined,
  );
  assert.deepEqual(value, {
    headers: [['accept', 'a1b2c3d4'], ['X-Api-Key', '[removed: field X-Api-Key]'], words, long],
    scheme: ['Authorization', '[removed: field Authorization]'],
    entry: ['pwd', '[removed: field pwd]'],
  });
  assert.deepEqual(removed, ['field X-Api-Key', 'field Authorization', 'field pwd']);
});

test('of two keys with secrets in them, each keeps its entry', async () => {
  const { value } = await cleanValue(
    { [`ghp_${'a'.repeat(36)}`]: 1, [`ghp_${'b'.repeat(36)}`]: 2 },
    undefined,
  );
  assert.deepEqual(value, { '[removed: github credential]': 1, '[removed: github credential] (2)': 2 });
});

const BEGIN = '-----BEGIN ';
const RARE: readonly (readonly [string, string])[] = [
  ...['EC PRIVATE KEY', 'OPENSSH PRIVATE KEY', 'PRIVATE KEY', 'PGP PRIVATE KEY BLOCK'].map(
    (kind): readonly [string, string] => [kind, `${BEGIN}${kind}-----\n\nMHcCAQEEIIr\n-----END ${kind}-----`],
  ),
  ['the first line of a key', `${BEGIN}RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA04up8hoqzS1+APIB0RhjXyOb`],
  ['a Google client secret', `GOCSPX-${'aB3dE6gH9jK2mN5pQ8sT'}1234`],
  ['a Google access token', `ya29.${'a0AfH6SMBabcdefghijklmnopqrstuv'}`],
  ['a DigitalOcean token', `dop_v1_${'0123456789abcdef'.repeat(4)}`],
  ['a PyPI token', `pypi-AgE${'IcHlwaS5vcmcCJDAwMDAw'.repeat(3)}`],
  ['a secret of a webhook', `whsec_${'abcdefghijklmnopqrstuvwxyz12'}`],
  ['a Telegram bot’s token', `1234567890:AA${'aB3dE6gH9jK'.repeat(3)}`],
  ['a Discord bot’s token', `MTIzNDU2Nzg5MDEyMzQ1Njc4.GaB3dE.${'aB3dE6gH9jK'.repeat(3)}`],
  ['a Twilio key', `SK${'0123456789abcdef'.repeat(2)}`],
  ['an OpenAI key of a project', `sk-proj-${'abcdefghijklmnopqrstuvwxyz12'}`],
  ['a signature of Azure', `https://x.example/c?sv=1&sig=${'aB3d'.repeat(11)}%3D`],
];

for (const [name, secret] of RARE)
  test(`${name} is removed`, async () => {
    const cleaned = await clean(`before ${secret} after`);
    assert.match(cleaned, /^before .*\[removed: [a-z ]+\] after$/);
    assert.ok(!cleaned.includes(secret.slice(-8)), cleaned);
  });
