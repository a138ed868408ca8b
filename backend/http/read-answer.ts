import type { BackendAnswer, BackendFailure } from '../../runtime/contract/backend.ts';
import type { JsonValue } from '../../runtime/contract/json.ts';
import type { Limits } from '../../runtime/contract/limits.ts';
import { isDeeperThan } from '../../runtime/json/parse-json.ts';
import { JSON_TYPE } from './servable.ts';

/** What is read, and what is passed on, of the body of a refusal. */
const REFUSAL_BYTES = 16 * 1024;
const REFUSAL_CHARACTERS = 1_000;
const NO_CONTENT = [204, 205];
/** Charsets in headers are no more to be trusted than the rest. */
const CHARSET = /;\s*charset\s*=\s*"?([\w.:-]+)"?/i;

export type AnswerLimits = Pick<Limits, 'callResultBytes' | 'jsonDepth'>;

/**
 * What a response comes to: its JSON, else its text; null when it is empty. A body is unpacked and read piece by
 * piece, and no further than the limit for the result of a call.
 * @throws when the connection breaks off, or the request is aborted
 */
export async function readAnswer(response: Response, limits: AnswerLimits): Promise<BackendAnswer> {
  if (!response.ok) return await readRefusal(response);
  if (NO_CONTENT.includes(response.status)) {
    await response.body?.cancel();
    return { ok: true, value: null };
  }
  const body = await readBytes(response, limits.callResultBytes);
  if (body.isCut) return tooLarge(limits);
  const type = response.headers.get('content-type') ?? '';
  const text = decode(body.bytes, type);
  if (text === undefined) return failed(`it answered with ${nameOf(type)}, which is neither JSON nor text`);
  if (text === '') return { ok: true, value: null };
  return JSON_TYPE.test(type) || type === '' ? parse(text, limits, type) : { ok: true, value: text };
}

/** The status and the beginning of the body. */
async function readRefusal(response: Response): Promise<BackendFailure> {
  const { bytes } = await readBytes(response, REFUSAL_BYTES);
  const text = new TextDecoder().decode(bytes).trim();
  const isText = !text.includes('\0');
  const said = text !== '' && isText ? `: ${text.slice(0, REFUSAL_CHARACTERS)}` : '';
  return failed(`the service answered HTTP ${response.status}${said}`);
}

interface ReadBody {
  readonly bytes: Uint8Array;
  /** Whether there was more. */
  readonly isCut: boolean;
}

/** Stops at the first piece that is too much: what a small body unpacks to is never held. */
async function readBytes({ body }: Response, maxBytes: number): Promise<ReadBody> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  if (body === null) return { bytes: new Uint8Array(), isCut: false };
  for await (const piece of body) {
    pieces.push(piece);
    size += piece.byteLength;
    // Leaving the loop closes the connection.
    if (size > maxBytes) return { bytes: Buffer.concat(pieces).subarray(0, maxBytes), isCut: true };
  }
  return { bytes: Buffer.concat(pieces), isCut: false };
}

/** Undefined for what is no text. */
function decode(bytes: Uint8Array, type: string): string | undefined {
  const [, charset = 'utf-8'] = CHARSET.exec(type) ?? [];
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function parse(text: string, limits: AnswerLimits, type: string): BackendAnswer {
  if (isDeeperThan(text, limits.jsonDepth)) {
    const message = `its answer is nested deeper than limit jsonDepth (${limits.jsonDepth}). It was carried out; ask for a part of it.`;
    return { ...failed(message), limit: { name: 'jsonDepth', value: limits.jsonDepth } };
  }
  try {
    return { ok: true, value: JSON.parse(text) as JsonValue };
  } catch (error) {
    if (type === '') return { ok: true, value: text };
    const why = error instanceof Error ? error.message : String(error);
    return failed(`its answer says it is JSON and is not: ${why}. It was carried out.`);
  }
}

function tooLarge({ callResultBytes }: AnswerLimits): BackendFailure {
  return {
    ok: false,
    code: 'CALL_RESULT_TOO_LARGE',
    message: `it answered more than limit callResultBytes (${callResultBytes}). It was carried out; ask for less.`,
    limit: { name: 'callResultBytes', value: callResultBytes },
  };
}

function nameOf(type: string): string {
  return JSON.stringify(type.slice(0, 100));
}

function failed(message: string): BackendFailure {
  return { ok: false, code: 'OPERATION_FAILED', message };
}
