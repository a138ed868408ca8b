import type { Deprecation, Effect, Layer } from '../runtime/contract/catalogue.ts';
import type { JsonObject, JsonValue } from '../runtime/contract/json.ts';

export type TypeName = 'null' | 'boolean' | 'integer' | 'number' | 'string' | 'array' | 'object';

/** A JSON Schema 2020-12, as far as the generator reads it. */
export type Schema = boolean | SchemaObject;
export type Properties = { readonly [name: string]: Schema };
export type SchemaObject = {
  readonly $ref?: string;
  readonly description?: string;
  readonly default?: JsonValue;
  readonly deprecated?: boolean;
  /** Of what kind of thing this is the id: `memory`. */
  readonly 'x-id'?: string;
  readonly type?: TypeName | readonly TypeName[];
  readonly nullable?: boolean;
  readonly const?: JsonValue;
  readonly enum?: readonly JsonValue[];
  readonly properties?: Properties;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema;
  readonly patternProperties?: Properties;
  readonly propertyNames?: Schema;
  readonly items?: Schema;
  readonly prefixItems?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
  readonly format?: string;
  readonly pattern?: string;
};

/** One example of an operation file. */
export interface Example {
  readonly title: string;
  readonly parameters: JsonObject;
  readonly result?: JsonValue;
}

/** One operation as `schemas/<tool>.json` has it. */
export interface OperationSchema {
  readonly operation: string | null;
  readonly summary: string;
  readonly description: string;
  readonly parameters: SchemaObject;
  readonly result: SchemaObject;
  readonly effect: Effect;
  readonly layer: Layer;
  readonly tags: readonly string[];
  readonly examples: readonly Example[];
  readonly related: readonly string[];
  readonly idempotent: boolean;
  readonly timeoutMs: number;
  readonly aliasOf?: string;
  readonly deprecated?: boolean | Deprecation;
}

/** The content of `schemas/<tool>.json`. */
export interface ToolSchema {
  readonly tool: string;
  readonly description: string;
  readonly $defs?: Properties;
  readonly operations: readonly OperationSchema[];
}

/** A schema and where it stands in its file. */
export interface Place {
  readonly schema: Schema;
  readonly pointer: string;
}

const SINGLE = ['items', 'additionalProperties', 'propertyNames', 'contains', 'not', 'if', 'then', 'else'];
const LISTS = ['prefixItems', 'allOf', 'anyOf', 'oneOf'];
const MAPS = ['properties', 'patternProperties', 'dependentSchemas'];

/** A JSON pointer's next step: `~` and `/` are escaped. */
export function child(pointer: string, step: string | number): string {
  return `${pointer}/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** The schemas directly inside one. */
export function* subschemas({ schema, pointer }: Place): Generator<Place> {
  if (typeof schema === 'boolean') return;
  for (const [keyword, value] of Object.entries<unknown>(schema)) {
    const at = child(pointer, keyword);
    if (SINGLE.includes(keyword)) yield { schema: value as Schema, pointer: at };
    else if (LISTS.includes(keyword) || MAPS.includes(keyword)) {
      for (const [step, inner] of Object.entries(value as Properties)) {
        yield { schema: inner, pointer: child(at, step) };
      }
    }
  }
}

/** A schema and all schemas inside it, references not followed. */
export function* walk(place: Place): Generator<Place> {
  yield place;
  for (const inner of subschemas(place)) yield* walk(inner);
}

const REF = '#/$defs/';

/** The name that `#/$defs/Name` refers to; undefined for any other reference. */
export function refName(ref: string): string | undefined {
  if (!ref.startsWith(REF)) return undefined;
  const name = ref.slice(REF.length);
  return name.includes('/') ? undefined : name.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** The types that a schema lets through, from `type` or from what else it says; undefined when it says nothing. */
export function typeNames(schema: SchemaObject): readonly TypeName[] | undefined {
  if (schema.type === undefined) {
    const values = schema.const === undefined ? schema.enum : [schema.const];
    if (values !== undefined) return [...new Set(values.map(typeNameOf))];
    if (schema.properties !== undefined) return ['object'];
    return schema.prefixItems === undefined ? undefined : ['array'];
  }
  const names = typeof schema.type === 'string' ? [schema.type] : schema.type;
  return schema.nullable === true && !names.includes('null') ? [...names, 'null'] : names;
}

/** Whether a schema says that what it describes is on its way out. */
export function isDeprecated(schema: Schema): boolean {
  return typeof schema === 'object' && schema.deprecated === true;
}

/** The types of a list's items when none is an object or a list, through one reference; else undefined. */
export function scalarItems(items: Schema | undefined, types: Properties): readonly TypeName[] | undefined {
  if (typeof items !== 'object') return undefined;
  const target = items.$ref === undefined ? items : types[refName(items.$ref) ?? ''];
  const names = typeof target === 'object' ? typeNames(target) : undefined;
  return names?.some((name) => name === 'object' || name === 'array') === true ? undefined : names;
}

/** The widest type name that a JSON value has. */
export function typeNameOf(value: JsonValue): TypeName {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  const name = typeof value;
  return name === 'string' || name === 'number' || name === 'boolean' ? name : 'object';
}

/** A copy of a schema with `change` applied to it and to every schema inside it, the innermost first. */
export function mapSchema(schema: Schema, change: (schema: SchemaObject) => SchemaObject): Schema {
  if (typeof schema === 'boolean') return schema;
  const copy: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries<unknown>(schema)) {
    if (SINGLE.includes(keyword)) copy[keyword] = mapSchema(value as Schema, change);
    else if (LISTS.includes(keyword)) {
      copy[keyword] = (value as readonly Schema[]).map((inner) => mapSchema(inner, change));
    } else if (MAPS.includes(keyword)) {
      const inner = Object.entries(value as Properties).map(([name, s]) => [name, mapSchema(s, change)]);
      copy[keyword] = Object.fromEntries(inner);
    } else copy[keyword] = value;
  }
  return change(copy as SchemaObject);
}

/** The named types that schemas reach, through each other too, with their definitions, in order of discovery. */
export function reachableTypes(schemas: readonly Schema[], types: Properties): ReadonlyMap<string, Schema> {
  const reached = new Map<string, Schema>();
  const visit = (start: Schema) => {
    for (const name of namedIn(start)) {
      const definition = types[name];
      if (definition === undefined || reached.has(name)) continue;
      reached.set(name, definition);
      visit(definition);
    }
  };
  schemas.forEach(visit);
  return reached;
}

const named = new WeakMap<SchemaObject, readonly string[]>();

/** The names that a schema and those inside it refer to. Asked often, hence remembered. */
function namedIn(schema: Schema): readonly string[] {
  if (typeof schema === 'boolean') return [];
  const known = named.get(schema);
  if (known !== undefined) return known;
  const names = [...walk({ schema, pointer: '' })].flatMap((place) => {
    const ref = typeof place.schema === 'boolean' ? undefined : place.schema.$ref;
    return ref === undefined ? [] : [refName(ref) ?? ''];
  });
  named.set(schema, names);
  return names;
}
