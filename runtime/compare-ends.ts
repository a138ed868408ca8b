import type { JsonValue } from './contract/json.ts';
import type { RunEnd } from './contract/sandbox.ts';
import { pointerPart, resolvePointer } from './json/resolve-pointer.ts';
import { shorten } from './json/shorten.ts';

/** How much of what differs is shown, in characters. */
const SHOWN = 200;

/**
 * The first thing about a run's end that is not as it was, as the end of a sentence; undefined when all is.
 * @param before undefined when the run was cut off
 * @param waitsFor the call whose answer the program waited for until it was stopped
 */
export function compareEnds(
  before: RunEnd | undefined,
  now: RunEnd,
  waitsFor: string | undefined,
): string | undefined {
  if (now.kind === 'stopped' && now.code === 'REPLAY_DIVERGED') return now.message;
  // What was cut off from outside ends where its journal does.
  if (before === undefined || (before.kind === 'stopped' && waitsFor !== undefined)) return undefined;
  if (waitsFor !== undefined) return `it waits: ${waitsFor}`;
  const shared = Math.min(before.logs.length, now.logs.length);
  const longer = Math.max(before.logs.length, now.logs.length);
  const [old, current] = [nameEnd(before), nameEnd(now)];
  const first = compareLines(before, now, 0, shared);
  if (first !== undefined) return first;
  // A log that breaks off does so for another end.
  if (old !== current) return differ('the end', old, current);
  // How far a run comes in its time is not determined.
  if (before.kind === 'stopped') return undefined;
  return compareLines(before, now, shared, longer) ?? compareValues(before, now);
}

function compareLines(before: RunEnd, now: RunEnd, from: number, to: number): string | undefined {
  for (let line = from; line < to; line++) {
    const [was, is] = [before.logs[line], now.logs[line]].map((logged) => logged?.text);
    if (was !== is) return differ(`log line ${line + 1}`, was, is);
  }
  return undefined;
}

function compareValues(before: RunEnd, now: RunEnd): string | undefined {
  if (before.kind !== 'returned' || now.kind !== 'returned' || before.json === now.json) return undefined;
  return findDifference(before.json, now.json);
}

function nameEnd(end: RunEnd): string {
  switch (end.kind) {
    case 'returned':
      return 'a value';
    case 'threw':
      return `${end.error.name}: ${end.error.message}`;
    case 'stopped':
      return end.code;
    default:
      return end satisfies never;
  }
}

function findDifference(before: string | null, now: string | null): string {
  const [was, is] = [before, now].map((json) =>
    json === null ? undefined : (JSON.parse(json) as JsonValue),
  );
  const pointer = findPointer(was, is) ?? '';
  const at = pointer === '' ? 'the value' : `the value at ${pointer}`;
  const [old, current] = [was, is].map((value) =>
    value === undefined ? undefined : JSON.stringify(resolvePointer(value, pointer)),
  );
  return differ(at, old, current);
}

/** The JSON pointer of the first place where two values differ; undefined when they do not. */
function findPointer(before: unknown, now: unknown, at = ''): string | undefined {
  if (!isTree(before) || !isTree(now) || Array.isArray(before) !== Array.isArray(now))
    return Object.is(before, now) ? undefined : at;
  for (const key of new Set([...Object.keys(before), ...Object.keys(now)])) {
    const found = findPointer(before[key], now[key], `${at}/${pointerPart(key)}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function differ(what: string, was: string | undefined, is: string | undefined): string {
  return `${what} was ${show(was)} and is now ${show(is)}`;
}

function show(text: string | undefined): string {
  return text === undefined ? 'not there' : shorten(text, SHOWN);
}
