import { fullFormats } from 'ajv-formats/dist/formats.js';
import { child, type Schema, type SchemaObject } from '../schema.ts';
import { createKeywordTest } from '../schema-compiler.ts';
import { decode, isRecord, type RawSchema, resolveReference, stringsOf } from './raw-schema.ts';
import type { TypeStore } from './type-store.ts';
import { upgradeKeywords } from './upgrade-keywords.ts';

/** What the schemas of one operation are adopted into. */
export interface Adoption {
  /** What references are about: the schema itself, or the document that it is part of. */
  readonly document: RawSchema;
  readonly store: TypeStore;
  /** Takes what the compiler cannot say, for the list of what became wider. */
  readonly onWider: (pointer: string, what: string) => void;
}

/** Something that is no schema, at its place. */
export class NoSchema extends Error {}

interface Place extends Adoption {
  readonly pointer: string;
  /** Whether it is one of several choices: a default could not be filled in there. */
  readonly isChoice: boolean;
}

const TYPES = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object'];
const SINGLE = ['items', 'additionalProperties', 'propertyNames', 'contains', 'not', 'if', 'then', 'else'];
const LISTS = ['prefixItems', 'allOf', 'anyOf', 'oneOf'];
const MAPS = ['properties', 'patternProperties', 'dependentSchemas'];
const CHOICES = ['anyOf', 'oneOf', 'not', 'if', 'then', 'else', 'contains', 'dependentSchemas'];

/** Keywords without a meaning for values: what has it is not wider without them. */
const SILENT = [
  '$schema',
  '$id',
  'id',
  '$comment',
  '$anchor',
  '$dynamicAnchor',
  '$recursiveAnchor',
  '$vocabulary',
];
const NAMING = ['$defs', 'definitions', 'title', 'examples', 'example'];

/** Keywords that demand something which the compiler does not check. */
const DEMANDING = ['unevaluatedProperties', 'unevaluatedItems', 'contentSchema'];

/** Names that the compiler refuses: every JavaScript object answers to them. */
const INHERITED = new Set(['prototype', ...Object.getOwnPropertyNames(Object.prototype)]);

const MAX_DEPTH = 100;

/**
 * A schema of any draft as the compiler takes it: its definitions in the store, under names of their own.
 * What the compiler has no words for becomes wider, and its description says so.
 * @throws {NoSchema} when it is none
 */
export function adoptSchema(raw: unknown, adoption: Adoption): Schema {
  return adopt(raw, { ...adoption, pointer: '', isChoice: false });
}

function adopt(raw: unknown, place: Place): Schema {
  if (typeof raw === 'boolean') return raw;
  if (!isRecord(raw)) throw new NoSchema(`${at(place)} is ${JSON.stringify(raw)}, which is no schema`);
  if (place.pointer.split('/').length > MAX_DEPTH) {
    place.onWider(place.pointer, `nested deeper than ${MAX_DEPTH} levels`);
    return { description: 'Any JSON value: its schema is nested too deep to be shown.' };
  }
  const { schema, isNullable } = upgradeKeywords(raw);
  const remarks: string[] = [];
  const remark = (what: string): void => {
    remarks.push(what);
    place.onWider(place.pointer, what);
  };
  const out: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (value === undefined || keyword === 'description') continue;
    const adopted = adoptKeyword(keyword, value, place, remark);
    if (adopted !== undefined) out[keyword] = adopted;
  }
  tidyObject(out, place);
  tidyArray(out);
  const description = describe(schema, remarks);
  const whole = { ...(description === '' ? {} : { description }), ...out } as SchemaObject;
  return isNullable ? { ...describedAlone(description), anyOf: [whole, { type: 'null' }] } : whole;
}

type Remark = (what: string) => void;

/** What a keyword becomes; undefined when it is left out. */
function adoptKeyword(keyword: string, value: unknown, place: Place, remark: Remark): unknown {
  const inside = (step: string | number, within = place): Place => ({
    ...within,
    pointer: child(within.pointer, step),
    isChoice: within.isChoice || CHOICES.includes(keyword),
  });
  if (SILENT.includes(keyword) || NAMING.includes(keyword)) return undefined;
  if (SINGLE.includes(keyword)) return adopt(value, inside(keyword));
  if (LISTS.includes(keyword)) {
    if (!Array.isArray(value) || value.length === 0) throw new NoSchema(`${at(place)}/${keyword} is no list`);
    return value.map((item, i) => adopt(item, inside(i, inside(keyword))));
  }
  if (MAPS.includes(keyword)) return adoptMap(keyword, value, inside(keyword), remark);
  switch (keyword) {
    case '$ref':
    case '$dynamicRef':
    case '$recursiveRef':
      return adoptReference(keyword, value, place, remark);
    case 'type':
      return adoptType(value, place);
    case 'enum':
      return Array.isArray(value) && value.length > 0 ? [...new Set(value)] : undefined;
    case 'required':
      return [...new Set(stringsOf(value))].filter((name) => name !== '' && !INHERITED.has(name));
    case 'format':
      return adoptFormat(value, remark);
    case 'pattern':
      return isPattern(value) ? value : void remark(`pattern ${JSON.stringify(value)}`);
    case 'default':
      return place.isChoice ? void remark(`default ${JSON.stringify(value)}`) : value;
    default:
      if (DEMANDING.includes(keyword) && !isKeyword(keyword)) return void remark(keyword);
      return isKeyword(keyword) ? value : undefined;
  }
}

