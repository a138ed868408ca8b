import { compareEnds } from './compare-ends.ts';
import type { SchemaDigests } from './contract/journal.ts';
import type { PastRun } from './contract/past-run.ts';
import type { CheckResult } from './contract/program.ts';
import type { CallAnswer, Sandbox } from './contract/sandbox.ts';
import { changedSchemas } from './schema-digests.ts';

/** What came of running an execution of the past again. */
export interface Replay {
  /** How many calls were answered from the journal. */
  readonly calls: number;
  /** The first thing that is not as it was, as the end of a sentence; undefined when all is. */
  readonly difference?: string;
  /** Operations whose schemas have changed since. */
  readonly changedSchemas: readonly string[];
  /** What the check says of the code now, if it says another thing. */
  readonly check?: string;
}

export interface ReplayStages {
  readonly check: (code: string, principal: string) => Promise<CheckResult>;
  readonly digestSchemas: (operations: PastRun['head']['operations']) => Promise<SchemaDigests>;
  readonly sandbox: Sandbox;
}

/** How long a program is left to itself that waits for an answer which was never recorded, in ms. */
const PATIENCE_MS = 1_000;
const PRINCIPAL = 'replay';

/**
 * Runs an execution of the past again, answered from its journal alone: no backend is called, nothing is written.
 */
export async function replay({ head, frames, end }: PastRun, stages: ReplayStages): Promise<Replay> {
  const stop = new AbortController();
  let waitsFor: string | undefined;
  const again = await stages.sandbox.run({
    tenant: { principal: PRINCIPAL, session: head.execution },
    ...head,
    now: head.startedAt,
    past: frames,
    answer: (call, signal) => {
      waitsFor ??= `call ${call.number} (${call.name.replace(/^@/, '')}) was never answered`;
      setTimeout(() => stop.abort(), PATIENCE_MS);
      return neverAnswered(signal);
    },
    signal: stop.signal,
  });
  const calls = frames.reduce((sum, frame) => sum + frame.calls.length, 0);
  const difference = compareEnds(end, again, stop.signal.aborted ? waitsFor : undefined);
  // Skills may have been saved anew since: a program that calls some is another one for that reason alone.
  const check =
    head.program.skills === undefined
      ? describeCheck(await stages.check(head.code, PRINCIPAL), head.program.source)
      : undefined;
  return {
    calls,
    ...(difference !== undefined && { difference }),
    changedSchemas: changedSchemas(head.schemas, await stages.digestSchemas(head.operations)),
    ...(check !== undefined && { check }),
  };
}

function neverAnswered(signal: AbortSignal): Promise<CallAnswer> {
  return new Promise((resolve) => {
    const answer = { ok: false, code: 'CANCELLED', message: 'The replay has ended.' } as const;
    signal.addEventListener('abort', () => resolve(answer));
  });
}

function describeCheck(now: CheckResult, source: string): string | undefined {
  if (!now.ok) {
    const [first] = now.errors;
    return `it is refused now: ${first?.code}: ${first?.message}`;
  }
  return now.program.source === source ? undefined : 'it makes another program of the code now';
}
