import fc from 'fast-check';

/** An expression of JavaScript whose value is hard to hand on. */
export interface ValueExpression {
  readonly text: string;
  /**
   * Whether JSON alone says what is to become of it. A program's result keeps more than JSON does (maps, sets,
   * errors), and what is a promise or thenable is awaited on its way.
   */
  readonly isPlain: boolean;
}

const plain = (text: string): ValueExpression => ({ text, isPlain: true });
const special = (text: string): ValueExpression => ({ text, isPlain: false });

const NUMBERS = ['0', '-0', 'NaN', '-Infinity', '1e308', '5e-324', '2 ** 53', '0.1', '-1'].map(plain);
const ODDITIES = [
  'undefined',
  'null',
  'true',
  'Symbol("x")',
  'Symbol.iterator',
  '(() => 1)',
  'class {}',
  'Object.assign(() => 1, { a: 1 })',
  '/x/g',
  'new Date(0)',
  'new Date(NaN)',
  'Object(1)',
  'Object("x")',
  'Object(false)',
  '10n',
  'Object(10n)',
  'Object(Symbol())',
  '[1][Symbol.iterator]()',
  '(function* () { yield 1; })()',
  'Object.create(null)',
  'Object.create({ inherited: 1 })',
  'Object.create({ toJSON() { return "inherited"; } })',
  'Object.defineProperty({}, "hidden", { value: 1 })',
  'new (class { #own = 1; shown = 2; get read() { return this.#own; } })()',
  'new Array(3)',
  'Object.assign([1], { extra: 2 })',
  'Object.freeze([Object.freeze({ a: 1 })])',
  'new ArrayBuffer(8)',
  'new WeakMap()',
  'new Proxy({ a: 1 }, {})',
  'new Proxy([1, 2], {})',
  'new Proxy({}, { get: (_, key) => (key === "toJSON" ? undefined : String(key)), ownKeys: () => ["a", "b"], getOwnPropertyDescriptor: () => ({ value: 1, enumerable: true, configurable: true }) })',
  'new Proxy({}, { ownKeys() { throw new Error("trap"); } })',
  'new Proxy({ a: 1 }, { get() { throw null; } })',
  '(() => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy; })()',
  '(() => { const { proxy, revoke } = Proxy.revocable([], {}); revoke(); return proxy; })()',
  '{ get a() { throw new Error("read"); } }',
  '{ toJSON() { throw new Error("written"); } }',
  '{ toJSON() { return undefined; } }',
  '{ toJSON: 1, a: 2 }',
  '{ then: 1 }',
  '{ ["__proto__"]: { polluted: 1 } }',
  '{ __proto__: { inherited: 1 }, own: 2 }',
  '{ constructor: 1 }',
  '{ a: { prototype: { polluted: 1 } } }',
  '{ [Symbol("hidden")]: 1, 2: "b", 1: "a", "-0": "c" }',
  '(() => { const self = { a: 1 }; self.self = self; return self; })()',
  '(() => { const all = []; all.push([all]); return all; })()',
  '(() => { const shared = { a: 1 }; return [shared, shared]; })()',
  '(() => { const list = [1, 2, 3]; list[0] = { toJSON() { list.length = 1; return "cut"; } }; return list; })()',
  '(() => { const o = { a: { toJSON() { delete o.b; o.c = 1; return 1; } }, b: 2 }; return o; })()',
].map((text) => plain(text.startsWith('{') ? `(${text})` : text));
const MEANT = [
  'new Map([["a", 1], ["b", { c: 2 }]])',
  'new Map([[{}, 1]])',
  'new Map([["__proto__", 1]])',
  'new Set([1, "a"])',
  'new Uint8Array([1, 2])',
  'new Float64Array([NaN, -0])',
  'new DataView(new ArrayBuffer(2))',
  'new Error("x", { cause: 1 })',
  'Object.assign(new TypeError("x"), { code: 1, message: { toString() { throw 1; } } })',
  'new AggregateError([1], "x")',
  'Promise.resolve(1)',
  'Promise.resolve({ then(done) { done(2); } })',
  '({ then(done) { done(1); } })',
  '({ then(done) { done({ then(again) { again(2); } }); } })',
  '({ get then() { throw new Error("then"); } })',
  'new Proxy(new Map(), {})',
  'new Proxy({}, { getPrototypeOf() { throw new Error("prototype"); } })',
  'new Proxy(new Error("x"), { get() { throw 1; } })',
].map(special);
const BIG = [
  '"x".repeat(700000)',
  'Array(30000).fill("y")',
  '({ ["k".repeat(30000)]: 1 })',
  'Object.fromEntries(Array.from({ length: 3000 }, (_, n) => ["k" + n, n]))',
].map(plain);

