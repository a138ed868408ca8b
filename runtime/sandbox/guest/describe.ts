import { isError } from './is-error.ts';
import { readText } from './read-safely.ts';

const DEPTH = 4;
const ITEMS = 100;
const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;
/** Whatever could end a line, move the cursor or turn the reading direction; a tab may stay. */
const CONTROL = /(?!\t)[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;
const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r' };

/** What is left to say, shared by all levels of one description. */
interface Budget {
  characters: number;
  readonly above: unknown[];
}

/**
 * Writes any value as one readable line for a person: JSON-like, with depth, items and length limited. Getters
 * are named, never run. A proxy's traps do run, as they would in the program itself; what they throw stays here.
 */
export function describe(value: unknown, characters = 200): string {
  const text = write(value, { characters, above: [] });
  return text.length > characters ? `${text.slice(0, characters)}…` : text;
}

/** Makes text safe to print as one line: it can neither begin a line of its own nor steer a terminal. */
export function escapeLine(text: string): string {
  return text.replace(
    CONTROL,
    (unit) => SHORT_ESCAPES[unit] ?? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function write(value: unknown, budget: Budget): string {
  const text =
    typeof value === 'object' && value !== null ? writeGuarded(value, budget) : writePlain(value, budget);
  budget.characters -= text.length;
  return text;
}

function writePlain(value: unknown, budget: Budget): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(
        value.length > budget.characters ? `${value.slice(0, budget.characters)}…` : value,
      );
    case 'bigint':
      return `${value}n`;
    case 'number':
      return Object.is(value, -0) ? '-0' : `${value}`;
    case 'function':
      return '[function]';
    default:
      return String(value);
  }
}

function writeGuarded(value: object, budget: Budget): string {
  if (budget.above.includes(value)) return '[circular]';
  budget.above.push(value);
  try {
    return writeObject(value, budget);
  } catch {
    return '[unreadable]';
  } finally {
    budget.above.pop();
  }
}

function writeObject(value: object, budget: Budget): string {
  if (isError(value)) return `[${readText(value, 'name') ?? 'Error'}: ${readText(value, 'message') ?? ''}]`;
  if (value instanceof Date) return Date.prototype.toISOString.call(value);
  if (value instanceof RegExp) return RegExp.prototype.toString.call(value);
  if (value instanceof Promise) return '[promise, not awaited]';
  if (budget.above.length > DEPTH) return Array.isArray(value) ? '[…]' : '{…}';
  if (Array.isArray(value)) return list('[', value.length, ']', (at) => writeOwn(value, at, budget), budget);
  if (ArrayBuffer.isView(value)) {
    const items = Array.from(value as Uint8Array);
    return `${kindOf(value)} ${list('[', items.length, ']', (at) => String(items[at]), budget)}`;
  }
  if (value instanceof Map) {
    const entries = Array.from(Map.prototype.entries.call(value));
    const pair = (at: number) => (entries[at] ?? []).map((part) => write(part, budget)).join(' => ');
    return `Map ${list('{', entries.length, '}', pair, budget)}`;
  }
  if (value instanceof Set) {
    const items = Array.from(Set.prototype.values.call(value));
    return `Set ${list('{', items.length, '}', (at) => write(items[at], budget), budget)}`;
  }
  return writeProperties(value, budget);
}

function writeProperties(value: object, budget: Budget): string {
  const keys = Object.keys(value);
  const property = (at: number): string => {
    const key = keys[at] ?? '';
    return `${IDENTIFIER.test(key) ? key : JSON.stringify(key)}: ${writeOwn(value, key, budget)}`;
  };
  const kind = kindOf(value);
  const properties = list('{', keys.length, '}', property, budget);
  return kind === '' || kind === 'Object' ? properties : `${kind} ${properties}`;
}

function list(
  open: string,
  count: number,
  close: string,
  item: (at: number) => string,
  budget: Budget,
): string {
  if (count === 0) return open + close;
  const items: string[] = [];
  while (items.length < Math.min(count, ITEMS) && budget.characters > 0) items.push(item(items.length));
  if (items.length < count) items.push(`… ${count - items.length} more`);
  const space = open === '{' ? ' ' : '';
  return `${open}${space}${items.join(', ')}${space}${close}`;
}

/** Writes a property without running a getter. */
function writeOwn(holder: object, key: PropertyKey, budget: Budget): string {
  const property = Object.getOwnPropertyDescriptor(holder, key);
  if (property === undefined) return 'empty';
  return 'value' in property ? write(property.value, budget) : '[getter]';
}

/** The name of the class that made an object; empty when there is none to be had without running code. */
function kindOf(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null) return '';
  const made: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  return typeof made === 'function' ? (readText(made, 'name') ?? '') : '';
}
