import { ERROR_CODES, type ErrorCode } from '../contract/error-codes.ts';
import type { FromWorker, LogLimit } from '../contract/guest-protocol.ts';
import { LIMITS, type LimitHit, type LimitName, type Limits } from '../contract/limits.ts';
import type { GuestError, LogLevel, LogLine, SkillPlace } from '../contract/sandbox.ts';
import { isDeeperThan } from '../json/parse-json.ts';

type Frame<T extends FromWorker['t']> = Extract<FromWorker, { t: T }>;
type Call = Frame<'calls'>['calls'][number];
type End = Frame<'done'>['end'];
type Reader<T> = (value: unknown) => T | undefined;

/** The most bytes of JSON that one character of a text can take (`\u0000`), and an item of a list beside its texts. */
const CHARACTER_BYTES = 6;
const ITEM_BYTES = 256;

/** No frame is nested deeper than four: itself, its end, the error, the limit. What else is in one is left out. */
const FRAME_DEPTH = 8;
/** JSON inside JSON: each quote and backslash doubles at most. */
const ESCAPING = 2;
const ENVELOPE_BYTES = 1024 * 1024;

/** The most bytes that a frame of an honest worker can have. */
export function frameCap(limits: Limits): number {
  const { resultBytes, callRequestBytes, logBytes } = limits;
  return ESCAPING * Math.max(resultBytes, 2 * callRequestBytes, logBytes) + ENVELOPE_BYTES;
}

/**
 * Reads a frame from a worker, which may hold anything. The answer is made anew from what was read, so it has
 * a frame's shape and nothing else; undefined when the bytes are no frame.
 */
export function readFromWorker(bytes: Uint8Array): FromWorker | undefined {
  const frame = readFrame(bytes);
  // Padding would be parsed for nothing, 20 MB of it as often as a worker can write it.
  return frame === undefined || bytes.length > mostBytes(frame) ? undefined : frame;
}

/** The most bytes that an honest worker needs for what the frame says. */
function mostBytes(frame: FromWorker): number {
  const items: readonly object[] =
    frame.t === 'calls'
      ? frame.calls
      : frame.t === 'logs'
        ? frame.lines
        : frame.t === 'done'
          ? [frame.end]
          : [];
  const texts = items.flatMap((item) => Object.values('error' in item ? Object(item.error) : item));
  const characters = texts.reduce(
    (sum: number, text) => sum + (typeof text === 'string' ? text.length : 0),
    0,
  );
  return CHARACTER_BYTES * characters + ITEM_BYTES * (items.length + 1);
}

function readFrame(bytes: Uint8Array): FromWorker | undefined {
  const frame = asFields(parse(bytes));
  switch (frame?.t) {
    case 'ready':
      return { t: 'ready' };
    case 'calls': {
      const [run, calls] = [asCount(frame.run), readList(frame.calls, readCall)];
      return run === undefined || calls === undefined ? undefined : { t: 'calls', run, calls };
    }
    case 'logs': {
      const [run, cut] = [asCount(frame.run), isLogLimit(frame.cut) ? frame.cut : undefined];
      const isEmpty = Array.isArray(frame.lines) && frame.lines.length === 0;
      const lines = cut !== undefined && isEmpty ? [] : readList(frame.lines, readLine);
      if (run === undefined || lines === undefined) return undefined;
      return { t: 'logs', run, lines, ...(cut !== undefined && { cut }) };
    }
    case 'rest': {
      const [run, question] = [asCount(frame.run), asCount(frame.question)];
      return run === undefined || question === undefined ? undefined : { t: 'rest', run, question };
    }
    case 'done': {
      const [run, end, droppedLogs] = [asCount(frame.run), readEnd(frame.end), asCount(frame.droppedLogs)];
      const whole = run !== undefined && end !== undefined && droppedLogs !== undefined;
      return whole ? { t: 'done', run, end, droppedLogs } : undefined;
    }
    default:
      return undefined;
  }
}

function readCall(value: unknown): Call | undefined {
  const fields = asFields(value);
  const [call, name, json] = [asCount(fields?.call), asText(fields?.name), asText(fields?.json)];
  if (call === undefined || name === undefined || json === undefined) return undefined;
  return { call, name, json };
}

function readLine(value: unknown): LogLine | undefined {
  const fields = asFields(value);
  const [level, text] = [fields?.level, asText(fields?.text)];
  return text === undefined || !isLevel(level) ? undefined : { level, text };
}

function readEnd(value: unknown): End | undefined {
  const fields = asFields(value);
  if (fields === undefined) return undefined;
  if (fields.json === null || typeof fields.json === 'string') return { json: fields.json };
  const { refused } = fields;
  const message = asText(fields.message);
  if ((refused === 'RESULT_TOO_LARGE' || refused === 'RESULT_NOT_JSON') && message !== undefined) {
    return { refused, message, ...readLimit(fields.limit) };
  }
  const error = readError(fields.error);
  return error === undefined ? undefined : { error };
}

function readError(value: unknown): GuestError | undefined {
  const fields = asFields(value);
  const [name, message] = [asText(fields?.name), asText(fields?.message)];
  if (fields === undefined || name === undefined || message === undefined) return undefined;
  const [line, column] = [asCount(fields.line), asCount(fields.column)];
  return {
    name,
    message,
    ...(isErrorCode(fields.code) && { code: fields.code }),
    ...readLimit(fields.limit),
    ...(line !== undefined && column !== undefined && { line, column }),
    ...readSkillPlace(fields.skill),
  };
}

function readSkillPlace(value: unknown): { readonly skill?: SkillPlace } {
  const fields = asFields(value);
  const [name, line, column] = [asText(fields?.name), asCount(fields?.line), asCount(fields?.column)];
  if (name === undefined || line === undefined || column === undefined) return {};
  return { skill: { name, line, column } };
}

/** A limit must be one that there is. */
function readLimit(value: unknown): { readonly limit?: LimitHit } {
  const fields = asFields(value);
  const [name, number] = [fields?.name, asCount(fields?.value)];
  return isLimitName(name) && number !== undefined ? { limit: { name, value: number } } : {};
}

function readList<T>(value: unknown, read: Reader<T>): readonly T[] | undefined {
  // An honest worker sends no empty list, but where it says that its log was cut.
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const items = value.map(read).filter((item) => item !== undefined);
  return items.length === value.length ? items : undefined;
}

function isLevel(value: unknown): value is LogLevel {
  return value === 'debug' || value === 'info' || value === 'warn' || value === 'error';
}

function isLimitName(value: unknown): value is LimitName {
  return typeof value === 'string' && Object.hasOwn(LIMITS, value);
}

function isLogLimit(value: unknown): value is LogLimit {
  return value === 'logLines' || value === 'logBytes';
}

function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(ERROR_CODES, value);
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function asCount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

function asFields(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}

function parse(bytes: Uint8Array): unknown {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
  if (isDeeperThan(text, FRAME_DEPTH)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
