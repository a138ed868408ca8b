import { isRecord, listOf, omit, type RawSchema, recordOf, stringsOf } from '../raw-schema.ts';
import { followReference, joinObjects } from './object-schema.ts';

/** A tool that does several things, told apart by the value of one argument. */
export interface Split {
  readonly argument: string;
  /** In the order in which the tool lists them; each with the schema of what else it takes. */
  readonly operations: readonly { readonly value: string; readonly schema: RawSchema }[];
}

/** The arguments whose enum names operations. Any other enum is an ordinary parameter. */
export const OPERATION_ARGUMENTS = ['operation', 'action', 'command', 'method'];

/**
 * Finds the operations of a tool: the values of a required string enum called `operation`, `action`, `command` or
 * `method`; else of the property that is another constant in every branch of a `oneOf` or `anyOf`.
 */
export function splitTool(raw: unknown, document: RawSchema): Split | undefined {
  const schema = followReference(raw, document);
  if (schema === undefined) return undefined;
  const found = namedArgument(schema) ?? constantArgument(schema, document);
  if (found === undefined) return undefined;
  const { argument, values } = found;
  const operations = values.map((value) => ({
    value,
    schema: specialise(schema, argument, value, document),
  }));
  return { argument, operations };
}

interface Discriminator {
  readonly argument: string;
  readonly values: readonly string[];
}

function namedArgument(schema: RawSchema): Discriminator | undefined {
  const required = stringsOf(schema.required);
  for (const argument of OPERATION_ARGUMENTS) {
    const property = recordOf(recordOf(schema, 'properties'), argument);
    const values = stringsOf(property.enum ?? (property.const === undefined ? [] : [property.const]));
    const isComplete = values.length > 0 && values.length === (listOf(property.enum).length || 1);
    if (required.includes(argument) && isComplete) return { argument, values: [...new Set(values)] };
  }
  return undefined;
}

function constantArgument(schema: RawSchema, document: RawSchema): Discriminator | undefined {
  const choices = listOf(schema.oneOf ?? schema.anyOf);
  if (choices.length < 2) return undefined;
  const branches = choices.map((choice) => followReference(choice, document));
  const [first] = branches;
  for (const argument of first === undefined ? [] : stringsOf(first.required)) {
    const values = branches.flatMap((branch) => {
      const isRequired = branch !== undefined && stringsOf(branch.required).includes(argument);
      return isRequired ? constantsOf(recordOf(branch, 'properties')[argument]) : [];
    });
    if (new Set(values).size === choices.length && values.length === choices.length)
      return { argument, values };
  }
  return undefined;
}

/** The one string that a schema lets through. */
function constantsOf(schema: unknown): readonly string[] {
  if (!isRecord(schema)) return [];
  const values = schema.const === undefined ? listOf(schema.enum) : [schema.const];
  return values.length === 1 ? stringsOf(values) : [];
}

/** What is left of the tool's schema once its argument has the value. */
function specialise(whole: RawSchema, argument: string, value: string, document: RawSchema): RawSchema {
  const { rest, extras } = separateConditions(whole, argument, value, document);
  const joined = extras.reduce(joinObjects, rest);
  const properties = omit(recordOf(joined, 'properties'), argument);
  const required = stringsOf(joined.required).filter((name) => name !== argument);
  const dependent = recordOf(joined, 'dependentRequired');
  const implied = stringsOf(dependent[argument]);
  const { [argument]: _own, ...dependents } = dependent;
  return {
    ...omit(joined, 'dependentRequired'),
    properties,
    required: [...new Set([...required, ...implied])],
    ...(Object.keys(dependents).length === 0 ? {} : { dependentRequired: dependents }),
  };
}

/** Takes conditions and choices apart: those that the value decides, and the schema without them. */
function separateConditions(
  whole: RawSchema,
  argument: string,
  value: string,
  document: RawSchema,
): { readonly rest: RawSchema; readonly extras: readonly RawSchema[] } {
  const extras: RawSchema[] = [];
  const undecided: unknown[] = [];
  for (const part of [whole, ...listOf(whole.allOf)]) {
    const schema = followReference(part, document);
    if (schema === undefined) continue;
    const outcome = decide(schema.if, argument, value);
    const condition = pickCondition(schema);
    if (outcome === undefined && condition !== undefined) undecided.push(condition);
    const chosen =
      outcome === undefined ? undefined : followReference(outcome ? schema.then : schema.else, document);
    if (chosen !== undefined) extras.push(chosen);
    if (schema !== whole && part !== whole) extras.push(omit(schema, 'if', 'then', 'else'));
  }
  let rest = omit(whole, 'if', 'then', 'else', 'allOf');
  for (const part of ['oneOf', 'anyOf']) {
    if (whole[part] === undefined) continue;
    const admitted = listOf(whole[part]).flatMap((choice) => {
      const branch = followReference(choice, document);
      return branch !== undefined && admits(branch, argument, value)
        ? [withoutArgument(branch, argument)]
        : [];
    });
    rest = omit(rest, part);
    if (admitted.length === 1) extras.push(...admitted);
    else if (admitted.length > 1) rest = { ...rest, [part]: admitted };
  }
  const kept = undecided.length === 0 ? {} : { allOf: undecided };
  return { rest: { ...rest, ...kept }, extras: extras.filter((extra) => Object.keys(extra).length > 0) };
}

function pickCondition(schema: RawSchema): RawSchema | undefined {
  if (schema.if === undefined) return undefined;
  const parts = ['if', 'then', 'else'].filter((part) => schema[part] !== undefined);
  return Object.fromEntries(parts.map((part) => [part, schema[part]]));
}

/** Whether a condition that asks for nothing but the argument holds; undefined for any other. */
function decide(condition: unknown, argument: string, value: string): boolean | undefined {
  if (!isRecord(condition)) return undefined;
  const properties = recordOf(condition, 'properties');
  const asksElse = Object.keys(condition).some(
    (keyword) => !['properties', 'required', 'type'].includes(keyword),
  );
  const isAbout = Object.keys(properties).length === 1 && Object.hasOwn(properties, argument);
  if (asksElse || !isAbout || stringsOf(condition.required).some((name) => name !== argument))
    return undefined;
  const asked = properties[argument];
  if (!isRecord(asked)) return undefined;
  if (asked.const !== undefined) return asked.const === value;
  return Array.isArray(asked.enum) ? asked.enum.includes(value) : undefined;
}

function admits(branch: RawSchema, argument: string, value: string): boolean {
  const property = recordOf(recordOf(branch, 'properties'), argument);
  if (property.const !== undefined) return property.const === value;
  return !Array.isArray(property.enum) || property.enum.includes(value);
}

function withoutArgument(branch: RawSchema, argument: string): RawSchema {
  const properties = omit(recordOf(branch, 'properties'), argument);
  const required = stringsOf(branch.required).filter((name) => name !== argument);
  return { ...branch, properties, required };
}
