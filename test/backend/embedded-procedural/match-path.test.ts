import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { wilsonInterval } from '../../../backend/embedded/procedural/effectiveness.ts';
import { matchPath } from '../../../backend/embedded/procedural/match-path.ts';

const CASES: readonly (readonly [pattern: string, path: string, matches: boolean])[] = [
  ['src/a.ts', 'src/a.ts', true],
  ['*.ts', 'src/deep/a.ts', true],
  ['*.ts', 'src/a.tsx', false],
  ['src/*.ts', 'src/a.ts', true],
  ['src/*.ts', 'src/deep/a.ts', false],
  ['src/**/*.ts', 'src/a.ts', true],
  ['src/**/*.ts', 'src/x/y/a.ts', true],
  ['**/test/**', 'a/test/b.ts', true],
  ['**/test/**', 'a/tests/b.ts', false],
  ['a?.sql', 'db/a1.sql', true],
  ['a?.sql', 'db/a12.sql', false],
  ['*.{ts,js}', 'a.js', true],
  ['*.{ts,js}', 'a.py', false],
  ['{a,b}/{c,d}.md', 'b/c.md', true],
  ['.sql', 'db/4.sql', true],
  ['.sql', 'db/4.sql.bak', true],
  ['Dockerfile', 'api/Dockerfile', true],
  ['migrations', 'db/Migrations/4.sql', true],
  ['migrations', 'db/seeds/4.sql', false],
  ['[a]*.ts', 'b.ts', false],
  ['(a+)+*', '(a+)+b', true],
];

for (const [pattern, path, matches] of CASES)
  test(`${pattern} ${matches ? 'matches' : 'does not match'} ${path}`, () => {
    const match = matchPath(pattern, path);
    assert.equal(match !== undefined, matches);
    if (match !== undefined) assert.ok(match.exactness > 0 && match.exactness <= 1);
  });

test('the path itself is the most exact match, then the name, a glob, an extension and a part of the path', () => {
  const patterns = ['src/a.ts', 'a.ts', 'src/*.ts', '.ts', 'src'];
  const exactness = patterns.map((pattern) => matchPath(pattern, 'src/a.ts')?.exactness ?? 0);
  assert.deepEqual(
    exactness,
    exactness.toSorted((a, b) => b - a),
  );
});

test('a glob in which every segment is replaced by * or ** still matches', () => {
  const segments = fc.array(fc.stringMatching(/^[a-z]{1,5}$/), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(
      segments,
      fc.array(fc.constantFrom('*', '**', ''), { minLength: 6, maxLength: 6 }),
      (path, signs) => {
        const pattern = path.map((segment, index) => signs[index] || segment).join('/');
        assert.ok(matchPath(pattern, path.join('/')));
      },
    ),
  );
});

test('a pattern made of many wildcards is decided without trying every combination', () => {
  const path = `${'a/'.repeat(500)}${'a'.repeat(3000)}b`;
  assert.equal(matchPath(`${'**/*a'.repeat(80)}*c`, path), undefined);
  assert.equal(matchPath(`${'{a,b}'.repeat(90)}c`, path), undefined);
});

test('the Wilson interval is wide for few trials and holds the rate', () => {
  // The figures of the usual tables: 1 of 1, 8 of 10, 0 of 20.
  assert.deepEqual(wilsonInterval(1, 1), { low: 0.207, high: 1 });
  assert.deepEqual(wilsonInterval(8, 10), { low: 0.49, high: 0.943 });
  assert.deepEqual(wilsonInterval(0, 20), { low: 0, high: 0.161 });
});
