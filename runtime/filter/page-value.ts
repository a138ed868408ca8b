import type { JsonValue } from '../contract/json.ts';
import { endWithin } from '../json/end-within.ts';
import { resolvePointer } from '../json/resolve-pointer.ts';
import { cutValue } from './cut-value.ts';

/** A page of a part of a value. */
export interface Page {
  readonly pointer: string;
  /** 1-based. */
  readonly page: number;
  readonly pages: number;
  readonly value: JsonValue;
}

export type PageResult =
  | { readonly ok: true; readonly page: Page }
  | { readonly ok: false; readonly message: string };

/**
 * Reads a part of a value, page by page: whole items of an array, whole entries of an object, stretches of a
 * string. An item that alone exceeds the budget is cut; its own pointer leads to the rest.
 * @param pointer JSON pointer, empty for the whole value
 * @param page 1-based
 * @param budget characters of JSON a page
 */
export function pageValue(value: JsonValue, pointer: string, page: number, budget: number): PageResult {
  const part = resolvePointer(value, pointer);
  if (part === undefined)
    return { ok: false, message: `There is nothing at the pointer ${JSON.stringify(pointer)}.` };
  const pages = splitIntoPages(part, budget);
  const found = pages[page - 1];
  if (found === undefined)
    return { ok: false, message: `There are ${pages.length} pages; page ${page} is not one of them.` };
  return { ok: true, page: { pointer, page, pages: pages.length, value: cutValue(found, budget).value } };
}

function splitIntoPages(value: JsonValue, budget: number): readonly JsonValue[] {
  if (typeof value === 'string') return splitText(value, budget);
  if (typeof value !== 'object' || value === null) return [value];
  if (Array.isArray(value)) return group(value, (item) => JSON.stringify(item).length + 1, budget);
  const entries = Object.entries(value);
  const groups = group(entries, ([key, item]) => key.length + JSON.stringify(item).length + 6, budget);
  return groups.map((some) => Object.fromEntries(some));
}

/** At least one group, so that an empty array has a page that shows it. */
function group<Item>(items: readonly Item[], sizeOf: (item: Item) => number, budget: number): Item[][] {
  let current: Item[] = [];
  const groups = [current];
  let room = budget - 2;
  for (const item of items) {
    const size = sizeOf(item);
    if (size > room && current.length > 0) {
      current = [];
      groups.push(current);
      room = budget - 2;
    }
    current.push(item);
    room -= size;
  }
  return groups;
}

/** At least one character each, however small the budget. */
function splitText(text: string, budget: number): readonly string[] {
  const pages: string[] = [];
  let from = 0;
  do {
    const end = Math.max(endWithin(text, from, budget - 2), Math.min(from + 1, text.length));
    pages.push(text.slice(from, end));
    from = end;
  } while (from < text.length);
  return pages;
}
