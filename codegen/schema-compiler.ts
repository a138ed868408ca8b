import { compileFunction } from 'node:vm';
import { _, type CodeKeywordDefinition, str, type ValidateFunction } from 'ajv';
import type { SchemaEnv } from 'ajv/dist/compile/index.js';
import standalone from 'ajv/dist/standalone/index.js';
import type { AnyValidateFunction } from 'ajv/dist/types/index.js';
import type { JsonValue } from '../runtime/contract/json.ts';
import { type Ajv, createAjv } from './ajv.ts';
import { boundLoop, LOOPING_KEYWORDS } from './bounded-loops.ts';
import {
  mapSchema,
  type Properties,
  reachableTypes,
  refName,
  type Schema,
  type SchemaObject,
  typeNameOf,
  walk,
} from './schema.ts';
import { findDuplicate } from './unique-items.ts';
import { supply } from './validator-support.ts';

/** Compiles the schemas of one file to validators: to their code, which `loadValidators` makes functions of. */
export interface SchemaCompiler {
  /** Compiles one of the `$defs`. Throws what Ajv throws for a schema that strict mode refuses. */
  compileType(name: string): void;
  /** Compiles a schema under a name of its own. Throws as `compileType` does. */
  compile(name: string, schema: SchemaObject): void;
  /** CommonJS code, with calls of `require`, that exports the validators compiled under the names. */
  emitCode(names: readonly string[]): string;
}

/** The validators of some code, by the names that they were compiled under. */
export type Validators = Readonly<Record<string, ValidateFunction>>;

/** The key of the `$defs`, which no name of a schema can be. */
const TYPES = '$defs';

/**
 * The key of the same without defaults. Whatever a branch fills in before it turns out not to hold would stay: the value
 * would be none of another branch, or be sent with what belongs to none.
 */
const BARE_TYPES = '$bare';

/** What the schemas of a file need beyond what all need: it costs code in every validator. */
interface Needs {
  /** The words `unevaluated…`: what was looked at is noted down along the way. */
  readonly unevaluated: boolean;
  /** Properties that every object answers to, like `toString`: only an object's own count. */
  readonly ownProperties: boolean;
  /** A required property without a name, which Ajv sees in a loop only. */
  readonly nameless: boolean;
}

/**
 * Parameters are completed with their defaults, and all of their violations are reported (a list at most
 * `VIOLATIONS_A_LOOP`). Of a result, which may be large, only the first is.
 * @param types the file's `$defs`
 * @param schemas what will be compiled, to see what it takes
 */
export function createSchemaCompiler(
  kind: 'parameters' | 'result',
  types: Properties,
  schemas: readonly Schema[],
): SchemaCompiler {
  const needs = needsOf([...schemas, ...Object.values(types)]);
  const ajv = createCompilingAjv(kind === 'parameters', needs);
  const isFilled = kind === 'parameters' ? createFillTest(types) : () => false;
  const toOwn = (schema: SchemaObject, isTentative: boolean) =>
    toAjv(needs.unevaluated ? apartPatterns(schema) : schema, (name) =>
      isTentative && isFilled(name) ? BARE_TYPES : TYPES,
    );
  const convert = (schema: Schema) => mapSchema(schema, toOwn);
  const typesBy = (change: (schema: Schema) => Schema) => ({
    $defs: Object.fromEntries(Object.entries(types).map(([name, schema]) => [name, change(schema)])),
  });
  ajv.addSchema(typesBy(convert), TYPES);
  if (kind === 'parameters' && Object.values(types).some(hasDefaults))
    ajv.addSchema(
      typesBy((schema) => mapSchema(schema, (inner) => withoutDefault(toOwn(inner, true)))),
      BARE_TYPES,
    );
  return {
    compileType: (name) => {
      ajv.getSchema(`${TYPES}#/$defs/${name}`);
    },
    compile: (name, schema) => {
      const converted = convert(schema) as SchemaObject;
      ajv.addSchema(converted, name);
      ajv.compile(converted);
    },
    emitCode: (names) => {
      const seen = new Set<unknown>();
      for (const name of names) dropUnused(ajv.getSchema(name), seen);
      return standalone.default(ajv, Object.fromEntries(names.map((name) => [name, name])));
    },
  };
}

