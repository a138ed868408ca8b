import type { JsonObject, JsonValue } from '../contract/json.ts';
import { pointerPart } from '../json/resolve-pointer.ts';
import { isLonger } from './cut-value.ts';

export interface Tabulated {
  readonly value: JsonValue;
  /** JSON pointers of the lists that became tables; empty for the value itself. */
  readonly tables: readonly string[];
}

/** A list of objects, each member's name once. */
interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly JsonValue[])[];
}

/** Whether a value has the form of a table; it may have had that form before. */
export function isTable(value: unknown): value is Table {
  if (typeof value !== 'object' || value === null) return false;
  return 'columns' in value && 'rows' in value && Array.isArray(value.columns) && Array.isArray(value.rows);
}

/** Fewer rows than these save nothing. */
const FEWEST_ROWS = 3;

/**
 * Writes lists of objects that all have the same members as `{ columns, rows }`: each member's name stands once
 * instead of in every row. Nothing is lost.
 * @param longestRow characters of JSON: names are little of what is longer, and an object that has to be cut tells which of
 *   its members are missing
 */
export function tabulate(value: JsonValue, longestRow = Infinity): Tabulated {
  const tables: string[] = [];
  return { value: write(value, '', { tables, longestRow }), tables };
}

/** What is shared by all levels of one value. */
interface Draft {
  readonly tables: string[];
  readonly longestRow: number;
}

function write(value: JsonValue, path: string, draft: Draft): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  if (!Array.isArray(value)) {
    const members = Object.entries(value as JsonObject);
    return Object.fromEntries(
      members.map(([key, member]) => [key, write(member, `${path}/${pointerPart(key)}`, draft)]),
    );
  }
  const items = value as readonly JsonValue[];
  const columns = columnsOf(items);
  if (columns === undefined || isLonger(items[0] ?? null, draft.longestRow))
    return items.map((item, i) => write(item, `${path}/${i}`, draft));
  draft.tables.push(path);
  const rows = items.map((item, i) =>
    columns.map((column) =>
      write((item as JsonObject)[column] ?? null, `${path}/${i}/${pointerPart(column)}`, draft),
    ),
  );
  return { columns, rows };
}

/** The members that all items have, in the order of the first; undefined when they are not alike. */
function columnsOf(items: readonly JsonValue[]): readonly string[] | undefined {
  const [first] = items;
  if (items.length < FEWEST_ROWS || !isObject(first)) return undefined;
  const columns = Object.keys(first);
  const isAlike = (item: JsonValue): boolean =>
    isObject(item) &&
    Object.keys(item).length === columns.length &&
    columns.every((column) => Object.hasOwn(item, column));
  return columns.length > 0 && items.every(isAlike) ? columns : undefined;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
