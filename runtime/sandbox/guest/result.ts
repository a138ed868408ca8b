import type { LimitHit } from '../../contract/limits.ts';
import { describe } from './describe.ts';
import { isError } from './is-error.ts';
import { readText } from './read-safely.ts';
import type { ScopeSpec } from './scope.ts';

type Written =
  | { readonly json: string | null }
  | {
      readonly refused: 'RESULT_TOO_LARGE' | 'RESULT_NOT_JSON';
      readonly message: string;
      readonly limit?: LimitHit;
    };

type ResultLimits = Pick<ScopeSpec, 'resultBytes' | 'jsonDepth' | 'byteLength'>;

class PromiseNotAwaited extends Error {}

/**
 * Writes the value that a program returned as JSON. What JSON drops in silence but a program plainly meant is
 * kept: maps, sets, typed arrays and errors. A promise that was not awaited is refused, since its value would be lost.
 */
export function writeResult(value: unknown, limits: ResultLimits): Written {
  if (value === undefined) return { json: null };
  try {
    const json: string | undefined = JSON.stringify(value, keepMeaning);
    if (json === undefined) {
      return notJson(
        `The program returned ${describe(value)}. Return data: objects, arrays, strings, numbers.`,
      );
    }
    const bytes = limits.byteLength(json);
    return bytes > limits.resultBytes ? tooLarge(`${bytes} bytes as JSON`, limits) : { json };
  } catch (thrown) {
    return refuse(thrown, limits);
  }
}

function keepMeaning(key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Promise) {
    throw new PromiseNotAwaited(`The value at \`${key}\` is a promise. Await it before returning it.`);
  }
  if (value instanceof Map) return fromMap(value);
  if (value instanceof Set) return Array.from(Set.prototype.values.call(value));
  if (ArrayBuffer.isView(value)) return Array.from(value as Uint8Array);
  if (isError(value)) return Object.assign({ name: value.name, message: value.message }, value);
  return value;
}

function fromMap(map: Map<unknown, unknown>): unknown {
  const entries = Array.from(Map.prototype.entries.call(map));
  return entries.every(([key]) => typeof key === 'string') ? Object.fromEntries(entries) : entries;
}

function refuse(thrown: unknown, limits: ResultLimits): Written {
  if (!isError(thrown)) return notJson('The value returned threw while it was written as JSON.');
  const message = readText(thrown, 'message') ?? '';
  if (thrown instanceof PromiseNotAwaited) return notJson(message);
  if (message.includes('string length')) return tooLarge('longer as JSON than a string can be', limits);
  if (message.includes('call stack')) return tooDeep(limits);
  if (message.includes('BigInt'))
    return notJson('The value returned holds a BigInt. Return Number(n) or String(n).');
  if (message.includes('circular'))
    return notJson('The value returned contains itself. Return a tree: ids instead of links back.');
  return notJson(`The value returned threw while it was written as JSON: ${message}`);
}

function notJson(message: string): Written {
  return { refused: 'RESULT_NOT_JSON', message };
}

function tooLarge(size: string, { resultBytes }: ResultLimits): Written {
  const message = `The value returned is ${size}, more than limit resultBytes (${resultBytes}). Return only what is needed: fewer items, or fewer fields of each.`;
  return { refused: 'RESULT_TOO_LARGE', message, limit: { name: 'resultBytes', value: resultBytes } };
}

function tooDeep({ jsonDepth }: ResultLimits): Written {
  const message = `The value returned is nested far deeper than limit jsonDepth (${jsonDepth}). Return a flatter value.`;
  return { refused: 'RESULT_TOO_LARGE', message, limit: { name: 'jsonDepth', value: jsonDepth } };
}