/** Ajv prints each schema as a constant before its validator. Few validators look at theirs: those keep it. */
function dropUnused(validate: unknown, seen: Set<unknown>): void {
  if (typeof validate !== 'function' || seen.has(validate)) return;
  seen.add(validate);
  const { source } = validate as AnyValidateFunction;
  if (source === undefined) return;
  const { schema, validate: called, wrapper, root } = source.scopeValues;
  for (const constant of schema ?? []) {
    const isUsed = ['.', '['].some((next) => source.validateCode.includes(`${constant.str}${next}`));
    if (!isUsed) schema?.delete(constant);
  }
  for (const { value } of called ?? []) dropUnused(value?.ref, seen);
  for (const { value } of [...(wrapper ?? []), ...(root ?? [])])
    dropUnused((value?.ref as SchemaEnv | undefined)?.validate, seen);
}

/** Runs what `emitCode` made. */
export function loadValidators(code: string): Validators {
  const exports: Record<string, ValidateFunction> = {};
  compileFunction(code, ['exports', 'require'])(exports, supply);
  return exports;
}

/** Tells the keywords that the validators obey from any others. */
export function createKeywordTest(): (keyword: string) => boolean {
  const { keywords } = createCompilingAjv(true, {
    unevaluated: true,
    ownProperties: false,
    nameless: false,
  }).RULES;
  return (keyword) => keyword === 'x-id' || Object.hasOwn(keywords, keyword);
}

/**
 * Strict mode is off because it refuses much that is sound; what it refuses rightly, `checkSchema` does.
 */
function createCompilingAjv(forParameters: boolean, { unevaluated, ownProperties, nameless }: Needs): Ajv {
  const ajv = createAjv({
    strict: false,
    strictNumbers: true,
    allowUnionTypes: true,
    next: true,
    unevaluated,
    ownProperties,
    ...(nameless ? { loopRequired: 1 } : {}),
    allErrors: forParameters,
    useDefaults: forParameters,
    inlineRefs: false,
    meta: false,
    validateSchema: false,
    addUsedSchema: false,
    logger: false,
    code: {
      source: true,
      lines: true,
      optimize: false,
      process: withoutBody,
      formats: _`require("ajv-formats/dist/formats").fullFormats`,
    },
  });
  ajv.removeKeyword(UNIQUE_ITEMS.keyword).addKeyword(UNIQUE_ITEMS);
  const looping = LOOPING_KEYWORDS.filter((keyword) => ajv.getKeyword(keyword) !== false);
  for (const keyword of forParameters ? looping : []) bound(ajv, keyword);
  return ajv;
}

/**
 * Ajv makes a function of each schema at once, which takes longer than to print it. Only their code is wanted: what
 * examples are tried with is made of all of it together.
 */
function withoutBody(): string {
  return 'return () => undefined';
}

const UNIQUE_ITEMS: CodeKeywordDefinition & { readonly keyword: string } = {
  keyword: 'uniqueItems',
  type: 'array',
  schemaType: 'boolean',
  error: {
    message: ({ params }) =>
      str`must NOT have duplicate items (items ## ${params.pair}[0] and ${params.pair}[1] are identical)`,
  },
  code(cxt) {
    if (cxt.schema !== true) return;
    const find = cxt.gen.scopeValue('func', {
      ref: findDuplicate,
      code: _`require("../unique-items.ts").findDuplicate`,
    });
    const pair = cxt.gen.const('pair', _`${find}(${cxt.data})`);
    cxt.setParams({ pair });
    cxt.fail(_`${pair} !== undefined`);
  },
};

