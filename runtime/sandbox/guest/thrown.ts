import type { CallRefusal, GuestError } from '../../contract/sandbox.ts';
import { describe, escapeLine } from './describe.ts';
import { isError } from './is-error.ts';
import { readPlaces } from './program-text.ts';
import { readSafely, readText } from './read-safely.ts';

const NAME_CHARACTERS = 100;
/** More than is told of one: the filter looks at what lies across the end. */
const MESSAGE_CHARACTERS = 8_000;
/** How many of an AggregateError's errors are told. */
const AGGREGATED = 3;

/**
 * Creates a reader of thrown values: whatever was thrown (null, a proxy, an error with throwing getters), it
 * comes out as strings and numbers, and with a message that is not empty.
 */
export function createThrownReader(
  locate: (error: unknown) => string,
  refusalOf: (thrown: unknown) => CallRefusal | undefined,
): (thrown: unknown) => GuestError {
  return (thrown) => {
    const { code, limit } = refusalOf(thrown) ?? {};
    return {
      name: readName(thrown),
      message: readMessage(thrown).slice(0, MESSAGE_CHARACTERS),
      ...(code !== undefined && { code }),
      ...(limit !== undefined && { limit }),
      ...readPlaces(locate(thrown)),
    };
  };
}

function readName(thrown: unknown): string {
  const name = isError(thrown) ? readText(thrown, 'name') : undefined;
  return name === undefined || name === '' ? 'Error' : escapeLine(name.slice(0, NAME_CHARACTERS));
}

function readMessage(thrown: unknown): string {
  if (!isError(thrown))
    return `The program threw ${describe(thrown, MESSAGE_CHARACTERS)}, which is not an Error.`;
  const message = readText(thrown, 'message');
  const all = [message === '' ? undefined : message, ...readAggregated(thrown), readCause(thrown)];
  const told = all.filter((part) => part !== undefined).join(' ');
  return told === '' ? `The program threw an error without a message (${readName(thrown)}).` : told;
}

function readAggregated(error: Error): readonly string[] {
  if (!(error instanceof AggregateError)) return [];
  const errors = readSafely(error, 'errors');
  const told = Array.from({ length: AGGREGATED }, (_, at) => readText(readSafely(errors, at), 'message'));
  return told.filter((message) => message !== undefined).map((message) => `[${message}]`);
}

function readCause(error: Error): string | undefined {
  const cause = readSafely(error, 'cause');
  if (!isError(cause)) return undefined;
  return `(cause: ${readName(cause)}: ${readText(cause, 'message') ?? ''})`;
}
