import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Backend, BackendCall, WireOperation } from '../../runtime/contract/backend.ts';
import type { JsonObject } from '../../runtime/contract/json.ts';

/** A backend to be tested, and a call that it answers. */
export interface OpenedBackend {
  readonly backend: Backend;
  readonly sample: WireOperation & { readonly params: JsonObject };
  /** Frees what the test made beside the backend. */
  readonly dispose?: () => Promise<void>;
}

/** A call as the bridge makes it. */
export function backendCall(
  tool: string,
  operation: string | null,
  params: JsonObject = {},
  signal: AbortSignal = new AbortController().signal,
): BackendCall {
  return {
    tool,
    operation,
    params,
    context: { principal: 'local', session: 'test', execution: 'execution-1' },
    signal,
  };
}

/** What holds for every backend, embedded or remote. */
export function describeBackend(name: string, open: () => Promise<OpenedBackend>): void {
  const withBackend = async (body: (opened: OpenedBackend) => Promise<void>): Promise<void> => {
    const opened = await open();
    try {
      await body(opened);
    } finally {
      await opened.backend.close();
      await opened.dispose?.();
    }
  };

  describe(`the backend contract, ${name}`, () => {
    test('it has a name for people', () =>
      withBackend(async ({ backend }) => {
        assert.match(backend.name, /\w+/);
      }));

    test('what it serves, it answers with a JSON value', () =>
      withBackend(async ({ backend, sample }) => {
        assert.equal(backend.serves(sample), true);
        const answer = await backend.call(backendCall(sample.tool, sample.operation, sample.params));
        assert.equal(answer.ok, true);
        assert.deepEqual(JSON.parse(JSON.stringify(answer.ok && answer.value)), answer.ok && answer.value);
      }));

    for (const [tool, operation] of [
      ['no_such_tools', 'recall'],
      ['no_such_tools', null],
    ] as const) {
      test(`an operation it does not have (${tool} ${operation}) is answered as not served, not thrown`, () =>
        withBackend(async ({ backend }) => {
          assert.equal(backend.serves({ tool, operation }), false);
          const answer = await backend.call(backendCall(tool, operation));
          assert.equal(answer.ok, false);
          assert.equal(!answer.ok && answer.code, 'OPERATION_NOT_SERVED');
          assert.match(answer.ok ? '' : answer.message, /no_such_tools/);
        }));
    }

    test('an unknown operation of a tool it has is refused, not thrown', () =>
      withBackend(async ({ backend, sample }) => {
        const answer = await backend.call(backendCall(sample.tool, 'no_such_operation'));
        assert.equal(answer.ok, false);
      }));

    test('many calls at once are each answered', () =>
      withBackend(async ({ backend, sample }) => {
        const calls = Array.from({ length: 50 }, () =>
          backend.call(backendCall(sample.tool, sample.operation, sample.params)),
        );
        const answers = await Promise.all(calls);
        assert.equal(answers.filter(({ ok }) => ok).length, 50);
      }));

    test('a call that is cancelled before it began is answered, not thrown', () =>
      withBackend(async ({ backend, sample }) => {
        const answer = await backend.call(
          backendCall(sample.tool, sample.operation, sample.params, AbortSignal.abort()),
        );
        assert.equal(typeof answer.ok, 'boolean');
      }));

    test('a call that is cancelled midway is answered, not thrown, and the next one works', () =>
      withBackend(async ({ backend, sample }) => {
        const abort = new AbortController();
        const call = backend.call(backendCall(sample.tool, sample.operation, sample.params, abort.signal));
        abort.abort();
        assert.equal(typeof (await call).ok, 'boolean');
        const next = await backend.call(backendCall(sample.tool, sample.operation, sample.params));
        assert.equal(next.ok, true);
      }));

    test('closing twice is fine, and a call after that is refused, not thrown', () =>
      withBackend(async ({ backend, sample }) => {
        await backend.close();
        await backend.close();
        const answer = await backend.call(backendCall(sample.tool, sample.operation, sample.params));
        assert.equal(answer.ok, false);
      }));
  });
}
