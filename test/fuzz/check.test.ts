import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CheckResult, Program } from '../../runtime/contract/program.ts';
import { openFixture } from '../check/fixture.ts';
import { type CheckFunction, checkWithoutTypes, fuzzCheck } from './check.ts';

const SEED = 20_262;

test('what the check accepts is the same program to V8 and to TypeScript; what it refuses has a reason', async () => {
  const { tally, findings } = await fuzzCheck({ seed: SEED, count: 2_100 });
  assert.deepEqual(findings, []);
  for (const source of ['attacking code', 'mutated code', 'typed snippet']) {
    assert.ok((tally[`${source} accepted`] ?? 0) > 20, JSON.stringify(tally));
    assert.ok((tally[`${source} refused`] ?? 0) > 200, JSON.stringify(tally));
  }
});

test('the same holds with types, in the thread that the server uses', async (t) => {
  const check = await openFixture();
  t.after(() => check.close());
  const { done, findings } = await fuzzCheck({ seed: SEED, count: 60, check: check.check });
  assert.deepEqual(findings, []);
  assert.equal(done, 60);
});

const altered =
  (alter: (program: Program) => Program): CheckFunction =>
  async (code) => {
    const result = await checkWithoutTypes(code);
    return result.ok ? { ...result, program: alter(result.program) } : result;
  };
const rewritten = (rewrite: (source: string) => string): CheckFunction =>
  altered((program) => ({ ...program, source: rewrite(program.source) }));
const refusing = (
  diagnostic: Partial<Extract<CheckResult, { ok: false }>['errors'][number]>,
): CheckFunction => {
  const error = {
    code: 'TYPE_ERROR',
    message: 'no',
    line: 1,
    column: 1,
    snippet: '',
    ...diagnostic,
  } as const;
  return async () => ({ ok: false, errors: [error], warnings: [] });
};

/** Checks with a mistake each, and what the fuzzer must say of it. */
const WRONG: readonly (readonly [mistake: string, check: CheckFunction, told: RegExp])[] = [
  ['moves what follows a type', rewritten((source) => source.replace(/ {3}(?=\S)/, '  ')), /length changed/],
  ['joins two lines', rewritten((source) => source.replace(/\n(?=\S)/, ' ')), /line's end|something else/],
  ['leaves a type in', rewritten((source) => source.replace(/ {6}/, ' as any')), /V8 does not compile/],
  ['blanks an operand', rewritten((source) => source.replace(/\+ 1\b/, '   ')), /something else/],
  ['blanks a call', rewritten((source) => source.replace(/\(\);$/m, '  ;')), /something else/],
  ['renames a variable', rewritten((source) => source.replace(/\bloot\b/, 'boot')), /stands where/],
  ['keeps what SES refuses', rewritten((source) => source.replace(/ {8}/, '/*-->*/ ')), /SES refuses/],
  [
    'forgets an insertion',
    altered((program) => ({ ...program, insertions: program.insertions.slice(1) })),
    /length changed|stands/,
  ],
  [
    'inserts code',
    altered((program) => ({
      ...program,
      source: `x;${program.source}`,
      insertions: [{ line: 1, column: 1, length: 2 }, ...program.insertions],
    })),
    /"x;" was inserted/,
  ],
  ['refuses what is right', refusing({ code: 'SYNTAX_ERROR' }), /false alarm/],
  ['refuses for a bug', refusing({ code: 'INTERNAL_ERROR' }), /INTERNAL_ERROR/],
  ['points outside of the code', refusing({ line: 10_000 }), /outside the code/],
  ['throws', async () => Promise.reject(new Error('by mistake')), /threw.*by mistake/],
];

for (const [mistake, check, told] of WRONG) {
  test(`a check that ${mistake} is found`, async () => {
    const { findings } = await fuzzCheck({ seed: SEED, count: 400, check, enough: 1, shrinkTries: 10 });
    assert.match(findings.flatMap(({ what }) => what).join('\n'), told);
  });
}
