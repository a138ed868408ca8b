import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Check } from '../../runtime/check/check.ts';
import type { Skill } from '../../runtime/contract/program.ts';
import { type KnownSkills, NO_SKILLS } from '../../runtime/contract/skill.ts';
import { openFixture } from './fixture.ts';

let check: Check;
before(async () => {
  check = await openFixture();
});
after(() => check.close());

const REVIEW = `interface Found { readonly total: number; first?: Line }
/** One line of it. */
type Line = { text: string };
type Unused = { nothing: string };
const before = 1;
/**
 * Looks up what is known about a topic.
 *
 * Newest first.
 */
async function review(params: { topic: string; k?: number }): Promise<Found> {
  const { memories } = await athena.memory.recall({ query: params.topic, k: params.k ?? 5 });
  const [first] = memories.map((memory) => ({ text: memory.content }) as Line);
  return first === undefined ? { total: 0 } : { total: memories.length, first };
}
return [before, await review({ topic: 'plans' })];`;

async function save(code: string, name: string, known: KnownSkills = NO_SKILLS): Promise<Skill> {
  const result = await check.check(code, undefined, { known, save: name });
  assert.ok(result.ok, JSON.stringify(result));
  return result.skill ?? assert.fail('no skill');
}

const knowing = (...skills: readonly Skill[]): KnownSkills => ({
  names: skills.map(({ name }) => name),
  skills,
  broken: [],
});

test('a skill has the function, its doc comment and the types that it uses, and nothing else', async () => {
  const skill = await save(REVIEW, 'review');
  assert.equal(
    skill.code,
    `interface Found { readonly total: number; first?: Line }

/** One line of it. */
type Line = { text: string };

/**
 * Looks up what is known about a topic.
 *
 * Newest first.
 */
export async function review(params: { topic: string; k?: number }): Promise<Found> {
  const { memories } = await athena.memory.recall({ query: params.topic, k: params.k ?? 5 });
  const [first] = memories.map((memory) => ({ text: memory.content }) as Line);
  return first === undefined ? { total: 0 } : { total: memories.length, first };
}
`,
  );
  assert.equal(skill.documentation, 'Looks up what is known about a topic.\n\nNewest first.');
  assert.equal(skill.signature, 'review(params: { topic: string; k?: number }): Promise<Found>');
  assert.deepEqual(skill.effects, [{ operation: 'memory.recall', effect: 'read' }]);
  assert.deepEqual(skill.calls, []);
});

test('the text of a skill is a skill again, letter by letter', async () => {
  const { code, ...skill } = await save(REVIEW, 'review');
  const { result } = await check.checkSkill('review', code, NO_SKILLS);
  assert.ok(result.ok);
  assert.deepEqual({ ...result.skill }, { ...skill, code });
});

test('the source of a skill keeps every line, and returns the function', async () => {
  const { source, code } = await save(REVIEW, 'review');
  assert.equal(source.split('\n').length, code.split('\n').length);
  assert.match(source.split('\n')[13] ?? '', /^ {2}return first === undefined \?/);
  assert.match(source, /\};return review\n?$/);
});

test('what is written around a skill may differ: exports, a default, no parameter, fences', async () => {
  const forms: readonly (readonly [string, string])[] = [
    [
      'export async function one(params: { a: number }): Promise<number> { return params.a; }\nreturn await one({ a: 1 });',
      'one(params: { a: number }): Promise<number>',
    ],
    [
      'async function one({ a }: { a: number }): Promise<number> { return a; }\nawait one({ a: 1 })',
      'one(params: { a: number }): Promise<number>',
    ],
    [
      'async function one(options: { a?: number } = {}): Promise<number> { return options.a ?? 1; }\none()',
      'one(options?: { a?: number }): Promise<number>',
    ],
    ['async function one(): Promise<number> { return 1; }', 'one(): Promise<number>'],
    ['export default async function one(): Promise<number> { return 1; }', 'one(): Promise<number>'],
    [
      'async function one(): Promise<void> {}\nconst all = [await one()];\nreturn all.length;',
      'one(): Promise<void>',
    ],
  ];
  for (const [code, signature] of forms) {
    const skill = await save(`/** Does one thing. */\n${code}`, 'one');
    assert.equal(skill.signature, signature, code);
  }
  const fenced = await save(`\`\`\`ts\n/** Does one thing. */\n${forms[3]?.[0]}\n\`\`\``, 'one');
  assert.equal(
    fenced.code,
    '/** Does one thing. */\nexport async function one(): Promise<number> { return 1; }\n',
  );
});

