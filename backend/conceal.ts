import type { Backend, BackendAnswer, BackendCall } from '../runtime/contract/backend.ts';
import type { JsonValue } from '../runtime/contract/json.ts';

/** Headers whose values are credentials. */
const CREDENTIAL = /auth|cookie|credential|key|password|secret|session|token/i;
/** What is shorter stands in honest answers too. */
const SHORTEST = 8;
const CONCEALED = '[concealed]';

/** Replaces credentials wherever a text repeats them. */
export type Conceal = (text: string) => string;

/** @param headers what is sent to a backend; of `Bearer abc` also `abc` is concealed, of `sid=abc` too */
export function createConceal(headers: Readonly<Record<string, string>>): Conceal {
  const secrets = Object.entries(headers)
    .filter(([name]) => CREDENTIAL.test(name))
    .flatMap(([, value]) => piecesOf(value))
    .filter((secret) => secret.length >= SHORTEST)
    // As they stand in JSON as well.
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
  // The whole first, before one of its pieces breaks it up.
  const all = [...new Set(secrets)].sort((a, b) => b.length - a.length);
  return (text) => all.reduce((rest, secret) => rest.replaceAll(secret, CONCEALED), text);
}

/** A value, and what in it is no scheme and no name. */
function piecesOf(value: string): readonly string[] {
  const [first = '', ...rest] = value.split(/[\s;,]+/);
  const pieces = rest.length > 0 && !first.includes('=') ? rest : [first, ...rest];
  return [value, ...pieces, ...pieces.map((piece) => piece.replace(/^[^=]*=(?=.)/, ''))];
}

/** A backend whose answers and reports do not repeat the credentials that it is sent: services echo requests, above all in errors. */
export function concealCredentials(backend: Backend, conceal: Conceal): Backend {
  return {
    name: conceal(backend.name),
    serves: (operation) => backend.serves(operation),
    call: async (call) => concealAnswer(await backend.call(concealReports(call, conceal)), conceal),
    keepsKeys: (operation) => backend.keepsKeys?.(operation) === true,
    close: () => backend.close(),
  };
}

function concealReports(call: BackendCall, conceal: Conceal): BackendCall {
  const { onProgress } = call;
  if (onProgress === undefined) return call;
  return {
    ...call,
    onProgress: ({ message, ...how }) => onProgress({ ...how, message: message && conceal(message) }),
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
