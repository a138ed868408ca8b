import { isDeepStrictEqual } from 'node:util';
import type { ErrorCode } from '../../runtime/contract/error-codes.ts';
import type { JsonValue } from '../../runtime/contract/json.ts';
import type { Outcome } from '../../runtime/contract/outcome.ts';
import type { StopCode } from '../../runtime/contract/sandbox.ts';

/** What must be told beside an end. */
interface Beside {
  readonly logs?: readonly string[];
  readonly warning?: ErrorCode;
  /** Calls that could change data. */
  readonly wrote?: number;
}

/** What must become of an attack. */
export type Expectation =
  | { readonly kind: 'refused'; readonly code: ErrorCode }
  | { readonly kind: 'throws'; readonly message: RegExp; readonly code: ErrorCode }
  | ({ readonly kind: 'stopped'; readonly codes: readonly StopCode[] } & Beside)
  | { readonly kind: 'answered'; readonly code: ErrorCode }
  | ({ readonly kind: 'returns'; readonly value: JsonValue } & Beside)
  | ({ readonly kind: 'finished' } & Beside)
  | { readonly kind: 'either'; readonly ends: readonly Expectation[] }
  | { readonly kind: 'contained' };

/** V: the check refuses it, and nothing runs. */
export const refused = (code: ErrorCode): Expectation => ({ kind: 'refused', code });

/** T: it throws inside, and says this. */
export const throws = (message: RegExp, code: ErrorCode = 'PROGRAM_ERROR'): Expectation => ({
  kind: 'throws',
  message,
  code,
});

/** L: a limit stops it. */
export const stopped = (...codes: readonly StopCode[]): Expectation => ({ kind: 'stopped', codes });

/** B: the bridge refuses a call, and the program does not catch it. */
export const answered = (code: ErrorCode): Expectation => ({ kind: 'answered', code });

/** H: it comes to nothing, and returns this. */
export const returns = (value: JsonValue, beside: Beside = {}): Expectation => ({
  kind: 'returns',
  value,
  ...beside,
});

/** H: it comes to nothing, whatever it returns. */
export const finished = (beside: Beside = {}): Expectation => ({ kind: 'finished', ...beside });

/** L, and the record of what was done before is whole. */
export const stoppedAfter = (code: StopCode, beside: Beside): Expectation => ({
  kind: 'stopped',
  codes: [code],
  ...beside,
});

/** More than one of these is right: it depends on which limit is met first. */
export const either = (...ends: readonly Expectation[]): Expectation => ({ kind: 'either', ends });

/** However it ends: the layer that judges it is off, and the canary alone decides. */
export const CONTAINED: Expectation = { kind: 'contained' };

/** Node's permission model denies it. */
export const DENIED = throws(/Access to this API has been restricted|ERR_ACCESS_DENIED/);

/** Answers how the outcome differs from what must happen; undefined when it does not. */
export function findDifference(expected: Expectation, outcome: Outcome): string | undefined {
  return meets(expected, outcome)
    ? undefined
    : `expected ${describeExpectation(expected)}; got ${describeOutcome(outcome)}`;
}

function meets(expected: Expectation, outcome: Outcome): boolean {
  switch (expected.kind) {
    case 'contained':
      return outcome.kind === 'failed' || outcome.kind === 'finished';
    case 'either':
      return expected.ends.some((end) => meets(end, outcome));
    case 'refused':
      return outcome.kind === 'refused' && outcome.failures.some(({ code }) => code === expected.code);
    case 'throws':
      return (
        outcome.kind === 'failed' &&
        outcome.started === (expected.code !== 'SYNTAX_ERROR') &&
        outcome.failure.code === expected.code &&
        expected.message.test(outcome.failure.message)
      );
    case 'stopped':
      return (
        outcome.kind === 'failed' &&
        expected.codes.some((code) => code === outcome.failure.code) &&
        isBeside(expected, outcome)
      );
    case 'finished':
      return outcome.kind === 'finished' && isBeside(expected, outcome);
    case 'answered':
      return outcome.kind === 'failed' && outcome.failure.code === expected.code;
    case 'returns':
      return (
        outcome.kind === 'finished' &&
        isDeepStrictEqual(outcome.value, expected.value) &&
        isBeside(expected, outcome)
      );
    default:
      return expected satisfies never;
  }
}

function isBeside({ logs, warning, wrote }: Beside, outcome: Outcome): boolean {
  return (
    (logs === undefined ||
      isDeepStrictEqual(
        outcome.logs.map(({ text }) => text),
        logs,
      )) &&
    (warning === undefined || outcome.warnings.some(({ code }) => code === warning)) &&
    (wrote === undefined || outcome.calls.wrote === wrote)
  );
}

function describeExpectation(expected: Expectation): string {
  return JSON.stringify(expected, (_, value) => (value instanceof RegExp ? String(value) : value)).slice(
    0,
    500,
  );
}

function describeOutcome(outcome: Outcome): string {
  const { kind, logs, warnings } = outcome;
  const end =
    kind === 'refused'
      ? outcome.failures
      : kind === 'failed'
        ? outcome.failure
        : kind === 'finished'
          ? outcome.value
          : kind;
  return `${kind} ${JSON.stringify({ end, logs, warnings }).slice(0, 1_500)}`;
}
