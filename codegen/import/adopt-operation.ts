import { methodOf } from '../names.ts';
import type { RawSchema } from '../raw-schema.ts';
import type { OperationSchema, SchemaObject } from '../schema.ts';
import { adoptSchema, declareRequired, NoSchema } from './adopt-schema.ts';
import type { NamedOperation } from './assign-names.ts';
import { flattenObject } from './object-schema.ts';
import { summaryOf } from './summary-of.ts';
import type { TypeStore } from './type-store.ts';

/** How long a call may take where nobody says otherwise: the longest that the runtime allows by default. */
const TIMEOUT_MS = 30_000;

/** Beside these, what an object does not name cannot be told from what a condition names. */
const CONDITIONS = ['if', 'allOf', 'dependentSchemas', 'patternProperties', '$ref'];

/**
 * An operation as its file has it.
 * @param layer the backend's name
 * @param onWider takes what became wider than the backend has it
 * @throws {NoSchema} when its parameters have no schema
 */
export function adoptOperation(
  { found, method }: NamedOperation,
  layer: string,
  store: TypeStore,
  onWider: (place: string, what: string) => void,
): OperationSchema {
  const { tool, operation, group, effect, idempotent, tags, description } = found;
  const wireNames = group.kind === 'collection' ? { tool, operation } : { operation };
  return {
    ...wireNames,
    ...(methodOf(wireNames) === method ? {} : { method }),
    summary: summaryOf(found),
    description,
    parameters: adoptParameters(found.parameters, found.documents.parameters, store, onWider),
    result: adoptResult(found.result, found.documents.result, store, onWider),
    effect,
    layer,
    tags,
    examples: [],
    related: [],
    idempotent,
    timeoutMs: TIMEOUT_MS,
    ...(found.isDeprecated ? { deprecated: true } : {}),
  };
}

type OnWider = (place: string, what: string) => void;

function adoptParameters(
  raw: unknown,
  document: RawSchema,
  store: TypeStore,
  onWider: OnWider,
): SchemaObject {
  const flat = flattenObject(raw, document);
  if (flat === undefined) throw new NoSchema('its input is no object');
  const place = (pointer: string) => `parameters${pointer}`;
  const adopted = adoptSchema(flat, {
    document,
    store,
    onWider: (pointer, what) => onWider(place(pointer), what),
  });
  const schema: SchemaObject = typeof adopted === 'boolean' ? {} : adopted;
  const { type: _type, properties = {}, ...rest } = schema;
  const whole = { ...rest, ...closure(schema) };
  const declared = declareRequired({ properties, ...whole }, (what) => onWider('parameters', what));
  return { type: 'object', properties: declared ?? properties, ...whole };
}

/** A parameter that the schema does not name is a mistake, unless the schema says that others may come. */
function closure(schema: SchemaObject): { readonly additionalProperties?: false } {
  const isSaid = schema.additionalProperties !== undefined;
  const isConditional = CONDITIONS.some((keyword) => Object.hasOwn(schema, keyword));
  return isSaid || isConditional ? {} : { additionalProperties: false };
}

function adoptResult(raw: unknown, document: RawSchema, store: TypeStore, onWider: OnWider): SchemaObject {
  const any = { description: 'Any JSON value: the backend does not say what comes back.' };
  if (raw === undefined) return any;
  try {
    const adopted = adoptSchema(raw, {
      document,
      store,
      onWider: (pointer, what) => onWider(`result${pointer}`, what),
    });
    return typeof adopted === 'boolean' ? any : adopted;
  } catch (error) {
    if (!(error instanceof NoSchema)) throw error;
    onWider('result', `its schema is none: ${error.message}`);
    return any;
  }
}
