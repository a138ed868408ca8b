import type { Backend, BackendAnswer, BackendCall } from '../../runtime/contract/backend.ts';
import type { JsonObject, JsonValue } from '../../runtime/contract/json.ts';

/** What a rehearsed exception says, so that it can be told from a bug. */
export const REHEARSED = 'rehearsed';
/** Of the form of a real token, so that the filter must know it. */
export const TOKEN = `ghp_${'aB3dE6gH9j'.repeat(4).slice(0, 36)}`;

const found = (more: JsonObject): BackendAnswer => ({ ok: true, value: { memories: [], ...more } });

/** What `memory.recall` answers to a query that names a part; all else is answered with what was received. */
const PARTS: Readonly<Record<string, (call: BackendCall) => Promise<BackendAnswer>>> = {
  'fail with a token': async () => ({
    ok: false,
    code: 'OPERATION_FAILED',
    message: `refused: Bearer ${TOKEN}`,
  }),
  'throw a path': async () => {
    throw new Error(`${REHEARSED} ENOENT: no such file, open '${import.meta.filename}'`);
  },
  'return a token': async () => found({ note: `use ${TOKEN} to log in`, api_key: 'kept-in-the-vault' }),
  'return forbidden keys': async () =>
    found(JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}')),
  'return a thenable': async () => found(JSON.parse('{"then": "no function", "toJSON": "nor this"}')),
  'return 12 MB': async () => found({ text: 'x'.repeat(12 * 1024 * 1024) }),
  'return 9 MB': async () => found({ text: 'x'.repeat(9 * 1024 * 1024) }),
  'return depth 400': async () => found({ deep: nest(400) }),
  'never answer': (call) =>
    new Promise((resolve) => call.signal.addEventListener('abort', () => resolve(found({ late: true })))),
};

/** A backend that plays the part named by the call's query, good or evil. */
export function createRehearsedBackend(): Backend {
  return {
    name: 'rehearsed backend',
    serves: () => true,
    call: async (call) => (PARTS[String(call.params.query)] ?? echo)(call),
    close: async () => undefined,
  };
}

async function echo({ tool, operation, params, context }: BackendCall): Promise<BackendAnswer> {
  return found({
    received: { tool, operation, params, session: context.session, principal: context.principal },
  });
}

function nest(depth: number): JsonValue {
  let value: JsonValue = 1;
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
}
