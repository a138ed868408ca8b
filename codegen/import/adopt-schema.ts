import { fullFormats } from 'ajv-formats/dist/formats.js';
import { FORBIDDEN_KEYS } from '../../runtime/contract/json.ts';
import { upgradeWords } from '../draft.ts';
import { isRecord, type RawSchema, stringsOf } from '../raw-schema.ts';
import { DEEPEST, type Scope } from '../references.ts';
import { child, LISTS, MAPS, type Properties, type Schema, type SchemaObject, SINGLE } from '../schema.ts';
import { createKeywordTest } from '../schema-compiler.ts';
import { documentOf, scopeIn } from './raw-document.ts';
import { readDiscriminator } from './read-discriminator.ts';
import type { TypeStore } from './type-store.ts';

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
  readonly scope: Scope;
  /** Whether it is one of several choices: a default could not be filled in there. */
  readonly isChoice: boolean;
}

const TYPES = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object'];
const CHOICES = ['anyOf', 'oneOf', 'not', 'if', 'then', 'else', 'contains', 'dependentSchemas'];

/** Words for people: a title becomes the description where there is none. */
const PROSE = ['title', 'description', 'examples'];

/**
 * A schema of any draft as the compiler takes it: its definitions in the store, under names of their own.
 * What the compiler has no words for becomes wider, and its description says so.
 * @throws {NoSchema} when it is none
 */
export function adoptSchema(raw: unknown, adoption: Adoption): Schema {
  const scope = scopeIn(documentOf(adoption.document), raw);
  return adopt(raw, { ...adoption, pointer: '', scope, isChoice: false });
}

function adopt(raw: unknown, around: Place): Schema {
  if (typeof raw === 'boolean') return raw;
  if (!isRecord(raw)) throw new NoSchema(`${at(around)} is ${JSON.stringify(raw)}, which is no schema`);
  if (around.pointer.split('/').length > DEEPEST) {
    around.onWider(around.pointer, `nested deeper than ${DEEPEST} levels`);
    return { description: 'Any JSON value: its schema is nested too deep to be shown.' };
  }
  const scope = documentOf(around.document).scopeOf(raw) ?? around.scope;
  const place = { ...around, scope };
  const remarks: string[] = [];
  const remark = (what: string): void => {
    remarks.push(what);
    place.onWider(place.pointer, what);
  };
  const told = readDiscriminator(raw, place.document);
  const words = upgradeWords(told, scope.isEarly).filter(({ word }) => !PROSE.includes(word));
  const entries = words.flatMap(({ word, value, from }) => {
    const adopted = adoptWord(word, value, from, place, remark);
    return adopted === undefined ? [] : [[word, adopted]];
  });
  const out: Record<string, unknown> = Object.fromEntries(entries);
  tidyObject(out, place);
  const description = describe(raw, remarks);
  const whole = { ...(description === '' ? {} : { description }), ...out } as SchemaObject;
  // To the letter `nullable` means nothing without a type; beside a reference or a choice, null is meant.
  const isNullable = raw.nullable === true && raw.type === undefined && words.length > 0;
  return isNullable ? { ...describedAlone(description), anyOf: [whole, { type: 'null' }] } : whole;
}

type Remark = (what: string) => void;

/**
 * What a word becomes; undefined when it is left out.
 * @param from what the backend calls it
 */
function adoptWord(word: string, value: unknown, from: string, place: Place, remark: Remark): unknown {
  const inside = (step: string | number, within = place): Place => ({
    ...within,
    pointer: child(within.pointer, step),
    isChoice: within.isChoice || CHOICES.includes(word),
  });
  if (SINGLE.includes(word)) return adopt(value, inside(word));
  if (LISTS.includes(word)) {
    if (!Array.isArray(value) || value.length === 0) throw new NoSchema(`${at(place)}/${word} is no list`);
    return value.map((item, i) => adopt(item, inside(i, inside(word))));
  }
  if (MAPS.includes(word)) return adoptMap(word, value, inside(word), remark);
  switch (word) {
    case '$ref':
      return adoptReference(from, value, place, remark);
    case 'type':
      return adoptType(value, place);
    case 'enum':
      return Array.isArray(value) ? [...new Set(value)] : void remark(`enum ${JSON.stringify(value)}`);
    case 'required':
      return [...new Set(stringsOf(value))].filter((name) => !FORBIDDEN_KEYS.has(name));
    case 'format':
      return adoptFormat(value, remark);
    case 'pattern':
      return isPattern(value) ? value : void remark(`pattern ${JSON.stringify(value)}`);
    case 'default':
      return place.isChoice ? void remark(`default ${JSON.stringify(value)}`) : value;
    default:
      return isKeyword(word) ? value : undefined;
  }
}

const isKeyword = createKeywordTest();

function adoptMap(keyword: string, value: unknown, place: Place, remark: Remark): unknown {
  if (!isRecord(value)) throw new NoSchema(`${at(place)} is ${JSON.stringify(value)}, which is no object`);
  const entries = Object.entries(value).flatMap(([name, raw]): [string, Schema][] => {
    const refused =
      (keyword === 'properties' && (FORBIDDEN_KEYS.has(name) || !name.isWellFormed())) ||
      (keyword === 'patternProperties' && !isPattern(name));
    if (refused) {
      remark(`${keyword === 'properties' ? 'property' : 'pattern'} ${JSON.stringify(name)}`);
      return [];
    }
    return [[name, adopt(raw, { ...place, pointer: child(place.pointer, name) })]];
  });
  return Object.fromEntries(entries);
}

function adoptReference(
  keyword: string,
  reference: unknown,
  place: Place,
  remark: Remark,
): string | undefined {
  const document = documentOf(place.document);
  const named = `${keyword} to ${JSON.stringify(reference)}`;
  const target = typeof reference === 'string' ? document.resolve(reference, place.scope) : undefined;
  if (typeof reference !== 'string' || target === undefined || !isSchema(target.node)) {
    remark(`${named}, which is not in the document`);
    return undefined;
  }
  if (keyword !== '$ref' && document.isAmbiguous(reference, place.scope)) {
    remark(`${named}, which only a run could resolve`);
    return undefined;
  }
  const { node, pointer } = target;
  const make = (): Schema => adopt(node, { ...place, pointer: `#${pointer}`, isChoice: false });
  return `#/$defs/${place.store.nameOf(place.document, pointer, make)}`;
}

function isSchema(node: unknown): boolean {
  return isRecord(node) || typeof node === 'boolean';
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

/** What strict mode and the compiler's own rules ask of objects. */
function tidyObject(out: Record<string, unknown>, place: Place): void {
  if (Array.isArray(out.required) && out.required.length === 0) delete out.required;
  const declared = declareRequired(out, (what) => place.onWider(place.pointer, what));
  if (declared !== undefined) out.properties = declared;
}

/**
 * The properties of an object that takes no others than it names, where it requires some that it does not name.
 * Undefined where there are none.
 */
export function declareRequired(
  { additionalProperties, patternProperties, properties = {}, required }: RawSchema,
  onWider: (what: string) => void,
): Properties | undefined {
  if (additionalProperties !== false || patternProperties !== undefined) return undefined;
  const undeclared = stringsOf(required).filter((name) => !Object.hasOwn(properties as Properties, name));
  if (undeclared.length === 0) return undefined;
  onWider(`required but not declared: ${undeclared.join(', ')}`);
  return { ...(properties as Properties), ...Object.fromEntries(undeclared.map((name) => [name, true])) };
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
