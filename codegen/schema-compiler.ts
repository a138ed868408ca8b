import { _, type ValidateFunction } from 'ajv';
import core from 'ajv/dist/core.js';
import standalone from 'ajv/dist/standalone/index.js';
import applicators from 'ajv/dist/vocabularies/applicator/index.js';
import coreWords from 'ajv/dist/vocabularies/core/index.js';
import formatWords from 'ajv/dist/vocabularies/format/index.js';
import metadata from 'ajv/dist/vocabularies/metadata.js';
import nextWords from 'ajv/dist/vocabularies/next.js';
import validationWords from 'ajv/dist/vocabularies/validation/index.js';
import formats from 'ajv-formats';
import { boundLoop, LOOPING_KEYWORDS } from './bounded-loops.ts';
import {
  mapSchema,
  type Properties,
  refName,
  type Schema,
  type SchemaObject,
  scalarItems,
  type TypeName,
  typeNames,
} from './schema.ts';

/** Compiles the schemas of one file to validators, in memory for the examples and as text for `generated/`. */
export interface SchemaCompiler {
  /** Compiles one of the `$defs`. Throws what Ajv throws for a schema that strict mode refuses. */
  compileType(name: string): void;
  /** Compiles a schema under a name of its own. Throws as `compileType` does. */
  compile(name: string, schema: SchemaObject): ValidateFunction;
  /** CommonJS code, with calls of `require`, that exports the validators compiled under the names. */
  emitCode(names: readonly string[]): string;
}

/** The key of the `$defs`, which no name of a schema can be. */
const TYPES = '$defs';

/**
 * Parameters are completed with their defaults, and all of their violations are reported (a list at most
 * `VIOLATIONS_A_LOOP`). Of a result, which may be large, only the first is.
 * @param types the file's `$defs`
 */
export function createSchemaCompiler(kind: 'parameters' | 'result', types: Properties): SchemaCompiler {
  const ajv = createAjv(kind === 'parameters');
  const convert = (schema: Schema) => mapSchema(schema, (inner) => toAjv(types, inner));
  const own = Object.entries(types).map(([name, schema]) => [name, convert(schema)]);
  ajv.addSchema({ $defs: Object.fromEntries(own) }, TYPES);
  return {
    compileType: (name) => {
      ajv.getSchema(`${TYPES}#/$defs/${name}`);
    },
    compile: (name, schema) => {
      const converted = convert(schema) as SchemaObject;
      ajv.addSchema(converted, name);
      return ajv.compile(converted);
    },
    emitCode: (names) => standalone.default(ajv, Object.fromEntries(names.map((name) => [name, name]))),
  };
}

/** Tells the keywords that the validators obey from any others. */
export function createKeywordTest(): (keyword: string) => boolean {
  const { keywords } = createAjv(true).RULES;
  return (keyword) => keyword === 'x-id' || Object.hasOwn(keywords, keyword);
}

/** Ajv with the words of draft 2020-12, without dynamic references and `unevaluated…`, which cost code. */
function createAjv(forParameters: boolean): core.default {
  const ajv = new core.default({
    strict: true,
    strictTypes: false,
    strictTuples: false,
    strictRequired: false,
    allowUnionTypes: true,
    allErrors: forParameters,
    useDefaults: forParameters,
    inlineRefs: false,
    meta: false,
    validateSchema: false,
    addUsedSchema: false,
    logger: false,
    code: {
      source: true,
      optimize: false,
      formats: _`require("ajv-formats/dist/formats").fullFormats`,
    },
  });
  const vocabularies = [
    coreWords.default,
    validationWords.default,
    applicators.default(true),
    formatWords.default,
    metadata.metadataVocabulary,
    metadata.contentVocabulary,
    nextWords.default,
  ];
  for (const words of vocabularies) ajv.addVocabulary(words);
  formats.default(ajv);
  for (const keyword of forParameters ? LOOPING_KEYWORDS : []) bound(ajv, keyword);
  return ajv;
}

function bound(ajv: core.default, keyword: string): void {
  const definition = ajv.getKeyword(keyword);
  if (typeof definition === 'boolean' || !('code' in definition) || definition.code === undefined) {
    throw new Error(`Ajv has no code for ${keyword}`);
  }
  ajv.removeKeyword(keyword).addKeyword(boundLoop(definition));
}

/**
 * What Ajv is given: without prose, which would end up in the validators; with references that lead to the
 * one copy of `$defs`; with types where they are only implied, so that Ajv compares the items of
 * a list that must be unique in linear time.
 */
function toAjv(types: Properties, schema: SchemaObject): SchemaObject {
  const { description: _prose, 'x-id': _kind, ...rest } = schema;
  const own = typeNames(schema);
  const name = schema.$ref === undefined ? undefined : refName(schema.$ref);
  const items = schema.uniqueItems === true ? typedItems(schema.items, types) : schema.items;
  return {
    ...rest,
    ...(schema.type !== undefined || own === undefined ? {} : { type: only(own) }),
    ...(name === undefined ? {} : { $ref: `${TYPES}#/$defs/${name}` }),
    ...(items === undefined ? {} : { items }),
  };
}

function typedItems(items: Schema | undefined, types: Properties): Schema | undefined {
  const names = scalarItems(items, types);
  return typeof items === 'object' && names !== undefined ? { ...items, type: only(names) } : items;
}

/** A list of one as that one: Ajv's messages are about the name then. */
function only(names: readonly TypeName[]): TypeName | readonly TypeName[] {
  const [first] = names;
  return names.length === 1 && first !== undefined ? first : names;
}
