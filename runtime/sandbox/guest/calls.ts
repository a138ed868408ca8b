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

/** Creates the surface of one run. Errors that its calls throw are known by identity, not by their looks. */
export function createCalls(call: (name: string, json: string) => Promise<string>): Calls {
  const codes = new WeakMap<object, ErrorCode>();
  const fail = (operation: string, code: ErrorCode, message: string): Error => {
    const error = createCallError(operation, code, message);
    codes.set(error, code);
    return error;
  };
  const invoke = async (operation: string, name: string, json: string): Promise<unknown> => {
    const answer = await call(name, json);
    if (answer.startsWith('+')) return JSON.parse(answer.slice(1));
    const { code, message } = JSON.parse(answer.slice(1));
    throw fail(operation, code, message);
  };
  const write = (operation: string, args: unknown): string => {
    try {
      const json: string | undefined = JSON.stringify(args);
      if (json !== undefined) return json;
    } catch (thrown) {
      throw fail(
        operation,
        'INVALID_PARAMETERS',
        `The parameters cannot be written as JSON: ${readText(thrown, 'message') ?? describe(thrown)}`,
      );
    }
    const message = `The parameters are ${describe(args)}; pass an object.`;
    throw fail(operation, 'INVALID_PARAMETERS', message);
  };
  const builtIn = async (name: BuiltInCall, args: object): Promise<unknown> => {
    const operation = name.slice(1);
    return await invoke(operation, name, write(operation, args));
  };
  const createMethod = (id: string): Method =>
    Object.freeze(async (...args: readonly unknown[]) => {
      const [params = {}] = args;
      // More than one argument is for the bridge to refuse, so it is sent as it was.
      return await invoke(id, id, write(id, args.length > 1 ? args : params));
    });

  return {
    createRoot: (operations) => createRoot(operations, createMethod),
    session: Object.freeze({
      __proto__: null,
      get: Object.freeze(async (key: unknown) => {
        const found = (await builtIn('@session.get', { key })) as { found: boolean; value?: unknown };
        return found.found ? found.value : undefined;
      }),
      set: Object.freeze(async (key: unknown, value: unknown) => {
        await builtIn('@session.set', { key, value });
      }),
      delete: Object.freeze(async (key: unknown) => await builtIn('@session.delete', { key })),
      keys: Object.freeze(async () => await builtIn('@session.keys', {})),
    }),
    sleep: Object.freeze(async (ms: unknown) => {
      await builtIn('@sleep', { ms });
    }),
    codeOf: (thrown) => (typeof thrown === 'object' && thrown !== null ? codes.get(thrown) : undefined),
  };
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
