import { isDeepStrictEqual } from 'node:util';
import vm from 'node:vm';
import fc from 'fast-check';
import type { Backend } from '../../runtime/contract/backend.ts';
import { FORBIDDEN_KEYS, type JsonObject, type JsonValue } from '../../runtime/contract/json.ts';
import type { Outcome } from '../../runtime/contract/outcome.ts';
import { Arena, LIMITS } from '../escape/arena.ts';
import { createRehearsedBackend } from '../escape/rehearsed-backend.ts';
import { findFall } from './falls.ts';
import type { FuzzOptions, FuzzReport } from './fuzzer.ts';
import { fuzzProperty, type Trial } from './properties.ts';
import { type ValueExpression, valueExpressions } from './value-expressions.ts';

/** What a backend was asked, by the execution that asked. */
type Reached = Map<string, JsonObject[]>;

interface Sent {
  readonly way: keyof typeof WAYS;
  readonly value: ValueExpression;
}

interface Way {
  readonly write: (value: string) => string;
  /** The law of the way, beside those that hold for every outcome. */
  readonly judge: (
    value: ValueExpression,
    outcome: Outcome,
    calls: readonly JsonObject[],
  ) => string | undefined;
}

/** Values are handed on in milliseconds; the machine may have other things to do. */
const TIMEOUT_MS = 30_000;
/** On a machine that has other things to do. */
const STANDSTILL_MS = 60_000;
const HONEST_EVERY = 25;
const GRANT = ['memory.recall', 'memory.recordEvent'] as const;
const LONGEST_MESSAGE = 4_200;

/** Every way on which a value of a program leaves it. */
const WAYS = {
  result: { write: (value) => `return ${value};`, judge: judgeResult },
  argument: {
    write: (value) =>
      `return await athena.memory.recordEvent({ content: 'c', context: { v: ${value} } }).then(() => 'sent', (error) => error.code);`,
    judge: judgeArgument,
  },
  variable: {
    write: (value) =>
      `await session.set('v', 'before');\nconst code = await session.set('v', ${value}).then(() => 'set', (error) => error.code);\nreturn [code, await session.get('v')];`,
    judge: judgeVariable,
  },
  exception: { write: (value) => `throw ${value};`, judge: judgeException },
  'log line': { write: (value) => `console.log(${value}, 'and', ${value});\nreturn 1;`, judge: judgeLog },
} as const satisfies Record<string, Way>;

export interface ValueFuzzOptions extends FuzzOptions {
  /** What is taken for what the backend received: itself when left out. */
  readonly hear?: (params: JsonObject) => JsonObject;
}

/** Sends hostile values on every way out of a program. One end each, and what arrives is what JSON makes of them. */
export async function fuzzValues(options: ValueFuzzOptions): Promise<FuzzReport> {
  const { hear = (params) => params } = options;
  const reached: Reached = new Map();
  const backend = recordCalls(createRehearsedBackend(), reached, hear);
  const arena = await Arena.open('checkOff', { backend, standstillMs: STANDSTILL_MS });
  let sent = 0;
  try {
    return await fuzzProperty(options, {
      name: 'values',
      inputs: fc.record({
        way: fc.constantFrom(...(Object.keys(WAYS) as (keyof typeof WAYS)[])),
        value: valueExpressions,
      }),
      attempt: (one) => {
        sent += 1;
        return send(arena, reached, one, sent % HONEST_EVERY === 0);
      },
      show: ({ way, value }) => WAYS[way].write(value.text),
    });
  } finally {
    await arena.close();
  }
}

/** A backend that keeps what it was sent, and has nothing to say of events. */
function recordCalls(backend: Backend, reached: Reached, hear: (params: JsonObject) => JsonObject): Backend {
  return {
    ...backend,
    call: async (call) => {
      const { execution } = call.context;
      reached.set(execution, [...(reached.get(execution) ?? []), hear(call.params)]);
      return call.operation === 'record_event' ? { ok: true, value: {} } : await backend.call(call);
    },
  };
}

async function send(
  arena: Arena,
  reached: Reached,
  { way, value }: Sent,
  asksHonestly: boolean,
): Promise<Trial> {
  const outcome = await arena.run(WAYS[way].write(value.text), 'values', TIMEOUT_MS, GRANT);
  const calls = reached.get(outcome.execution) ?? [];
  reached.clear();
  const wrong = [
    ...(await arena.inspect([outcome])),
    ...findFall(outcome),
    ...(asksHonestly ? await arena.askHonestly('values') : []),
  ];
  const end = outcome.kind === 'failed' ? outcome.failure.code : outcome.kind;
  return { end: `${way} ${end}`, fault: wrong[0] ?? WAYS[way].judge(value, outcome, calls) };
}

