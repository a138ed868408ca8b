import { setTimeout as wait } from 'node:timers/promises';
import type { JsonObject, JsonValue } from '../contract/json.ts';
import type { BuiltInCall, CallAnswer } from '../contract/sandbox.ts';
import type { SessionRefusal, SessionVariables } from '../contract/session.ts';

const answerWith = (value: unknown): CallAnswer => ({ ok: true, json: JSON.stringify(value) });

const pass = (answer: { readonly ok: true; readonly value: unknown } | SessionRefusal): CallAnswer =>
  answer.ok ? answerWith(answer.value) : answer;

/** What a program can do besides operations: its session's variables, and waiting. */
export async function answerBuiltIn(
  name: BuiltInCall,
  number: number,
  params: JsonObject,
  variables: SessionVariables,
  signal: AbortSignal,
): Promise<CallAnswer> {
  switch (name) {
    case '@sleep':
      return sleep(params.ms, signal);
    case '@session.keys':
      return pass(await variables.keys());
    case '@session.get':
      return withKey(params, async (key) => pass(await variables.get(key)));
    case '@session.delete':
      return withKey(params, async (key) => pass(await variables.delete(key, number)));
    case '@session.set':
      return withKey(params, async (key) => pass(await variables.set(key, params.value ?? null, number)));
    default:
      return name satisfies never;
  }
}

async function withKey(params: JsonObject, work: (key: string) => Promise<CallAnswer>): Promise<CallAnswer> {
  const key = params.key;
  if (typeof key === 'string' && key !== '' && key.length <= 200) return work(key);
  const message = `The key of a session variable is a string of 1 to 200 characters, not ${JSON.stringify(key)?.slice(0, 100)}.`;
  return { ok: false, code: 'VARIABLE_INVALID', message };
}

async function sleep(ms: JsonValue | undefined, signal: AbortSignal): Promise<CallAnswer> {
  if (typeof ms !== 'number' || ms < 0 || ms > 2 ** 31 - 1) {
    return {
      ok: false,
      code: 'INVALID_PARAMETERS',
      message: `sleep takes milliseconds, not ${JSON.stringify(ms)?.slice(0, 100)}.`,
    };
  }
  await wait(ms, undefined, { signal }).catch(() => undefined);
  return answerWith(null);
}
