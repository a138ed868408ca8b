import type { BuiltInCall, CallRefusal } from '../../contract/sandbox.ts';
import { describe } from './describe.ts';
import { readText } from './read-safely.ts';

type Method = (...args: readonly unknown[]) => Promise<unknown>;

/** The typed surface over the one string-only call. */
export interface Calls {
  /** `athena.<namespace>.<method>`, from the granted ids alone. */
  readonly createRoots: (
    roots: readonly string[],
    operations: readonly string[],
  ) => Readonly<Record<string, object>>;
  readonly session: object;
  readonly sleep: (ms: unknown) => Promise<void>;
  /** What an error that a call has thrown was made from; undefined for any other value. */
  readonly refusalOf: (thrown: unknown) => CallRefusal | undefined;
}

/** Makes one call: the name that errors give it, the name that the bridge knows it by, its one argument. */
type Invoke = (operation: string, name: string, args: unknown) => Promise<unknown>;

/** Creates the surface of one run. Errors that its calls throw are known by identity, not by their looks. */
export function createCalls(call: (name: string, json: string) => Promise<string>): Calls {
  const refusals = new WeakMap<object, CallRefusal>();
  const fail = (operation: string, refusal: CallRefusal): Error => {
    const error = createCallError(operation, refusal);
    refusals.set(error, refusal);
    return error;
  };
  const invoke: Invoke = async (operation, name, args) => {
    const written = writeArgument(args);
    if (!written.ok) throw fail(operation, { code: 'INVALID_PARAMETERS', message: written.message });
    const answer = await call(name, written.json);
    if (answer.startsWith('+')) return JSON.parse(answer.slice(1));
    throw fail(operation, JSON.parse(answer.slice(1)));
  };
  return {
    createRoots: (roots, operations) => createRoots(roots, operations, (id) => createMethod(id, invoke)),
    session: createSession(invoke),
    sleep: Object.freeze(async (ms: unknown) => {
      await invokeBuiltIn(invoke, '@sleep', { ms });
    }),
    refusalOf: (thrown) => (typeof thrown === 'object' && thrown !== null ? refusals.get(thrown) : undefined),
  };
}

function createMethod(id: string, invoke: Invoke): Method {
  return Object.freeze(async (...args: readonly unknown[]) => {
    const [params = {}] = args;
    // More than one argument is for the bridge to refuse, so it is sent as it was.
    return await invoke(id, id, args.length > 1 ? args : params);
  });
}

function createSession(invoke: Invoke): object {
  return Object.freeze({
    ...createVariables(invoke, {}),
    __proto__: null,
    // Null, unlike undefined, reaches the bridge, which refuses it: the default namespace is not meant.
    namespace: Object.freeze((name: unknown) => createVariables(invoke, { namespace: name ?? null })),
  });
}

/** @param place what is sent with each call: the namespace, but for the default one */
function createVariables(invoke: Invoke, place: { readonly namespace?: unknown }): object {
  return Object.freeze({
    __proto__: null,
    get: Object.freeze(async (key: unknown) => {
      const got = (await invokeBuiltIn(invoke, '@session.get', { key, ...place })) as {
        found: boolean;
        value?: unknown;
      };
      return got.found ? got.value : undefined;
    }),
    set: Object.freeze(async (key: unknown, value: unknown) => {
      await invokeBuiltIn(invoke, '@session.set', { key, value, ...place });
    }),
    delete: Object.freeze(
      async (key: unknown) => await invokeBuiltIn(invoke, '@session.delete', { key, ...place }),
    ),
    keys: Object.freeze(async () => await invokeBuiltIn(invoke, '@session.keys', place)),
  });
}

async function invokeBuiltIn(invoke: Invoke, name: BuiltInCall, args: object): Promise<unknown> {
  return await invoke(name.slice(1), name, args);
}

type Argument =
  | { readonly ok: true; readonly json: string }
  | { readonly ok: false; readonly message: string };

function writeArgument(args: unknown): Argument {
  try {
    const json: string | undefined = JSON.stringify(args);
    if (json !== undefined) return { ok: true, json };
    return { ok: false, message: `The parameters are ${describe(args)}; pass an object.` };
  } catch (thrown) {
    const reason = readText(thrown, 'message') ?? describe(thrown);
    return { ok: false, message: `The parameters cannot be written as JSON: ${reason}` };
  }
}

function createRoots(
  [main = '', ...others]: readonly string[],
  operations: readonly string[],
  createMethod: (id: string) => Method,
): Readonly<Record<string, object>> {
  const made: Record<string, Record<string, Record<string, Method>>> = createRecord();
  for (const root of [main, ...others]) made[root] = createRecord();
  for (const id of operations) {
    const words = id.split('.');
    const method = words.pop() ?? '';
    const namespace = words.pop() ?? '';
    const root = made[words.pop() ?? main] ?? createRecord();
    root[namespace] ??= createRecord();
    root[namespace][method] = createMethod(id);
  }
  for (const root of Object.values(made)) {
    for (const methods of Object.values(root)) Object.freeze(methods);
    Object.freeze(root);
  }
  return made;
}

/** No prototype: a name that is not granted is not there, whatever Object.prototype holds. */
function createRecord(): Record<string, never> {
  return Object.create(null);
}

function createCallError(operation: string, { code, message, limit }: CallRefusal): Error {
  return Object.defineProperties(new Error(message), {
    name: { value: 'AthenaError' },
    code: { value: code, enumerable: true },
    operation: { value: operation, enumerable: true },
    ...(limit && { limit: { value: Object.freeze(limit), enumerable: true } }),
  });
}