const DOC = '/** Does one thing. */\n';
/** A program that declares no skill `one`, and what is said of it. */
const REFUSED: readonly (readonly [string, string, RegExp])[] = [
  ['no function', 'return 1;', /no function `one` at its top level/],
  [
    'a function inside another',
    `${DOC}async function main() { async function one(): Promise<number> { return 1; } return one(); }`,
    /no function `one` at its top level/,
  ],
  [
    'an arrow function',
    `${DOC}const one = async (): Promise<number> => 1;\nreturn await one();`,
    /no function `one` at its top level/,
  ],
  [
    'two of them',
    `${DOC}async function one(): Promise<number> { return 1; }\n${DOC}async function one(): Promise<number> { return 1; }\nreturn await one();`,
    /2 functions `one`/,
  ],
  [
    'no async',
    `${DOC}function one(): Promise<number> { return Promise.resolve(1); }\nreturn await one();`,
    /no async function/,
  ],
  [
    'a generator',
    `${DOC}async function* one(): Promise<number> { return 1; }\nfor await (const x of one()) console.log(x);`,
    /no async function/,
  ],
  [
    'no comment',
    'async function one(): Promise<number> { return 1; }\nreturn await one();',
    /no doc comment/,
  ],
  [
    'a plain comment',
    '// Does one thing.\nasync function one(): Promise<number> { return 1; }\nreturn await one();',
    /no doc comment/,
  ],
  [
    'an empty comment',
    '/** */\nasync function one(): Promise<number> { return 1; }\nreturn await one();',
    /no doc comment/,
  ],
  [
    'tags alone',
    '/** @returns it */\nasync function one(): Promise<number> { return 1; }\nreturn await one();',
    /no doc comment/,
  ],
  [
    'no parameter type',
    `${DOC}async function one(params): Promise<number> { return params; }\nreturn await one(1);`,
    /parameter has no type/,
  ],
  [
    'any',
    `${DOC}async function one(params: any): Promise<number> { return params; }\nreturn await one(1);`,
    /parameter has no type/,
  ],
  ['no result type', `${DOC}async function one() { return 1; }\nreturn await one();`, /result has no type/],
  [
    'a result of any',
    `${DOC}async function one(): Promise<any> { return 1; }\nreturn await one();`,
    /result has no type/,
  ],
  [
    'two parameters',
    `${DOC}async function one(a: number, b: number): Promise<number> { return a + b; }\nreturn await one(1, 2);`,
    /one object of parameters/,
  ],
  [
    'a rest parameter',
    `${DOC}async function one(...all: number[]): Promise<number> { return all.length; }\nreturn await one(1);`,
    /one object of parameters/,
  ],
  [
    'a variable from outside',
    `const K = 2;\n${DOC}async function one(): Promise<number> { return K; }\nreturn await one();`,
    /`K` belongs to the program/,
  ],
  [
    'a variable from outside in a default',
    `const K = 2;\n${DOC}async function one(a: number = K): Promise<number> { return a; }\nreturn await one();`,
    /`K` belongs to the program/,
  ],
  [
    'a function from outside',
    `const double = (n: number) => 2 * n;\n${DOC}async function one(): Promise<number> { return double(1); }\nreturn await one();`,
    /`double` belongs to the program/,
  ],
  [
    'a class from outside',
    `class Box { n = 1; }\n${DOC}async function one(): Promise<number> { return new Box().n; }\nreturn await one();`,
    /`Box` belongs to the program/,
  ],
  [
    'the type of a class from outside',
    `class Box { n = 1; }\n${DOC}async function one(params: Box): Promise<number> { return params.n; }\nreturn await one(new Box());`,
    /Cannot find name 'Box'/,
  ],
  [
    'a type that is nowhere',
    `${DOC}async function one(params: Athena.Memory.Nothing): Promise<number> { return 1; }\nreturn await one({});`,
    /Nothing/,
  ],
  [
    'a function that is never called',
    `${DOC}async function one(params: { a: number }): Promise<number> { return params.a; }\nreturn 1;`,
    /never calls `one`/,
  ],
  [
    'a function that only calls itself',
    `${DOC}async function one(params: { a: number }): Promise<number> { return one(params); }\nreturn 1;`,
    /never calls `one`/,
  ],
];
for (const [what, code, message] of REFUSED) {
  test(`no skill: ${what}`, async () => {
    const result = await check.check(code, undefined, { known: NO_SKILLS, save: 'one' });
    assert.ok(!result.ok, 'it was accepted');
    const found = result.errors.filter((error) => error.code === 'SKILL_INVALID');
    assert.match(found.map((error) => error.message).join('\n'), message);
  });
}

