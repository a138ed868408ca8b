import { setTimeout as wait } from 'node:timers/promises';
import type { OperationId } from '../../runtime/contract/catalogue.ts';
import { DEFAULT_LIMITS, type Limits } from '../../runtime/contract/limits.ts';
import type { Program } from '../../runtime/contract/program.ts';
import type { CallAnswer, GuestCall, RunEnd, RunRequest, Sandbox } from '../../runtime/contract/sandbox.ts';
import { type ConfinementChoice, openSandbox, type SandboxEvent } from '../../runtime/sandbox/sandbox.ts';

/** A real sandbox, what it said, and a short way to run programs in it. */
export interface TestSandbox {
  readonly sandbox: Sandbox;
  readonly events: readonly SandboxEvent[];
  run(source: string, request?: Partial<RunRequest>): Promise<RunEnd>;
  /** Runs a program and answers the value it returned; fails when it ended in any other way. */
  value(source: string, request?: Partial<RunRequest>): Promise<unknown>;
  /** Runs a program and answers the code of what stopped it, or the message it threw. */
  failure(source: string, request?: Partial<RunRequest>): Promise<string>;
  pids(kind: 'worker-ready' | 'worker-bound' | 'worker-ended'): readonly number[];
}

export const SEED = '00112233445566778899aabbccddeeff';
export const NOW = 1_700_000_000_000;
export const OPERATIONS: readonly OperationId[] = ['memory.recall', 'memory.store', 'task.list'];

export function programOf(source: string, insertions: Program['insertions'] = []): Program {
  return { source, insertions, hash: '', effects: [], openNamespaces: [] };
}

/** Answers a call with its own parameters; carries out `@sleep`. */
export async function echo(call: GuestCall, signal?: AbortSignal): Promise<CallAnswer> {
  if (call.name === '@sleep') {
    const { ms } = JSON.parse(call.json);
    await wait(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
    return { ok: true, json: 'null' };
  }
  return { ok: true, json: call.json };
}

export async function openTestSandbox(
  limits: Partial<Limits> = {},
  confinement: ConfinementChoice = {},
): Promise<TestSandbox> {
  const events: SandboxEvent[] = [];
  const sandbox = await openSandbox({
    limits: { ...DEFAULT_LIMITS, ...limits },
    roots: ['athena'],
    onEvent: (event) => events.push(event),
    confinement,
  });
  const run = (source: string, request: Partial<RunRequest> = {}): Promise<RunEnd> =>
    sandbox.run({
      tenant: { principal: 'ann', session: 'main' },
      program: programOf(source),
      operations: OPERATIONS,
      timeoutMs: 10_000,
      seed: SEED,
      now: NOW,
      answer: echo,
      signal: new AbortController().signal,
      ...request,
    });
  return {
    sandbox,
    events,
    run,
    value: async (source, request) => {
      const end = await run(source, request);
      if (end.kind !== 'returned') throw new Error(`${source}\nended with ${JSON.stringify(end)}`);
      return end.json === null ? undefined : JSON.parse(end.json);
    },
    failure: async (source, request) => {
      const end = await run(source, request);
      if (end.kind === 'stopped') return end.code;
      if (end.kind === 'threw') return end.error.message;
      throw new Error(`${source}\nreturned ${end.json}`);
    },
    pids: (kind) => events.flatMap((event) => (event.kind === kind ? [event.pid] : [])),
  };
}
