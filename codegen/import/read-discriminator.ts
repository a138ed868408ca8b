import { isRecord, listOf, omit, type RawSchema, recordOf } from '../raw-schema.ts';
import { flattenObject } from './object-schema.ts';
import { valuesOf } from './values-of.ts';

/**
 * A choice of OpenAPI whose `discriminator` tells which branch is meant, as JSON Schema has it: by a constant in each
 * branch. Branches that nobody gives a value to are a choice in which several may fit, as the server takes but one.
 */
export function readDiscriminator(schema: RawSchema, document: RawSchema): RawSchema {
  const { propertyName, mapping } = recordOf(schema, 'discriminator');
  const word = ['oneOf', 'anyOf'].find((choice) => Array.isArray(schema[choice]));
  if (typeof propertyName !== 'string' || word === undefined) return schema;
  const branches = listOf(schema[word]);
  const isTold = branches.every((branch) => {
    const properties = recordOf(flattenObject(branch, document) ?? {}, 'properties');
    return Object.hasOwn(properties, propertyName) && valuesOf(properties[propertyName], document);
  });
  if (isTold) return schema;
  const told = branches.map((branch) => withConstant(branch, propertyName, mapping));
  if (!told.includes(undefined)) return { ...schema, [word]: told };
  return schema.anyOf === undefined ? { ...omit(schema, 'oneOf'), anyOf: branches } : schema;
}

/** Undefined where the mapping does not have the branch. */
function withConstant(branch: unknown, name: string, mapping: unknown): RawSchema | undefined {
  const reference = isRecord(branch) ? branch.$ref : undefined;
  if (typeof reference !== 'string' || !isRecord(mapping)) return undefined;
  const own = reference.slice(reference.lastIndexOf('/') + 1);
  const values = Object.keys(mapping).filter((value) => [reference, own].includes(String(mapping[value])));
  if (values.length === 0) return undefined;
  return {
    allOf: [branch, { type: 'object', properties: { [name]: { enum: values } }, required: [name] }],
  };
}