test('the result of a skill is of its type: where it is not, callers would be deceived', async () => {
  const wrong = [
    'async function one(): Promise<string> { return 1; }',
    'async function one(): Promise<{ a: number }> { return { a: "x" }; }',
    'async function one(): Promise<{ a: number }> { return { a: 1, b: 2 }; }',
    'async function one(): Promise<number> { if (Math.random() < 2) return 1; }',
    'async function one(): Promise<number> { const all = [1]; return all.find((n) => n > 0); }',
  ];
  for (const code of wrong) {
    const result = await check.check(`${DOC}${code}\nreturn await one();`, undefined, {
      known: NO_SKILLS,
      save: 'one',
    });
    assert.ok(!result.ok, code);
    assert.equal(result.errors[0]?.code, 'SKILL_INVALID', code);
  }
  const loose = `async function one(params: { types: string[] }): Promise<number> {
  const rows = await Promise.all([1].map(async (n) => { return { n }; }));
  return (await athena.memory.recall({ query: 'x', memory_types: params.types as never })).memories.length + rows.length;
}
return await one({ types: [] });`;
  assert.equal((await save(`${DOC}${loose}`, 'one')).name, 'one');
});

test('names that lead elsewhere or mean something already are no names for skills', async () => {
  const names = ['', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'then', 'prototype', 'athena']
    .concat([
      'session',
      'skills',
      'sleep',
      'eval',
      'undefined',
      'parseInt',
      '../up',
      'a/b',
      'a.b',
      'a b',
      'Upper',
    ])
    .concat(['_a', '$a', 'ünder', 'con', 'nul', 'a'.repeat(65)]);
  for (const name of names) {
    const code = `${DOC}async function one(): Promise<number> { return 1; }\nreturn await one();`;
    const result = await check.check(code, undefined, { known: NO_SKILLS, save: name });
    assert.ok(!result.ok, name);
    assert.equal(result.errors[0]?.code, 'SKILL_INVALID', name);
  }
});

test('a skill’s text is a function and its types: anything beside it is refused', async () => {
  const skill = `${DOC}export async function one(): Promise<number> { return 1; }`;
  for (const more of [
    'console.log(1);',
    'const a = 1;',
    'export { one };',
    'one();',
    'class A {}',
    'label: for (;;) {}',
  ]) {
    const { result } = await check.checkSkill('one', `${skill}\n${more}\n`, NO_SKILLS);
    assert.ok(!result.ok, more);
    assert.equal(result.errors[0]?.code, 'SKILL_INVALID', more);
    assert.equal(result.errors[0]?.line, 3, more);
  }
});

