import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseCommand, splitWords } from '../../backend/remote/command-line.ts';

const CASES: readonly (readonly [line: string, words: readonly string[]])[] = [
  ['npx some-server', ['npx', 'some-server']],
  ['  npx \t some-server\n', ['npx', 'some-server']],
  [`"/my files/server" --root '/your files'`, ['/my files/server', '--root', '/your files']],
  [`a"b c"d'e f'g`, ['ab cde fg']],
  [`'' ""`, ['', '']],
  [`'a\\b "c"'`, ['a\\b "c"']],
  ['"a \\"b\\" \\\\ c"', ['a "b" \\ c']],
  ['my\\ file it\\\'s \\"', ['my file', "it's", '"']],
  ['C:\\tools\\server.exe --root D:\\new', ['C:\\tools\\server.exe', '--root', 'D:\\new']],
  [
    'server $HOME ~ *.ts `date` $(date) | tee > out && rm',
    ['server', '$HOME', '~', '*.ts', '`date`', '$(date)', '|', 'tee', '>', 'out', '&&', 'rm'],
  ],
  ['', []],
];

for (const [line, words] of CASES) {
  test(`${JSON.stringify(line)} is ${words.length} words, and nothing in it is expanded`, () => {
    assert.deepEqual(splitWords(line), { ok: true, words });
  });
}

for (const [line, mark, at] of [
  ['server "a b', '"', 8],
  ["server 'a b", "'", 8],
  [`server "it's" 'x`, "'", 15],
] as const) {
  test(`a quote without a counterpart is refused with its place: ${line}`, () => {
    assert.deepEqual(splitWords(line), {
      ok: false,
      message: `the ${mark} at character ${at} has no counterpart`,
    });
  });
}

test('words that were quoted come back as they were, whatever is in them', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.string().map((word) => word.replaceAll("'", '')),
        { minLength: 1 },
      ),
      (words) => {
        assert.deepEqual(splitWords(words.map((word) => `'${word}'`).join(' ')), { ok: true, words });
      },
    ),
  );
});

test('leading assignments set variables; later ones are arguments', () => {
  assert.deepEqual(parseCommand(`TOKEN="a b" EMPTY= npx server X=1`), {
    ok: true,
    env: { TOKEN: 'a b', EMPTY: '' },
    command: 'npx',
    args: ['server', 'X=1'],
  });
});

for (const line of ['', '   ', 'TOKEN=abc', '""']) {
  test(`a command line without a command is refused: ${JSON.stringify(line)}`, () => {
    assert.deepEqual(parseCommand(line), { ok: false, message: 'the command is empty' });
  });
}