/** What JSON makes of an expression that is evaluated once, in a realm that knows nothing of the product. */
function writtenOnce(expression: string): JsonValue | 'nothing' | 'thrown' {
  try {
    const json = vm.runInNewContext(`JSON.stringify(${expression})`);
    return json === undefined ? 'nothing' : (JSON.parse(json) as JsonValue);
  } catch {
    return 'thrown';
  }
}

/** Whether JSON of that form is let through between a program and the rest. */
function mayPass(value: JsonValue): boolean {
  return findsNothingForbidden(value, LIMITS.jsonDepth);
}

function findsNothingForbidden(value: JsonValue, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (depth === 0) return false;
  return Object.entries(value).every(
    ([key, item]) =>
      (Array.isArray(value) || !FORBIDDEN_KEYS.has(key)) && findsNothingForbidden(item, depth - 1),
  );
}

function judgeResult({ text, isPlain }: ValueExpression, outcome: Outcome): string | undefined {
  if (!isPlain) return undefined;
  const expected = writtenOnce(text);
  const isReturned = outcome.kind === 'finished';
  if (isReturned && vm.runInNewContext(`(${text}) === undefined`))
    return outcome.value === null ? undefined : 'undefined became something';
  const passes = expected !== 'nothing' && expected !== 'thrown' && mayPass(expected);
  if (!passes) return isReturned ? `it returned ${show(outcome.value)}` : undefined;
  if (!isReturned) return `it did not return ${show(expected)}`;
  return isDeepStrictEqual(outcome.value, expected)
    ? undefined
    : `it returned ${show(outcome.value)}, not ${show(expected)}`;
}

function judgeArgument(
  { text }: ValueExpression,
  outcome: Outcome,
  calls: readonly JsonObject[],
): string | undefined {
  const expected = writtenOnce(`{ content: 'c', context: { v: ${text} } }`);
  const told = outcome.kind === 'finished' ? outcome.value : undefined;
  if (
    expected === 'nothing' ||
    expected === 'thrown' ||
    !mayPass(expected) ||
    isLong(expected, LIMITS.callRequestBytes)
  ) {
    if (calls.length > 0) return `${show(calls)} reached the backend`;
    return told === 'INVALID_PARAMETERS' || told === 'CALL_TOO_LARGE'
      ? undefined
      : `the program was told ${show(told)}`;
  }
  const [params] = calls;
  if (params === undefined || calls.length !== 1) return `the backend was called ${calls.length} times`;
  if (told !== 'sent') return `the program was told ${show(told)}`;
  const { context } = expected as JsonObject;
  return isDeepStrictEqual(params.context, context)
    ? undefined
    : `${show(params.context)} reached the backend, not ${show(context)}`;
}

function judgeVariable({ text }: ValueExpression, outcome: Outcome): string | undefined {
  const expected = writtenOnce(`{ key: 'v', value: ${text} }`);
  if (outcome.kind !== 'finished') return isDeep(expected) ? undefined : 'the program did not return';
  const [code, kept] = outcome.value as readonly JsonValue[];
  const refused = code === 'INVALID_PARAMETERS' || code === 'VARIABLE_TOO_LARGE' || code === 'CALL_TOO_LARGE';
  if (refused) {
    if (kept !== 'before') return `${show(kept)} was kept all the same`;
    const passes = expected !== 'nothing' && expected !== 'thrown' && mayPass(expected);
    return passes && !isLong(expected, LIMITS.variableBytes)
      ? `${show(expected)} was refused with ${code}`
      : undefined;
  }
  if (expected === 'nothing' || expected === 'thrown' || !mayPass(expected)) return `${show(kept)} was kept`;
  const { value = null } = expected as JsonObject;
  return isDeepStrictEqual(kept, value) ? undefined : `${show(kept)} was kept, not ${show(value)}`;
}

/** What comes back stands one level deeper than it was sent. */
function isDeep(value: JsonValue | 'nothing' | 'thrown'): boolean {
  return typeof value === 'object' && !findsNothingForbidden(value, LIMITS.jsonDepth - 1);
}

function judgeException(_: ValueExpression, outcome: Outcome): string | undefined {
  if (outcome.kind !== 'failed') return `a throw came to ${outcome.kind}`;
  const { code, message } = outcome.failure;
  if (code !== 'PROGRAM_ERROR') return `a throw came to ${code}`;
  return message.length > 0 && message.length <= LONGEST_MESSAGE
    ? undefined
    : `a message of ${message.length} characters`;
}

function judgeLog(_: ValueExpression, outcome: Outcome): string | undefined {
  // An expression may throw by itself.
  if (outcome.kind !== 'finished')
    return outcome.logs.length === 0 ? undefined : 'a log of a line that was not written';
  return outcome.logs.length === 1 ? undefined : `one line became ${outcome.logs.length}`;
}

const isLong = (value: JsonValue, bytes: number): boolean => Buffer.byteLength(JSON.stringify(value)) > bytes;

const show = (value: unknown): string => JSON.stringify(value)?.slice(0, 300) ?? String(value);