const isKeyword = createKeywordTest();

function adoptMap(keyword: string, value: unknown, place: Place, remark: Remark): unknown {
  if (!isRecord(value)) throw new NoSchema(`${at(place)} is ${JSON.stringify(value)}, which is no object`);
  const entries = Object.entries(value).flatMap(([name, raw]): [string, Schema][] => {
    const refused =
      (keyword === 'properties' && INHERITED.has(name)) ||
      (keyword === 'patternProperties' && !isPattern(name));
    if (refused) {
      remark(`${keyword === 'properties' ? 'property' : 'pattern'} ${JSON.stringify(name)}`);
      return [];
    }
    return [[name, adopt(raw, { ...place, pointer: child(place.pointer, name) })]];
  });
  return Object.fromEntries(entries);
}

function adoptReference(keyword: string, ref: unknown, place: Place, remark: Remark): string | undefined {
  const target = typeof ref === 'string' ? resolveReference(place.document, ref) : undefined;
  if (typeof ref !== 'string' || (!isRecord(target) && typeof target !== 'boolean')) {
    remark(`${keyword} to ${JSON.stringify(ref)}, which is not in the document`);
    return undefined;
  }
  if (keyword !== '$ref') remark(`${keyword} read as $ref`);
  const make = (): Schema => adopt(target, { ...place, pointer: ref, isChoice: false });
  return `#/$defs/${place.store.nameOf(place.document, decode(ref), make)}`;
}

function adoptType(value: unknown, place: Place): unknown {
  const names = Array.isArray(value) ? value : [value];
  const wrong = names.find((name) => !TYPES.includes(name));
  if (wrong !== undefined || names.length === 0)
    throw new NoSchema(`${at(place)}/type is ${JSON.stringify(value)}, which is no JSON type`);
  return Array.isArray(value) ? [...new Set(names)] : value;
}

function adoptFormat(value: unknown, remark: Remark): string | undefined {
  if (typeof value === 'string' && Object.hasOwn(fullFormats, value)) return value;
  remark(`format ${JSON.stringify(value)}`);
  return undefined;
}

function isPattern(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  try {
    return new RegExp(value, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}

/** What strict mode and the compiler's own rules ask of objects and conditions. */
function tidyObject(out: Record<string, unknown>, place: Place): void {
  if (out.if === undefined || (out.then === undefined && out.else === undefined)) {
    for (const keyword of ['if', 'then', 'else']) delete out[keyword];
  }
  if (isRecord(out.required) || (Array.isArray(out.required) && out.required.length === 0))
    delete out.required;
  if (out.additionalProperties !== false || out.patternProperties !== undefined) return;
  const properties = (out.properties ?? {}) as Record<string, Schema>;
  const undeclared = stringsOf(out.required).filter((name) => !Object.hasOwn(properties, name));
  if (undeclared.length === 0) return;
  place.onWider(place.pointer, `required but not declared: ${undeclared.join(', ')}`);
  out.properties = { ...properties, ...Object.fromEntries(undeclared.map((name) => [name, true])) };
}

function tidyArray(out: Record<string, unknown>): void {
  if (out.contains === undefined) for (const keyword of ['minContains', 'maxContains']) delete out[keyword];
}

function describe(schema: RawSchema, remarks: readonly string[]): string {
  const own = typeof schema.description === 'string' ? schema.description.trim() : '';
  const title = typeof schema.title === 'string' && own === '' ? schema.title.trim() : '';
  const note = remarks.length === 0 ? '' : `(Not checked here: ${remarks.join('; ')}.)`;
  return [own, title, note].filter((part) => part !== '').join(' ');
}

function describedAlone(description: string): SchemaObject {
  return description === '' ? {} : { description };
}

function at({ pointer }: Place): string {
  return pointer === '' ? 'the whole' : pointer;
}