/** As source text, whatever is in it. */
const quote = (text: string): string =>
  JSON.stringify(text).replace(/[^ -~]/gu, (letter) => escapeUnits(letter));

function escapeUnits(letter: string): string {
  return Array.from(
    { length: letter.length },
    (_, at) => `\\u${letter.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');
}

const strings = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 6 })
    .map((units) => String.fromCharCode(...units)),
  fc.constantFrom('\u2028', '\ud800', '\udc00\ud800', '\u0000', '__proto__', '\u001b[2J', '\u202e', '"}]'),
);
const keys = fc.oneof(
  strings,
  fc.constantFrom('a', 'b', '', '0', '-1', '__proto__', 'constructor', 'toJSON', 'length'),
);

type Wrap = (inner: ValueExpression) => ValueExpression;
const wrap =
  (write: (inner: string) => string): Wrap =>
  (inner) => ({ text: write(inner.text), isPlain: inner.isPlain });
const wraps: fc.Arbitrary<Wrap> = fc.oneof(
  fc.constantFrom(
    wrap((inner) => `[${inner}]`),
    wrap((inner) => `[, ${inner}, ,]`),
    wrap((inner) => `Object(${inner})`),
    wrap((inner) => `({ get a() { return ${inner}; } })`),
    wrap((inner) => `({ toJSON(key) { return [key, ${inner}]; } })`),
    // Says something else when it is read again.
    wrap(
      (inner) =>
        `(() => { let reads = 0; return { get a() { reads += 1; return reads > 1 ? "again" : ${inner}; } }; })()`,
    ),
    wrap(
      (inner) =>
        `(() => { let reads = 0; return { toJSON() { reads += 1; return reads > 1 ? "again" : ${inner}; } }; })()`,
    ),
    wrap(
      (inner) =>
        `(() => { let reads = 0; const given = ${inner}; return new Proxy({ a: 1 }, { get: (_, key) => (key === "a" ? [reads += 1, given] : undefined) }); })()`,
    ),
    wrap((inner) => `Object.assign(Object.create({ inherited: 1 }), { own: ${inner} })`),
    wrap((inner) => `Object.defineProperty([], 0, { enumerable: true, get: () => ${inner} })`),
  ),
  fc
    .constantFrom(3, 45, 60, 2_000)
    .map((depth) =>
      wrap(
        (inner) =>
          `(() => { let deep = ${inner}; for (let n = 0; n < ${depth}; n += 1) deep = n % 2 ? [deep] : { deep }; return deep; })()`,
      ),
    ),
);

function join(list: readonly ValueExpression[], open: string, close: string): ValueExpression {
  return {
    text: `${open}${list.map(({ text }) => text).join(', ')}${close}`,
    isPlain: list.every(({ isPlain }) => isPlain),
  };
}

export const valueExpressions: fc.Arbitrary<ValueExpression> = fc.letrec<{ readonly value: ValueExpression }>(
  (tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 2, arbitrary: fc.constantFrom(...NUMBERS) },
      { weight: 8, arbitrary: fc.constantFrom(...ODDITIES) },
      { weight: 3, arbitrary: fc.constantFrom(...MEANT) },
      { weight: 1, arbitrary: fc.constantFrom(...BIG) },
      { weight: 3, arbitrary: strings.map((text) => plain(quote(text))) },
      { weight: 6, arbitrary: fc.tuple(wraps, tie('value')).map(([around, inner]) => around(inner)) },
      { weight: 3, arbitrary: fc.array(tie('value'), { maxLength: 4 }).map((list) => join(list, '[', ']')) },
      {
        weight: 5,
        arbitrary: fc.array(fc.tuple(keys, tie('value')), { maxLength: 4 }).map((list) =>
          join(
            list.map(([key, { text, isPlain }]) => ({ text: `[${quote(key)}]: ${text}`, isPlain })),
            '({ ',
            ' })',
          ),
        ),
      },
    ),
  }),
).value;
