import type { ErrorCode } from '../../contract/error-codes.ts';
import type { BuiltInCall } from '../../contract/sandbox.ts';
import { describe } from './describe.ts';
import { readText } from './read-safely.ts';

type Method = (...args: readonly unknown[]) => Promise<unknown>;

/** The typed surface over the one string-only call. */
export interface Calls {
  /** `athena.<namespace>.<method>`, from the granted ids alone. */
  readonly createRoot: (operations: readonly string[]) => object;
  readonly session: object;
  readonly sleep: (ms: unknown) => Promise<void>;
  /** The code of an error that a call has thrown; undefined for any other value. */
  readonly codeOf: (thrown: unknown) => ErrorCode | undefined;
}

/** Makes one call: the name that errors give it, the name that the bridge knows it by, its one argument. */
type Invoke = (operation: string, name: string, args: unknown) => Promise<unknown>;

/** Creates the surface of one run. Errors that its calls throw are known by identity, not by their looks. */
export function createCalls(call: (name: string, json: string) => Promise<string>): Calls {
  const codes = new WeakMap<object, ErrorCode>();
  const fail = (operation: string, code: ErrorCode, message: string): Error => {
    const error = createCallError(operation, code, message);
    codes.set(error, code);
    return error;
  };
  const invoke: Invoke = async (operation, name, args) => {
    const written = writeArgument(args);
    if (!written.ok) throw fail(operation, 'INVALID_PARAMETERS', written.message);
    const answer = await call(name, written.json);
    if (answer.startsWith('+')) return JSON.parse(answer.slice(1));
    const { code, message } = JSON.parse(answer.slice(1));
    throw fail(operation, code, message);
  };
  return {
    createRoot: (operations) => createRoot(operations, (id) => createMethod(id, invoke)),
    session: createSession(invoke),
    sleep: Object.freeze(async (ms: unknown) => {
      await invokeBuiltIn(invoke, '@sleep', { ms });
    }),
    codeOf: (thrown) => (typeof thrown === 'object' && thrown !== null ? codes.get(thrown) : undefined),
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
    __proto__: null,
    get: Object.freeze(async (key: unknown) => {
      const got = (await invokeBuiltIn(invoke, '@session.get', { key })) as {
        found: boolean;
        value?: unknown;
      };
      return got.found ? got.value : undefined;
    }),
    set: Object.freeze(async (key: unknown, value: unknown) => {
      await invokeBuiltIn(invoke, '@session.set', { key, value });
    }),
    delete: Object.freeze(async (key: unknown) => await invokeBuiltIn(invoke, '@session.delete', { key })),
    keys: Object.freeze(async () => await invokeBuiltIn(invoke, '@session.keys', {})),
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

function createRoot(operations: readonly string[], createMethod: (id: string) => Method): object {
  const namespaces = new Map<string, Record<string, Method>>();
  for (const id of operations) {
    const dot = id.indexOf('.');
    const namespace = id.slice(0, dot);
    // No prototype: a name that is not granted is not there, whatever Object.prototype holds.
    const methods = namespaces.get(namespace) ?? Object.create(null);
    methods[id.slice(dot + 1)] = createMethod(id);
    namespaces.set(namespace, methods);
  }
  const root: Record<string, object> = Object.create(null);
  for (const [namespace, methods] of namespaces) root[namespace] = Object.freeze(methods);
  return Object.freeze(root);
}

function createCallError(operation: string, code: ErrorCode, message: string): Error {
  return Object.defineProperties(new Error(message), {
    name: { value: 'AthenaError' },
    code: { value: code, enumerable: true },
    operation: { value: operation, enumerable: true },
  });
}
