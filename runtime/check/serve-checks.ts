import { parentPort } from 'node:worker_threads';
import type { CheckOptions, FromCheckWorker, ToCheckWorker, TypesState } from './check-protocol.ts';
import { type Context, checkCode } from './ladder.ts';
import { openTypes } from './open-types.ts';
import { indexOperations } from './operation-index.ts';
import type { TypeChecker } from './type-checker.ts';
import { readTypings } from './typings.ts';

/** Checks the programs that the parent thread sends, one at a time. Says when it is ready. */
export async function serveChecks(options: CheckOptions): Promise<void> {
  const types = await openTypes(options.typings, options.typeChecker);
  const context: Context = {
    index: indexOperations(options.rootName, options.operations),
    limits: options.limits,
    ...readTypings(options.typings),
    types,
  };
  // The first check runs slow code; better now than with the first program.
  checkCode('const ready = [1].map((x) => x + 1); return ready;', context);
  parentPort?.on('message', ({ code, withTypes }: ToCheckWorker) => {
    try {
      const verdict = checkCode(code, withTypes ? context : { ...context, types: undefined });
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

function stateOf({ kind, pid }: TypeChecker): TypesState {
  return { kind, pid };
}

function send(message: FromCheckWorker): void {
  parentPort?.postMessage(message);
}
