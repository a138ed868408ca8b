import { isRecord, listOf, type RawSchema, recordOf, stringsOf } from '../raw-schema.ts';
import { jsonSchemaOf } from './json-content.ts';
import { flattenObject, followReference } from './object-schema.ts';

/** Where parameters go, by their name on our side; the value is their name over there. */
export interface WirePlaces {
  readonly inPath: Readonly<Record<string, string>>;
  readonly inQuery: Readonly<Record<string, string>>;
  readonly inHeader: Readonly<Record<string, string>>;
  /** The parameters that are the members of the body; `whole` when the parameter `body` is all of it. */
  readonly body?: readonly string[] | 'whole';
}

/** Headers that describe the exchange: OpenAPI ignores them as parameters. */
const EXCHANGE_HEADERS = ['accept', 'content-type', 'authorization'];

const WHOLE_BODY = 'body';

/** Body schemas with any of these are more than a list of members. */
const MORE_THAN_MEMBERS = ['anyOf', 'oneOf', 'allOf', 'not', 'if', 'patternProperties', 'dependentSchemas'];

/** The parameters of an operation as one object: those of path, query, headers and body together. */
export function collectParameters(
  item: RawSchema,
  operation: RawSchema,
  document: RawSchema,
): { readonly schema: RawSchema; readonly places: WirePlaces } {
  const properties: Record<string, unknown> = {};
  const required: string[] = [];
  const places = { path: {}, query: {}, header: {} } as Record<string, Record<string, string>>;
  for (const parameter of listParameters(item, operation, document)) {
    const place = places[parameter.place];
    if (place === undefined) continue;
    const name = Object.hasOwn(properties, parameter.name)
      ? `${parameter.place}_${parameter.name}`
      : parameter.name;
    place[name] = parameter.name;
    properties[name] = parameter.schema;
    if (parameter.isRequired) required.push(name);
  }
  const body = collectBody(operation, document, properties);
  Object.assign(properties, body.properties);
  required.push(...body.required);
  const { path: inPath = {}, query: inQuery = {}, header: inHeader = {} } = places;
  return {
    schema: { type: 'object', properties, required },
    places: { inPath, inQuery, inHeader, ...(body.place === undefined ? {} : { body: body.place }) },
  };
}

interface Parameter {
  readonly name: string;
  readonly place: string;
  readonly isRequired: boolean;
  readonly schema: unknown;
}

/** Those of the path, replaced by those of the operation with the same name and place. */
function listParameters(item: RawSchema, operation: RawSchema, document: RawSchema): readonly Parameter[] {
  const all = [...listOf(item.parameters), ...listOf(operation.parameters)].flatMap((raw) => {
    const parameter = followReference(raw, document);
    return parameter === undefined ? [] : [toParameter(parameter)];
  });
  const byPlace = new Map(all.map((parameter) => [`${parameter.place} ${parameter.name}`, parameter]));
  return [...byPlace.values()].filter(
    ({ place, name }) => place !== 'header' || !EXCHANGE_HEADERS.includes(name.toLowerCase()),
  );
}

function toParameter(parameter: RawSchema): Parameter {
  const { name, in: place, description, required } = parameter;
  const schema = parameter.schema ?? jsonSchemaOf(parameter) ?? {};
  const described = typeof description === 'string' && isRecord(schema) ? { ...schema, description } : schema;
  return {
    name: String(name),
    place: String(place),
    isRequired: required === true || place === 'path',
    schema: described,
  };
}

interface Body {
  readonly properties: RawSchema;
  readonly required: readonly string[];
  readonly place?: WirePlaces['body'];
}

/** A JSON object's members become parameters beside the others, unless one of them has a name that is taken. */
function collectBody(operation: RawSchema, document: RawSchema, taken: RawSchema): Body {
  const body = followReference(operation.requestBody, document);
  if (body === undefined) return { properties: {}, required: [] };
  const schema = jsonSchemaOf(body) ?? Object.values(recordOf(body, 'content')).map(schemaOf)[0] ?? {};
  const isRequired = body.required === true;
  const whole: Body = {
    properties: { [WHOLE_BODY]: schema },
    required: isRequired ? [WHOLE_BODY] : [],
    place: 'whole',
  };
  const flat = flattenObject(schema, document);
  if (flat === undefined || MORE_THAN_MEMBERS.some((keyword) => flat[keyword] !== undefined)) return whole;
  const isOpen = flat.additionalProperties !== undefined && flat.additionalProperties !== false;
  // What is read-only is sent by the server and never to it.
  const members = Object.entries(recordOf(flat, 'properties')).filter(
    ([, member]) => !(isRecord(member) && member.readOnly === true),
  );
  const collides = members.some(([name]) => Object.hasOwn(taken, name));
  if (isOpen || collides || members.length === 0) return whole;
  const names = members.map(([name]) => name);
  const required = isRequired ? stringsOf(flat.required).filter((name) => names.includes(name)) : [];
  return { properties: Object.fromEntries(members), required, place: names };
}

function schemaOf(media: unknown): unknown {
  return isRecord(media) ? media.schema : undefined;
}
