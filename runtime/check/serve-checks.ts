import { setTimeout as delay } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import { SKILLS_ROOT } from '../contract/skill.ts';
import type { CheckOptions, FromCheckWorker, ToCheckWorker, TypesState } from './check-protocol.ts';
import { type Context, checkCode } from './ladder.ts';
import { openTypes } from './open-types.ts';
import { indexOperations } from './operation-index.ts';
import type { TypeChecker } from './type-checker.ts';
import { readTypings } from './typings.ts';

const LOOK_EVERY_MS = 5;

/** Checks the programs that the parent thread sends, one at a time. Says when it is ready. */
export async function serveChecks(options: CheckOptions): Promise<void> {
  const types = await openTypes(options.typings, options.typeChecker);
  const { globals, literalTypes } = readTypings(options.typings);
  const context: Context = {
    index: indexOperations(options.rootName, options.operations),
    limits: options.limits,
    literalTypes,
    globals: new Set([...globals, SKILLS_ROOT]),
    types,
  };
  // The first check runs slow code; better now than with the first program.
  checkCode('const ready = [1].map((x) => x + 1); return ready;', context);
  parentPort?.on('message', (message: ToCheckWorker) => {
    if (message === 'end') return void end(types);
    const { task, withTypes } = message;
    try {
      const verdict = checkCode(task.code, withTypes ? context : { ...context, types: undefined }, task);
      send({ t: 'verdict', verdict, isReady: !types.isBroken, ...stateOf(types) });
      if (!types.isBroken) return;
      types.mend();
      send({ t: 'ready', ...stateOf(types) });
    } catch (error) {
      send({ t: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
  send({ t: 'ready', ...stateOf(types) });
}

/** A process is the child of the thread that started it: nobody else can take it off the system's hands. */
async function end({ pid }: TypeChecker): Promise<void> {
  while (pid !== undefined && isThere(pid)) await delay(LOOK_EVERY_MS);
  parentPort?.close();
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function stateOf({ kind, pid }: TypeChecker): TypesState {
  return { kind, pid };
}

function send(message: FromCheckWorker): void {
  parentPort?.postMessage(message);
}
