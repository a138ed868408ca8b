import type { Schema, SchemaObject } from '../schema.ts';
import { KINDS, kindsOf } from './type-parts.ts';

/** Whether no value can fit two branches: they are of different kinds, or each has its own constant in a property. */
export function areDisjoint(branches: readonly Schema[]): boolean {
  const schemas = branches.filter((branch) => typeof branch === 'object');
  if (schemas.length < branches.length) return branches.length === 1;
  return schemas.every((one, i) => schemas.slice(i + 1).every((other) => areApart(one, other)));
}

/** Whether no value can fit both schemas. */
export function areApart(one: SchemaObject, other: SchemaObject): boolean {
  const kinds = kindsOf(other);
  const isKnown = kindsOf(one).length < KINDS.length && kinds.length < KINDS.length;
  if (isKnown && !kindsOf(one).some((kind) => kinds.includes(kind))) return true;
  if (areApartValues(one, other)) return true;
  const shared = (one.required ?? []).filter((name) => other.required?.includes(name) === true);
  return shared.some((name) => {
    const [first, second] = [one, other].map((schema) => ownProperty(schema, name));
    return typeof first === 'object' && typeof second === 'object' && areApartValues(first, second);
  });
}

function areApartValues(one: SchemaObject, other: SchemaObject): boolean {
  const [first, second] = [valuesOf(one), valuesOf(other)];
  return first !== undefined && second !== undefined && !first.some((value) => second.includes(value));
}

/** The values that a schema lists, as texts. */
function valuesOf({ const: only, enum: listed }: SchemaObject): readonly string[] | undefined {
  const values = only === undefined ? listed : [only];
  return values?.map((value) => JSON.stringify(value));
}

function ownProperty({ properties }: SchemaObject, name: string): Schema | undefined {
  return properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined;
}
