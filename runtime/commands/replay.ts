import { openCheck } from '../check/check.ts';
import type { Catalogue } from '../contract/catalogue.ts';
import type { Limits } from '../contract/limits.ts';
import type { PastRun } from '../contract/past-run.ts';
import type { DataDirectory } from '../data-directory.ts';
import { rootsOf } from '../engine.ts';
import { type Replay, replay } from '../replay.ts';
import { openSandbox } from '../sandbox/sandbox.ts';
import { createSchemaDigests } from '../schema-digests.ts';
import { StartError } from '../start-error.ts';
import { withRegister } from './with-register.ts';

export interface ReplayOptions {
  readonly principal: string;
  readonly execution: string;
  readonly files: DataDirectory;
  readonly catalogue: Catalogue;
  readonly limits: Limits;
  readonly asJson: boolean;
}

/**
 * Runs an execution again from its journal and prints whether it comes to the same.
 * @returns whether it does
 * @throws {StartError} when nothing is kept of the execution
 */
export async function printReplay(options: ReplayOptions, write: (text: string) => void): Promise<boolean> {
  const { execution, asJson } = options;
  const past = await readRun(options);
  const came = await replayOnce(past, options);
  const { session, outcome } = past;
  if (asJson) write(`${JSON.stringify({ execution, session, outcome, ...came }, null, 2)}\n`);
  else write(describe(past, came));
  return came.difference === undefined;
}

async function readRun({ principal, execution, files, limits }: ReplayOptions): Promise<PastRun> {
  const past = await withRegister({ file: files.sessionsFile, limits }, (register) =>
    register.pastRun(principal, execution),
  );
  if (past !== undefined) return past;
  const message = `Nothing is kept of an execution ${JSON.stringify(execution)}: sessions, the history and journals are limited (see docs/limits.md).`;
  throw new StartError('UNKNOWN_PATH', message);
}

async function replayOnce(past: PastRun, { catalogue, limits }: ReplayOptions): Promise<Replay> {
  const entries = new Map(catalogue.operations.map((entry) => [entry.id, entry]));
  const [check, sandbox] = await Promise.all([
    openCheck({
      rootName: catalogue.name,
      operations: catalogue.operations,
      typings: await catalogue.typings(),
      limits,
    }),
    openSandbox({ roots: rootsOf(catalogue), limits: { ...limits, workers: 1 }, onEvent: () => undefined }),
  ]);
  const digestSchemas = createSchemaDigests(catalogue, (id) => entries.get(id));
  try {
    return await replay(past, { check: check.check, digestSchemas, sandbox });
  } finally {
    await Promise.all([check.close(), sandbox.close()]);
  }
}

function describe({ session, outcome, head }: PastRun, came: Replay): string {
  const { calls, difference, changedSchemas, check } = came;
  const lines = [
    `Execution ${head.execution} of session ${session}, ${new Date(head.startedAt).toISOString()}: ${outcome}`,
    `${calls} ${calls === 1 ? 'call' : 'calls'} answered from the journal`,
    ...(changedSchemas.length === 0 ? [] : [`schemas have changed since: ${changedSchemas.join(', ')}`]),
    ...(check === undefined ? [] : [`the check has changed since: ${check}`]),
    difference === undefined ? 'the same again' : `DIFFERENT: ${difference}`,
  ];
  return `${lines.join('\n')}\n`;
}
