/** When a diagnostic of TypeScript blocks the run. Everything else is a warning. */
export type Gate =
  /** A name that does not exist, where its value is used. */
  | 'name'
  /** A member that does not exist, read where `undefined` would break or falsify the run. */
  | 'member'
  /** A value used as what it certainly is not. */
  | 'use'
  /** An argument of an operation that its validator will certainly refuse. */
  | 'argument'
  | 'always'
  /** Not even worth a warning. */
  | 'never';

export interface TypeRule {
  readonly gate: Gate;
  /** TypeScript's numbers; 6 and 7 share them. */
  readonly codes: readonly number[];
  readonly why: string;
}

export const TYPE_RULES: readonly TypeRule[] = [
  { gate: 'name', codes: [2304, 2552], why: 'an undeclared name reads as `undefined` in the sandbox' },
  { gate: 'name', codes: [2662, 2663], why: 'the same, where a class member of the name exists' },
  {
    gate: 'name',
    codes: [2580, 2581, 2582, 2583, 2584, 2591, 2592, 2593, 2868],
    why: 'the same, where TypeScript knows the name from Node, a browser, a test runner or a later library',
  },
  { gate: 'name', codes: [18004], why: 'the same, in `{ name }`' },
  { gate: 'name', codes: [2585, 2693, 2708], why: 'a type has no value when the program runs' },
  { gate: 'member', codes: [2339, 2551, 2568], why: 'the value has no such member: it reads as `undefined`' },
  { gate: 'member', codes: [2550], why: 'the member is of a later library than the sandbox has' },
  { gate: 'member', codes: [2576], why: 'the member is static' },
  { gate: 'use', codes: [2349, 6234], why: 'calling what is no function throws' },
  { gate: 'use', codes: [2348], why: 'calling a class without `new` throws' },
  { gate: 'use', codes: [2351], why: '`new` with what is no class throws' },
  { gate: 'use', codes: [2461, 2488, 2495, 2504], why: 'iterating over what is not iterable throws' },
  { gate: 'argument', codes: [2554, 2555], why: 'an operation takes one object of parameters' },
  {
    gate: 'argument',
    codes: [2322, 2345, 2769, 2820],
    why: 'a parameter of the wrong type is refused, and the id of something else is another thing',
  },
  { gate: 'argument', codes: [2353, 2559, 2560, 2561], why: 'a parameter that does not exist is refused' },
  { gate: 'argument', codes: [2739, 2740, 2741], why: 'a parameter that is missing is refused' },
  { gate: 'always', codes: [2588], why: 'assigning to a `const` throws' },
  { gate: 'never', codes: [2307], why: 'a type of a module that is not there is `any`' },
  { gate: 'never', codes: [6196], why: 'what used the type may have been blanked' },
];

export const GATE_OF_CODE: ReadonlyMap<number, Gate> = new Map(
  TYPE_RULES.flatMap(({ codes, gate }) => codes.map((code) => [code, gate] as const)),
);

/** Numbers of types that are not there: to the checker such a type is `any`, and says nothing. */
const UNRESOLVED: ReadonlySet<number> = new Set([2304, 2314, 2315, 2503, 2552, 2694, 2724, 2749]);
export const isUnresolved = (code: number): boolean => UNRESOLVED.has(code);

/** Numbers of values that are not of the type that they must have, and of results that are missing. */
const MISMATCHES: ReadonlySet<number> = new Set([2322, 2353, 2355, 2366, 2559, 2561, 2739, 2740, 2741, 2820]);
export const isMismatch = (code: number): boolean => MISMATCHES.has(code);

/** TypeScript's own grammar errors: V8 has the last word on them. */
export const isGrammar = (code: number): boolean => code >= 1000 && code < 2000;