test('what no program may do, no skill may do', async () => {
  const bodies = [
    'return eval("1");',
    'return (await import("node:fs")).x;',
    'debugger; return 1;',
    'return process.pid;',
    'return new Function("return 1")();',
  ];
  for (const body of bodies) {
    const code = `${DOC}export async function one(): Promise<number> { ${body} }\n`;
    const { result } = await check.checkSkill('one', code, NO_SKILLS);
    assert.ok(!result.ok, body);
    assert.match(result.errors[0]?.code ?? '', /^FORBIDDEN_/, body);
  }
});

test('what a skill can do counts as its caller’s, through other skills too', async () => {
  const review = await save(REVIEW, 'review');
  const store = `${DOC}async function store(params: { topic: string }): Promise<number> {
  const { total } = await skills.review(params);
  const { memory_id } = await athena.memory.remember({ content: String(total), memory_type: 'fact' });
  return memory_id;
}
return await store({ topic: 'x' });`;
  const stored = await save(store, 'store', knowing(review));
  assert.deepEqual(stored.calls, ['review']);
  const known = knowing(review, stored);
  const result = await check.check('return await skills.store({ topic: "x" })', undefined, { known });
  assert.ok(result.ok);
  assert.deepEqual(
    result.program.effects.map(({ operation }) => operation),
    ['memory.recall', 'memory.remember'],
  );
  assert.deepEqual(
    result.program.skills?.map(({ name }) => name),
    ['review', 'store'],
  );
  const none = await check.check('return 1 // skills.store', undefined, { known });
  assert.ok(none.ok);
  assert.deepEqual([none.program.effects, none.program.skills], [[], undefined]);
});

test('skills are reached by every way that names them, and by no other', async () => {
  const known = knowing(await save(REVIEW, 'review'));
  const reaching = [
    'return await skills["review"]({ topic: "x" });',
    'const { review } = skills; return await review({ topic: "x" });',
    'const { review: look } = skills; return await look({ topic: "x" });',
    'const all = skills; return await all.review({ topic: "x" });',
    'return await globalThis.skills.review({ topic: "x" });',
    'return await Promise.all([{ topic: "x" }].map(skills.review));',
    'import { skills } from "athena"; return await skills.review({ topic: "x" });',
    'return await sk\\u0069lls.review({ topic: "x" });',
  ];
  for (const code of reaching) {
    const result = await check.check(code, undefined, { known });
    assert.ok(result.ok, `${code}: ${JSON.stringify(result)}`);
    assert.deepEqual(result.program.effects.length, 1, code);
    assert.equal(result.program.skills?.[0]?.name, 'review', code);
  }
  const opening = [
    'const name = ["review"][0]!; return await skills[name]({ topic: "x" });',
    'return Object.keys(skills);',
    'const { ...all } = skills; return await all.review({ topic: "x" });',
    'let all = skills; return await all.review({ topic: "x" });',
    'const f = (all) => all.review({ topic: "x" }); return await f(skills);',
    'return Reflect.get(skills, "review");',
  ];
  for (const code of opening) {
    const result = await check.check(code, undefined, { known });
    assert.ok(!result.ok, code);
    assert.ok(
      result.errors.some((error) => error.code === 'FORBIDDEN_SYNTAX'),
      code,
    );
  }
});

