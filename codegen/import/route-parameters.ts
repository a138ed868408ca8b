import { isDeepStrictEqual } from 'node:util';
import {
  DEFAULT_WRITING,
  RESERVED_HEADER,
  type Route,
  STYLES,
  WHOLE_BODY,
  type Writing,
} from '../../runtime/contract/route.ts';
import { isRecord, listOf, type RawSchema, recordOf, stringsOf } from '../raw-schema.ts';
import { jsonSchemaOf, jsonTypeOf } from './json-content.ts';
import { flattenObject, followReference } from './object-schema.ts';

/** Where parameters go. */
export type WirePlaces = Omit<Route, 'verb' | 'path'>;

type Place = keyof typeof DEFAULT_WRITING;

const JSON_TYPE = 'application/json';
const ANY_TYPE = '*/*';
const FORM_TYPE = /^application\/x-www-form-urlencoded\b/i;

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
  const places: Record<Place, Record<string, string>> = { path: {}, query: {}, header: {} };
  const writings: Record<string, Writing> = {};
  for (const parameter of listParameters(item, operation, document)) {
    const { place, writing } = parameter;
    const name = Object.hasOwn(properties, parameter.name) ? `${place}_${parameter.name}` : parameter.name;
    places[place][name] = parameter.name;
    properties[name] = parameter.schema;
    if (parameter.isRequired) required.push(name);
    if (!isDeepStrictEqual(writing, DEFAULT_WRITING[place])) writings[name] = writing;
  }
  const body = collectBody(operation, document, properties);
  Object.assign(properties, body.properties);
  required.push(...body.required);
  return {
    schema: { type: 'object', properties, required },
    places: {
      inPath: places.path,
      inQuery: places.query,
      inHeader: places.header,
      ...(Object.keys(writings).length === 0 ? {} : { writings }),
      ...body.place,
    },
  };
}

interface Parameter {
  readonly name: string;
  readonly place: Place;
  readonly isRequired: boolean;
  readonly schema: unknown;
  readonly writing: Writing;
}

/** Those of the path, replaced by those of the operation with the same name and place. */
function listParameters(item: RawSchema, operation: RawSchema, document: RawSchema): readonly Parameter[] {
  const all = [...listOf(item.parameters), ...listOf(operation.parameters)].flatMap((raw) => {
    const parameter = followReference(raw, document);
    // Cookies are credentials: whoever runs the server gives them, no program.
    return parameter !== undefined && isPlace(parameter.in) ? [toParameter(parameter, parameter.in)] : [];
  });
  const byPlace = new Map(all.map((parameter) => [`${parameter.place} ${parameter.name}`, parameter]));
  return [...byPlace.values()].filter(({ place, name }) => place !== 'header' || !RESERVED_HEADER.test(name));
}

function isPlace(place: unknown): place is Place {
  return typeof place === 'string' && Object.hasOwn(DEFAULT_WRITING, place);
}

function toParameter(parameter: RawSchema, place: Place): Parameter {
  const { name, description, required, deprecated } = parameter;
  const schema = parameter.schema ?? jsonSchemaOf(parameter) ?? {};
  const own = {
    ...(typeof description === 'string' ? { description } : {}),
    ...(deprecated === true ? { deprecated } : {}),
  };
  return {
    name: String(name),
    place,
    isRequired: required === true || place === 'path',
    schema: isRecord(schema) ? { ...schema, ...own } : schema,
    writing: writingOf(parameter, place),
  };
}

function writingOf(parameter: RawSchema, place: Place): Writing {
  if (jsonTypeOf(parameter) !== undefined) return { style: 'json', explode: false };
  const style = STYLES.find((one) => one === parameter.style) ?? DEFAULT_WRITING[place].style;
  const { explode = style === 'form' } = parameter;
  return { style, explode: explode === true };
}

interface Body {
  readonly properties: RawSchema;
  readonly required: readonly string[];
  readonly place?: Pick<Route, 'body' | 'bodyType'>;
}

/** A JSON object's members become parameters beside the others, unless one of them has a name that is taken. */
function collectBody(operation: RawSchema, document: RawSchema, taken: RawSchema): Body {
  const body = followReference(operation.requestBody, document);
  if (body === undefined) return { properties: {}, required: [] };
  const type = chooseType(body);
  const schema = recordOf(recordOf(body, 'content'), type).schema ?? {};
  const bodyType = type === JSON_TYPE || type === ANY_TYPE ? {} : { bodyType: type };
  const isRequired = body.required === true;
  const whole: Body = {
    properties: { [WHOLE_BODY]: schema },
    required: isRequired ? [WHOLE_BODY] : [],
    place: { body: 'whole', ...bodyType },
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
  return { properties: Object.fromEntries(members), required, place: { body: names, ...bodyType } };
}

/** JSON where there is any, else a form, else what comes first. */
function chooseType(body: RawSchema): string {
  const types = Object.keys(recordOf(body, 'content'));
  return jsonTypeOf(body) ?? types.find((type) => FORM_TYPE.test(type)) ?? types[0] ?? JSON_TYPE;
}
