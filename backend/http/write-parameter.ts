import type { JsonValue } from '../../runtime/contract/json.ts';
import type { Writing } from '../../runtime/contract/route.ts';

type Encode = (text: string) => string;

/** Leaves nothing that an address gives a meaning to: `/`, `?`, `#`, `%` and their like are encoded. */
export const encodePart: Encode = (text) => encodeURIComponent(text.toWellFormed());

/** What stands between the items of a list that are not apart, as an address has it. */
const SEPARATORS: Readonly<Partial<Record<Writing['style'], string>>> = {
  spaceDelimited: '%20',
  pipeDelimited: '%7C',
};

/**
 * The `name=value` parts of a query that hold one parameter; none for null and for an empty list. What a style has no
 * words for, such as a list in a list, is written as JSON.
 */
export function writeQuery(name: string, value: JsonValue, { style, explode }: Writing): readonly string[] {
  const pair = (key: string, text: string): string => `${encodePart(key)}=${text}`;
  if (value === null) return [];
  if (style === 'json') return [pair(name, encodePart(JSON.stringify(value)))];
  const separator = SEPARATORS[style] ?? ',';
  if (isList(value)) {
    const items = value.map((item) => encodePart(textOf(item)));
    if (explode) return items.map((item) => pair(name, item));
    return items.length === 0 ? [] : [pair(name, items.join(separator))];
  }
  if (typeof value !== 'object') return [pair(name, encodePart(textOf(value)))];
  const members = Object.entries(value).map(([key, item]) => [key, encodePart(textOf(item))] as const);
  if (style === 'deepObject') return members.map(([key, item]) => pair(`${name}[${key}]`, item));
  if (explode) return members.map(([key, item]) => pair(key, item));
  return [pair(name, members.map(([key, item]) => `${encodePart(key)}${separator}${item}`).join(separator))];
}

/**
 * One parameter within a path or a header.
 * @param encode what becomes of each piece of text that is the program's
 */
export function writeText(name: string, value: JsonValue, writing: Writing, encode: Encode): string {
  const { style, explode } = writing;
  if (style === 'json') return encode(JSON.stringify(value));
  const [start, between, isNamed] = SIGNS[style] ?? PLAIN;
  const label = isNamed ? `${encode(name)}=` : '';
  if (isList(value)) {
    const items = value.map((item) => encode(textOf(item)));
    return explode
      ? `${start}${items.map((item) => `${label}${item}`).join(between)}`
      : `${start}${label}${items.join(',')}`;
  }
  if (value === null || typeof value !== 'object') return `${start}${label}${encode(textOf(value))}`;
  const joint = explode ? '=' : ',';
  const members = Object.entries(value).map(([key, item]) => `${encode(key)}${joint}${encode(textOf(item))}`);
  return explode ? `${start}${members.join(between)}` : `${start}${label}${members.join(',')}`;
}

/** What stands before a value, between exploded parts, and whether the name is written. */
type Signs = readonly [start: string, between: string, isNamed: boolean];
const PLAIN: Signs = ['', ',', false];
const SIGNS: Readonly<Partial<Record<Writing['style'], Signs>>> = {
  label: ['.', '.', false],
  matrix: [';', ';', true],
};

/** A value that stands alone. */
export function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