function needsOf(schemas: readonly Schema[]): Needs {
  const all = schemas.flatMap((schema) => walk({ schema, pointer: '' }));
  const objects = all.flatMap(({ schema }) => (typeof schema === 'boolean' ? [] : [schema]));
  const isInherited = (name: string) => name in Object.prototype;
  return {
    unevaluated: objects.some(
      (schema) => Object.hasOwn(schema, 'unevaluatedProperties') || Object.hasOwn(schema, 'unevaluatedItems'),
    ),
    ownProperties: objects.some(({ properties, required, dependentRequired, dependentSchemas }) =>
      [
        ...Object.keys({ ...properties, ...dependentRequired, ...dependentSchemas }),
        ...(required ?? []),
        ...Object.values(dependentRequired ?? {}).flat(),
      ].some(isInherited),
    ),
    nameless: objects.some(({ required }) => required?.includes('') === true),
  };
}

function bound(ajv: Ajv, keyword: string): void {
  const definition = ajv.getKeyword(keyword);
  if (typeof definition === 'boolean' || !('code' in definition) || definition.code === undefined) {
    throw new Error(`Ajv has no code for ${keyword}`);
  }
  ajv.removeKeyword(keyword).addKeyword(boundLoop(definition));
}

/**
 * What Ajv is given: without prose, which would end up in the validators, and with references that lead to
 * a copy of `$defs`.
 * @param keyOf that copy's key
 */
function toAjv(schema: SchemaObject, keyOf: (name: string) => string): SchemaObject {
  const { description: _prose, 'x-id': _kind, ...rest } = asEnum(schema);
  const name = schema.$ref === undefined ? undefined : refName(schema.$ref);
  return name === undefined ? rest : { ...rest, $ref: `${keyOf(name)}#/$defs/${name}` };
}

/**
 * A choice of constants as the list of them, which means the same. Ajv nests its code a level deeper for each branch:
 * two thousand are more than an engine reads.
 */
function asEnum(schema: SchemaObject): SchemaObject {
  const { anyOf, oneOf, ...rest } = schema;
  const branches = anyOf ?? oneOf;
  if (branches === undefined || (anyOf !== undefined && oneOf !== undefined) || schema.enum !== undefined)
    return schema;
  const values = branches.flatMap((branch) => constantOf(branch) ?? []);
  // Of a `oneOf`, what two branches let through is refused.
  const areApart = new Set(values).size === values.length && values.every((value) => Object(value) !== value);
  return values.length < branches.length || (oneOf !== undefined && !areApart)
    ? schema
    : { ...rest, enum: values };
}

/** The one value of a schema that says nothing else, as a list. */
function constantOf(schema: Schema): readonly JsonValue[] | undefined {
  if (typeof schema === 'boolean' || schema.const === undefined) return undefined;
  const { const: value, type = typeNameOf(value), ...rest } = schema;
  return Object.keys(rest).length === 0 && type === typeNameOf(value) ? [value] : undefined;
}

function withoutDefault({ default: _default, ...rest }: SchemaObject): SchemaObject {
  return rest;
}

/** Tells the types that complete a value with defaults, be it through others. */
function createFillTest(types: Properties): (name: string) => boolean {
  const filling = new Set(Object.keys(types).filter((name) => hasDefaults(types[name] ?? true)));
  const known = new Map<string, boolean>();
  return (name) => {
    if (filling.size === 0) return false;
    const isFilled =
      known.get(name) ??
      reachableTypes([{ $ref: `#/$defs/${name}` }], types)
        .keys()
        .some((reached) => filling.has(reached));
    known.set(name, isFilled);
    return isFilled;
  };
}

function hasDefaults(root: Schema): boolean {
  return walk({ schema: root, pointer: '' }).some(
    ({ schema }) => typeof schema === 'object' && schema.default !== undefined,
  );
}

/**
 * Ajv's `patternProperties` notes what it evaluates in a list that the branches before it may not have made,
 * and throws while it validates. In a branch of its own it makes one.
 */
function apartPatterns(schema: SchemaObject): SchemaObject {
  const { patternProperties, ...rest } = schema;
  if (patternProperties === undefined || rest.additionalProperties !== undefined) return schema;
  return { ...rest, allOf: [...(rest.allOf ?? []), { patternProperties }] };
}
