import { _, type CodeGen, type CodeKeywordDefinition, type KeywordCxt, type Name } from 'ajv';
import names from 'ajv/dist/compile/names.js';

/** How many violations one list or map may add: a million wrong items must not make a million of them. */
export const VIOLATIONS_A_LOOP = 10;

/** The keywords whose code loops over items or properties and goes on after a violation. */
export const LOOPING_KEYWORDS: readonly string[] = [
  'items',
  'additionalProperties',
  'patternProperties',
  'propertyNames',
  'unevaluatedProperties',
  'unevaluatedItems',
];

/**
 * A keyword that stops its loop after `VIOLATIONS_A_LOOP` violations of that very loop. The count is taken
 * from the loop's start, so a branch of a `oneOf` never passes for what an earlier branch got wrong.
 */
export function boundLoop(definition: CodeKeywordDefinition): CodeKeywordDefinition {
  return {
    ...definition,
    code(cxt, ruleType) {
      const bounded: KeywordCxt = Object.create(cxt, { gen: { value: boundedGen(cxt.gen) } });
      definition.code(bounded, ruleType);
    },
  };
}

function boundedGen(gen: CodeGen): CodeGen {
  const errors = names.default.errors;
  const before = gen.const('before', errors);
  const guarded = (body: (name: Name) => void) => (name: Name) => {
    gen.if(_`${errors} - ${before} >= ${VIOLATIONS_A_LOOP}`, () => gen.break());
    body(name);
  };
  const bounded: CodeGen = Object.create(gen);
  bounded.forRange = (name, from, to, body, kind) => gen.forRange(name, from, to, guarded(body), kind);
  bounded.forIn = (name, object, body, kind) => gen.forIn(name, object, guarded(body), kind);
  return bounded;
}