test('a program knows the types of the skills that it calls, at its own places', async () => {
  const known = knowing(await save(REVIEW, 'review'));
  const first = async (code: string) => {
    const result = await check.check(code, undefined, { known });
    return result.ok ? undefined : result.errors[0];
  };
  const wrong = await first('const a = 1;\nreturn await skills.review({ topik: String(a) });');
  assert.deepEqual([wrong?.code, wrong?.line, wrong?.column], ['TYPE_ERROR', 2, 30]);
  assert.equal((await first('return await skills.review({ topic: 1 });'))?.code, 'TYPE_ERROR');
  assert.equal((await first('return await skills.review();'))?.code, 'TYPE_ERROR');
  assert.equal((await first('return await skills.review({ topic: "x" }, 2);'))?.code, 'TYPE_ERROR');
  const member = await first('const found = await skills.review({ topic: "x" });\nreturn found.totals;');
  assert.deepEqual([member?.code, member?.line, member?.column], ['TYPE_ERROR', 2, 14]);
  const own =
    'type Found = { other: string };\nconst mine: Found = { other: "x" };\nreturn [mine.other, (await skills.review({ topic: "x" })).total];';
  assert.equal(await first(own), undefined, 'types of one name are not mixed up');
});

test('a skill that is not there is named, with what may be meant', async () => {
  const known = knowing(await save(REVIEW, 'review'));
  const unknown = async (code: string, with_ = known) => {
    const result = await check.check(code, undefined, { known: with_ });
    assert.ok(!result.ok, code);
    const found = result.errors.filter((error) => error.code === 'UNKNOWN_SKILL');
    assert.equal(found.length, 1, JSON.stringify(result.errors));
    return { ...found[0], errors: result.errors.length };
  };
  assert.equal(
    (await unknown('return await skills.reviw({ topic: "x" });')).suggestion,
    'did you mean `skills.review`?',
  );
  assert.match(
    (await unknown('return await skills.review({ topic: "x" });', NO_SKILLS))?.suggestion ?? '',
    /discover/,
  );
  const said = await unknown('return await skills.reviw({ topic: "x" });');
  assert.equal(said.errors, 1, 'and nothing is said twice');
  for (const name of ['constructor', '__proto__', 'toString', 'valueOf'])
    await unknown(`return await skills.${name}({});`);
});

test('a broken skill is refused where it is called, with the reason', async () => {
  const known = { names: ['old'], skills: [], broken: [{ name: 'old', reason: 'in line 3, it is gone.' }] };
  const result = await check.check('const a = 1;\nreturn a + (await skills.old());', undefined, { known });
  assert.ok(!result.ok);
  const [error] = result.errors;
  assert.deepEqual([error?.code, error?.line, error?.column], ['SKILL_BROKEN', 2, 26]);
  assert.match(error?.message ?? '', /it is gone/);
});

test('skills cannot call each other in a circle', async () => {
  const one = await save(
    `${DOC}async function one(): Promise<number> { return 1; }\nreturn await one();`,
    'one',
  );
  const two = await save(
    `${DOC}async function two(): Promise<number> { return await skills.one(); }\nreturn await two();`,
    'two',
    knowing(one),
  );
  for (const callee of ['one', 'two']) {
    const code = `${DOC}async function one(): Promise<number> { return await skills.${callee}(); }\nreturn await one();`;
    const result = await check.check(code, undefined, { known: knowing(one, two), save: 'one' });
    assert.ok(!result.ok);
    assert.match(result.errors[0]?.message ?? '', /in a circle/);
  }
  const recursive = `${DOC}async function three(n: number): Promise<number> { return n > 0 ? await three(n - 1) : n; }\nreturn await three(2);`;
  assert.equal((await save(recursive, 'three')).name, 'three');
});

test('a program’s hash is another one when the text of a skill is', async () => {
  const skill = await save(REVIEW, 'review');
  const other = await save(REVIEW.replace('Newest first', 'Oldest first'), 'review');
  const hashes = await Promise.all(
    [knowing(skill), knowing(other)].map(async (known) => {
      const result = await check.check('return await skills.review({ topic: "x" });', undefined, { known });
      return result.ok ? result.program.hash : assert.fail();
    }),
  );
  assert.notEqual(hashes[0], hashes[1]);
});
