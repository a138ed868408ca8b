import type { Deprecation, Effect } from '../runtime/contract/catalogue.ts';
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
  readonly contains?: Schema;
  readonly minContains?: number;
  readonly maxContains?: number;
  readonly unevaluatedProperties?: Schema;
  readonly unevaluatedItems?: Schema;
  readonly dependentRequired?: { readonly [name: string]: readonly string[] };
  readonly dependentSchemas?: Properties;
  readonly not?: Schema;
  readonly if?: Schema;
  readonly then?: Schema;
  readonly else?: Schema;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly minProperties?: number;
  readonly maxProperties?: number;
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
  /** In a collection only: the operation's own tool. */
  readonly tool?: string;
  /** What programs call it, where it is not made from its name on the wire. */
  readonly method?: string;
  readonly operation: string | null;
  readonly summary: string;
  readonly description: string;
  readonly parameters: SchemaObject;
  readonly result: SchemaObject;
  readonly effect: Effect;
  readonly layer: string;
  readonly tags: readonly string[];
  readonly examples: readonly Example[];
  readonly related: readonly string[];
  readonly idempotent: boolean;
  readonly timeoutMs: number;
  readonly aliasOf?: string;
  readonly deprecated?: boolean | Deprecation;
}

/** The content of `schemas/<tool>.json`, or of a collection: a file of tools that are one operation each. */
export interface ToolSchema {
  /** On the wire. A collection has none: each of its operations names its own. */
  readonly tool?: string;
  /** What programs call it, where it is not made from the tool's name. A collection has to say. */
  readonly namespace?: string;
  /** What the tool calls the argument that names the operation; `operation` when left out. */
  readonly argument?: string;
  readonly description: string;
  readonly $defs?: Properties;
  readonly operations: readonly OperationSchema[];
}

/** A schema and where it stands in its file. */
export interface Place {
  readonly schema: Schema;
  readonly pointer: string;
}

/** Words that hold one schema, a list of schemas, and schemas by name. */
export const SINGLE: readonly string[] = [
  'items',
  'additionalProperties',
  'propertyNames',
  'contains',
  'unevaluatedProperties',
  'unevaluatedItems',
  'not',
  'if',
  'then',
  'else',
];
export const LISTS: readonly string[] = ['prefixItems', 'allOf', 'anyOf', 'oneOf'];
export const MAPS: readonly string[] = ['properties', 'patternProperties', 'dependentSchemas'];

/** A JSON pointer's next step: `~` and `/` are escaped. */
export function child(pointer: string, step: string | number): string {
  return `${pointer}/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

const SINGLE_WORDS = new Set(SINGLE);
const PLURAL_WORDS = new Set([...LISTS, ...MAPS]);

/** The schemas directly inside one. */
export function subschemas({ schema, pointer }: Place): readonly Place[] {
  if (typeof schema === 'boolean') return [];
  const places: Place[] = [];
  for (const [keyword, value] of Object.entries<unknown>(schema)) {
    if (SINGLE_WORDS.has(keyword)) places.push({ schema: value as Schema, pointer: child(pointer, keyword) });
    else if (PLURAL_WORDS.has(keyword)) {
      const at = child(pointer, keyword);
      for (const [step, inner] of Object.entries(value as Properties))
        places.push({ schema: inner, pointer: child(at, step) });
    }
  }
  return places;
}

/** A schema and all schemas inside it, each before those inside it, references not followed. */
export function walk(root: Place): readonly Place[] {
  const places: Place[] = [];
  const visit = (place: Place): void => {
    places.push(place);
    subschemas(place).forEach(visit);
  };
  visit(root);
  return places;
}

/** Whether a schema is an object that says nothing. */
export function isEmpty(schema: Schema): boolean {
  return typeof schema === 'object' && Object.keys(schema).length === 0;
}

const REF = '#/$defs/';

/** The name that `#/$defs/Name` refers to; undefined for any other reference. */
export function refName(ref: string): string | undefined {
  if (!ref.startsWith(REF)) return undefined;
  const name = ref.slice(REF.length);
  return name.includes('/') ? undefined : name.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** The types that a schema names, by `type` or by its values; undefined when it names none. */
export function typeNames(schema: SchemaObject): readonly TypeName[] | undefined {
  if (schema.type !== undefined) {
    const names = typeof schema.type === 'string' ? [schema.type] : schema.type;
    return schema.nullable === true && !names.includes('null') ? [...names, 'null'] : names;
  }
  const values = schema.const === undefined ? schema.enum : [schema.const];
  return values === undefined ? undefined : [...new Set(values.map(typeNameOf))];
}

/** Whether a schema says that what it describes is on its way out. */
export function isDeprecated(schema: Schema): boolean {
  return typeof schema === 'object' && schema.deprecated === true;
}

/** The widest type name that a JSON value has. */
export function typeNameOf(value: JsonValue): TypeName {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  const name = typeof value;
  return name === 'string' || name === 'number' || name === 'boolean' ? name : 'object';
}

/** Words whose schemas may turn out not to hold: values are not completed with the defaults in them. */
const TENTATIVE: readonly string[] = ['anyOf', 'oneOf', 'not', 'if', 'contains'];

/**
 * A copy of a schema with `change` applied to it and to every schema inside it, the innermost first.
 * @param change also told whether the schema may turn out not to hold
 */
export function mapSchema(
  schema: Schema,
  change: (schema: SchemaObject, isTentative: boolean) => SchemaObject,
  isTentative = false,
): Schema {
  if (typeof schema === 'boolean') return schema;
  const entries = Object.entries<unknown>(schema).map(([keyword, value]) => {
    const inside = (inner: Schema) => mapSchema(inner, change, isTentative || TENTATIVE.includes(keyword));
    if (SINGLE.includes(keyword)) return [keyword, inside(value as Schema)];
    if (LISTS.includes(keyword)) return [keyword, (value as readonly Schema[]).map(inside)];
    if (!MAPS.includes(keyword)) return [keyword, value];
    const inner = Object.entries(value as Properties).map(([name, s]) => [name, inside(s)]);
    return [keyword, Object.fromEntries(inner)];
  });
  return change(Object.fromEntries(entries), isTentative);
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
  const names = walk({ schema, pointer: '' }).flatMap((place) => {
    const ref = typeof place.schema === 'boolean' ? undefined : place.schema.$ref;
    return ref === undefined ? [] : [refName(ref) ?? ''];
  });
  named.set(schema, names);
  return names;
}
