import type { JsonObject, JsonValue } from '../contract/json.ts';
import { pointerPart, resolvePointer } from '../json/resolve-pointer.ts';
import { shorten } from '../json/shorten.ts';
import { type Cut, cutValue } from './cut-value.ts';
import { isTable } from './tabulate.ts';

/** What was left out at one place of a value, in a few hundred characters. */
export interface CutSummary {
  /** JSON pointer into the whole value; empty for the value itself. */
  readonly pointer: string;
  /** How many there are in all: exactly one of the three. */
  readonly items?: number;
  readonly entries?: number;
  readonly characters?: number;
  readonly shown: number;
  /** Of a list, the keys that the rows left out have; of an object, the first keys left out. */
  readonly keys?: readonly string[];
  /** The first of what was left out, shortened: two items of a list, a stretch of a text. */
  readonly next?: JsonValue;
}

const MOST_PLACES = 5;
const MOST_KEYS = 12;
const KEY_CHARACTERS = 40;
/** Rows whose keys are looked at. */
const ROWS_LOOKED_AT = 50;
const ITEMS_SHOWN = 2;
/** Of each item, or of a text. */
const NEXT_CHARACTERS = 200;

/**
 * Tells what was cut, so that the next program can ask for the right part.
 * @param value the whole
 * @param shown the same with its tables as columns and rows, before it was cut: the places of `cuts` are in it
 * @param tables JSON pointers of those tables, into `value`
 */
export function summarizeCuts(
  cuts: readonly Cut[],
  value: JsonValue,
  shown: JsonValue,
  tables: readonly string[],
): readonly CutSummary[] {
  const isTabulated = new Set(tables);
  return cuts.slice(0, MOST_PLACES).map((cut) => {
    const pointer = toWhole(cut.path, shown, isTabulated);
    return { pointer, [cut.unit]: cut.total, shown: cut.shown, ...describeRest(cut, value, pointer) };
  });
}

function describeRest(cut: Cut, value: JsonValue, pointer: string): Pick<CutSummary, 'keys' | 'next'> {
  const whole = resolvePointer(value, pointer);
  if (cut.unit === 'entries') return { keys: cut.keys.slice(0, MOST_KEYS).map(shortenKey) };
  if (typeof whole === 'string')
    return { next: whole.slice(cut.shown, cut.shown + NEXT_CHARACTERS).toWellFormed() };
  if (!Array.isArray(whole)) return {};
  const rest = (whole as readonly JsonValue[]).slice(cut.shown);
  const rows = rest.slice(0, ROWS_LOOKED_AT).filter(isObject);
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return {
    ...(keys.length > 0 && { keys: keys.slice(0, MOST_KEYS).map(shortenKey) }),
    next: rest.slice(0, ITEMS_SHOWN).map((item) => cutValue(item, NEXT_CHARACTERS).value),
  };
}

/** The place in the whole of a place in what is shown, where each table has its columns and its rows. */
function toWhole(path: string, shown: JsonValue, tables: ReadonlySet<string>): string {
  let [pointer, current]: [string, JsonValue | undefined] = ['', shown];
  const parts = path === '' ? [] : path.slice(1).split('/');
  for (let at = 0; at < parts.length; at += 1) {
    const part = parts[at] ?? '';
    if (!tables.has(pointer) || !isTable(current)) {
      pointer += `/${part}`;
      current = stepInto(current, part);
      continue;
    }
    // The list of columns, and the list of rows, are the table itself.
    const [row, column] = [parts[at + 1], parts[at + 2]];
    if (part !== 'rows' || row === undefined) return pointer;
    pointer += `/${row}`;
    if (column === undefined) return pointer;
    const name: string = current.columns[Number(column)] ?? '';
    current = current.rows[Number(row)]?.[Number(column)];
    pointer += `/${pointerPart(name)}`;
    at += 2;
  }
  return pointer;
}

const stepInto = (value: JsonValue | undefined, part: string): JsonValue | undefined =>
  value === undefined ? undefined : resolvePointer(value, `/${part}`);

const isObject = (value: JsonValue): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const shortenKey = (key: string): string => shorten(key, KEY_CHARACTERS);
