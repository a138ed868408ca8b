import { child, type Properties, type Schema, type SchemaObject } from '../schema.ts';
import type { CompareInner, Comparison } from './comparison.ts';
import { guessRenames } from './guess-renames.ts';
import type { RuleId } from './rules.ts';
import { describeShape, type Shape, shapeOf } from './shape.ts';

/** How alike two properties of one type are that are described in different words, or not at all. */
const SAME_TYPE = 0.7;

interface Property {
  readonly schema: Schema;
  /** Whether it is only named as one that there has to be. */
  readonly isOnlyNamed: boolean;
  readonly shape: Shape;
  /** Whether it must be given, or always comes. */
  readonly required: boolean;
  readonly type: string;
}

/** Compares the properties of two objects, and whether they take others. */
export function compareProperties(
  before: SchemaObject,
  after: SchemaObject,
  pointer: string,
  comparison: Comparison,
  compareInner: CompareInner,
): void {
  const { types, position } = comparison;
  const old = propertiesOf(before, types.before, comparison);
  const now = propertiesOf(after, types.after, comparison);
  const without = (all: ReadonlyMap<string, Property>, known: ReadonlyMap<string, Property>) =>
    new Map([...all].filter(([name]) => !known.has(name)));
  const renames = guessRenames(without(old, now), without(now, old), likenessOf);
  const renamed = new Set(renames.values());
  for (const [name, property] of old) {
    const at = child(`${pointer}/properties`, name);
    const newName = renames.get(name) ?? name;
    const successor = now.get(newName);
    if (successor === undefined) {
      const isFree = property.isOnlyNamed && after.additionalProperties !== false;
      if (isFree) comparison.tell(`${position}-optional`, at);
      else comparison.tell(`${position}-removed`, at, `${name}: ${property.type}`);
      continue;
    }
    const there = child(`${pointer}/properties`, newName);
    if (newName !== name) comparison.tell(`${position}-renamed`, there, name, newName);
    if (property.required !== successor.required) {
      comparison.tell(`${position}-${successor.required ? 'required' : 'optional'}`, there);
    }
    compareInner(property.schema, successor.schema, there, comparison);
  }
  for (const [name, property] of now) {
    if (old.has(name) || renamed.has(name)) continue;
    const rule =
      position === 'parameter' && property.required ? 'parameter-added-required' : `${position}-added`;
    comparison.tell(
      rule as RuleId,
      child(`${pointer}/properties`, name),
      undefined,
      `${name}: ${property.type}`,
    );
  }
  compareRest(before, after, pointer, comparison, compareInner);
}

/** What is said of properties that have no name. */
function compareRest(
  before: SchemaObject,
  after: SchemaObject,
  pointer: string,
  comparison: Comparison,
  compareInner: CompareInner,
): void {
  const { position, tell } = comparison;
  const [old, now] = [before, after].map(
    ({ additionalProperties, unevaluatedProperties }) =>
      additionalProperties ?? unevaluatedProperties ?? true,
  );
  if (old === undefined || now === undefined) return;
  const at = `${pointer}/additionalProperties`;
  if (old !== false && now !== false) compareInner(old, now, at, comparison);
  else if (old !== now) {
    const rule = now === false ? 'parameter-closed' : 'parameter-opened';
    tell(position === 'parameter' ? rule : 'result-rest-changed', at, old, now);
  }
}

function propertiesOf(
  schema: SchemaObject,
  types: Properties,
  { position }: Comparison,
): ReadonlyMap<string, Property> {
  const { properties = {}, required = [], additionalProperties = true } = schema;
  const undeclared = required.filter((name) => !Object.hasOwn(properties, name));
  const named = undeclared.map((name): [string, Schema] => [name, additionalProperties]);
  const entries = [...Object.entries(properties), ...named].map(([name, inner]): [string, Property] => {
    const shape = shapeOf(inner, types);
    const mayBeLeftOut = position === 'parameter' && shape.schema.default !== undefined;
    const isRequired = required.includes(name) && !mayBeLeftOut;
    const isOnlyNamed = !Object.hasOwn(properties, name);
    return [
      name,
      { schema: inner, isOnlyNamed, shape, required: isRequired, type: describeShape(shape, types) },
    ];
  });
  return new Map(entries);
}

function likenessOf(before: Property, after: Property): number {
  if (before.type !== after.type) return 0;
  const { description } = before.shape.schema;
  return description !== undefined && description === after.shape.schema.description ? 1 : SAME_TYPE;
}
