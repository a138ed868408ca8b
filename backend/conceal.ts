import type { Backend, BackendAnswer } from '../runtime/contract/backend.ts';
import type { JsonValue } from '../runtime/contract/json.ts';

/** Headers whose values are credentials. */
const CREDENTIAL = /auth|cookie|credential|key|password|secret|session|token/i;
/** What is shorter stands in honest answers too. */
const SHORTEST = 8;
const CONCEALED = '[concealed]';

/** Replaces credentials wherever a text repeats them. */
export type Conceal = (text: string) => string;

/** @param headers what is sent to a backend; of `Bearer abc` also what comes after the scheme is concealed */
export function createConceal(headers: Readonly<Record<string, string>>): Conceal {
  const secrets = Object.entries(headers)
    .filter(([name]) => CREDENTIAL.test(name))
    .flatMap(([, value]) => [value, value.replace(/^\S+\s+/, '')])
    .filter((secret) => secret.length >= SHORTEST)
    // As they stand in JSON as well.
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
  const all = [...new Set(secrets)];
  return (text) => all.reduce((rest, secret) => rest.replaceAll(secret, CONCEALED), text);
}

/** A backend whose answers do not repeat the credentials that it is sent: services echo requests, above all in errors. */
export function concealCredentials(backend: Backend, conceal: Conceal): Backend {
  return {
    name: conceal(backend.name),
    serves: (operation) => backend.serves(operation),
    call: async (call) => concealAnswer(await backend.call(call), conceal),
    close: () => backend.close(),
  };
}

function concealAnswer(answer: BackendAnswer, conceal: Conceal): BackendAnswer {
  if (!answer.ok) return { ...answer, message: conceal(answer.message) };
  try {
    const json = JSON.stringify(answer.value);
    const clean = conceal(json);
    return clean === json ? answer : { ok: true, value: JSON.parse(clean) as JsonValue };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { ok: false, code: 'OPERATION_FAILED', message: `its result cannot be written: ${conceal(why)}` };
  }
}
