import { isRecord, listOf, omit, type RawSchema, recordOf, stringsOf } from '../raw-schema.ts';
import { flattenObject, followReference } from './object-schema.ts';
import { type SettledArgument, settleArgument } from './settle-argument.ts';
import { valuesOf } from './values-of.ts';

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
  const found = namedArgument(schema, document) ?? constantArgument(schema, document);
  if (found === undefined) return undefined;
  const { argument, values } = found;
  const operations = values.map((value) => ({
    value,
    schema: specialise(schema, { argument, value }, document),
  }));
  return { argument, operations };
}

interface Discriminator {
  readonly argument: string;
  readonly values: readonly string[];
}

function namedArgument(schema: RawSchema, document: RawSchema): Discriminator | undefined {
  const flat = flattenObject(schema, document) ?? schema;
  const required = stringsOf(flat.required);
  for (const argument of OPERATION_ARGUMENTS.filter((name) => required.includes(name))) {
    const values = valuesOf(recordOf(flat, 'properties')[argument], document);
    if (values !== undefined) return { argument, values };
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
      return isRequired ? constantsOf(recordOf(branch, 'properties')[argument], document) : [];
    });
    if (new Set(values).size === choices.length && values.length === choices.length)
      return { argument, values };
  }
  return undefined;
}

/** The one string that a schema lets through. */
function constantsOf(schema: unknown, document: RawSchema): readonly string[] {
  const values = valuesOf(schema, document) ?? [];
  return values.length === 1 ? values : [];
}

/** What is left of the tool's schema once its argument has the value. */
function specialise(whole: RawSchema, settled: SettledArgument, document: RawSchema): RawSchema {
  // Where no branch is for the value, what holds for all operations is what is known.
  const readings = [whole, omit(whole, 'oneOf', 'anyOf'), pick(whole, settled.argument)];
  const found = readings
    .map((reading) => settleArgument(reading, settled, document))
    .find((schema) => isRecord(schema));
  return found ?? { type: 'object' };
}

/** The members of an object, and nothing that several of them must keep. */
function pick(schema: RawSchema, argument: string): RawSchema {
  const properties = omit(recordOf(schema, 'properties'), argument);
  return { type: 'object', properties, required: schema.required };
}
