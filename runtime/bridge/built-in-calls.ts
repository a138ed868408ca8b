import { setTimeout as wait } from 'node:timers/promises';
import type { JsonObject, JsonValue } from '../contract/json.ts';
import type { BuiltInCall, CallAnswer } from '../contract/sandbox.ts';
import {
  DEFAULT_NAMESPACE,
  GIVEN_NAME,
  NAMED_BY,
  type SessionRefusal,
  type SessionVariables,
} from '../contract/session.ts';
import { quote } from '../json/quote.ts';

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
      return withNamespace(params, async (namespace) => pass(await variables.keys(namespace)));
    case '@session.get':
      return withPlace(params, async (key, namespace) => pass(await variables.get(key, namespace)));
    case '@session.delete':
      return withPlace(params, async (key, namespace) =>
        pass(await variables.delete(key, number, namespace)),
      );
    case '@session.set':
      return withPlace(params, async (key, namespace) =>
        pass(await variables.set(key, params.value ?? null, number, namespace)),
      );
    default:
      return name satisfies never;
  }
}

async function withPlace(
  params: JsonObject,
  work: (key: string, namespace: string) => Promise<CallAnswer>,
): Promise<CallAnswer> {
  const key = params.key;
  // Half a character would be stored as the same mark for all such keys.
  if (typeof key === 'string' && key !== '' && key.length <= 200 && key.isWellFormed())
    return withNamespace(params, (namespace) => work(key, namespace));
  const message = `The key of a session variable is a string of 1 to 200 whole characters, not ${quote(key)}.`;
  return { ok: false, code: 'VARIABLE_INVALID', message };
}

async function withNamespace(
  { namespace }: JsonObject,
  work: (namespace: string) => Promise<CallAnswer>,
): Promise<CallAnswer> {
  if (namespace === undefined) return work(DEFAULT_NAMESPACE);
  if (typeof namespace === 'string' && GIVEN_NAME.test(namespace)) return work(namespace);
  const message = `A namespace of session variables ${NAMED_BY}, not ${quote(namespace)}.`;
  return { ok: false, code: 'VARIABLE_INVALID', message };
}

async function sleep(ms: JsonValue | undefined, signal: AbortSignal): Promise<CallAnswer> {
  if (typeof ms !== 'number' || ms < 0 || ms > 2 ** 31 - 1) {
    return {
      ok: false,
      code: 'INVALID_PARAMETERS',
      message: `sleep takes milliseconds, not ${quote(ms)}.`,
    };
  }
  await wait(ms, undefined, { signal }).catch(() => undefined);
  return answerWith(null);
}
