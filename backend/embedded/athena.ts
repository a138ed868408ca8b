import type { Kysely } from 'kysely';
import { findStorageFault, type Migrations, openSqlite } from '../../database/sqlite.ts';
import type {
  Backend,
  BackendAnswer,
  BackendCall,
  BackendErrorCode,
  WireOperation,
} from '../../runtime/contract/backend.ts';
import type { JsonValue } from '../../runtime/contract/json.ts';
import { consolidationDomain } from './consolidation/domain.ts';
import { episodicDomain } from './episodic/domain.ts';
import { FULL_TEXT_MIGRATIONS, openFullText } from './full-text.ts';
import { graphDomain } from './graph/domain.ts';
import { type Domain, type HandlerContext, type HandlerTable, OperationError } from './handler.ts';
import { memoryDomain } from './memory/domain.ts';
import { carryOutOnce, forgetAnswers, ONCE_MIGRATIONS } from './once.ts';
import { createPause, withPauses } from './pause.ts';
import { proceduralDomain } from './procedural/domain.ts';
import { ragDomain } from './rag/domain.ts';
import type { Missing, None, Unexpected } from './served.ts';
import { tasksDomain } from './tasks/domain.ts';
import { zettelkastenDomain } from './zettelkasten/domain.ts';

/** The domains that are served. What no domain handles is not served, and says so. */
const SERVING = [
  memoryDomain,
  episodicDomain,
  consolidationDomain,
  ragDomain,
  tasksDomain,
  proceduralDomain,
  graphDomain,
  zettelkastenDomain,
] as const satisfies readonly Domain[];
const DOMAINS: readonly Domain[] = SERVING;

/** The contract is kept: an operation that is neither carried out nor named in `served.ts` does not compile. */
export type ContractIsKept = [
  None<Missing<(typeof SERVING)[number]>>,
  None<Unexpected<(typeof SERVING)[number]>>,
];

/** How often a call looks for work that has fallen due, in ms. */
const CHORES_EVERY_MS = 60_000;

/** A handler as it is found by its name: what it takes and answers is the contract's business. */
type Handler = (params: never, context: HandlerContext<never>) => Promise<JsonValue>;

type OnBug = (error: unknown) => void;

/**
 * Opens the embedded Athena.
 * @param file the SQLite file that holds everything; created when missing
 * @param onBug told of exceptions that are no `OperationError`, so that the agent never sees their text
 * @throws {DatabaseUnusable}
 */
export async function openEmbeddedAthena(file: string, onBug: OnBug): Promise<Backend> {
  const migrations: Migrations = Object.assign(
    {},
    FULL_TEXT_MIGRATIONS,
    ONCE_MIGRATIONS,
    ...DOMAINS.map((domain) => domain.migrations),
  );
  const database = await openSqlite<never>(file, migrations);
  const reads = indexOf(DOMAINS.map((domain) => domain.reads));
  const writes = indexOf(DOMAINS.map((domain) => domain.writes));
  const chores = createChores(database, onBug);
  await chores();
  let closed = false;
  const underWay = new Set<Promise<BackendAnswer>>();
  const track = (call: Promise<BackendAnswer>): Promise<BackendAnswer> => {
    underWay.add(call);
    return call.finally(() => underWay.delete(call));
  };
  const answerCall = async (call: BackendCall): Promise<BackendAnswer> => {
    await chores();
    const read = reads.get(keyOf(call));
    if (read !== undefined) return answer(call, onBug, () => carryOut(read, call, database));
    const write = writes.get(keyOf(call));
    if (write === undefined)
      return refuse(call, 'OPERATION_NOT_SERVED', 'is not served by the embedded Athena');
    return answer(call, onBug, () =>
      database
        .transaction()
        .execute((transaction) =>
          carryOutOnce(transaction, call.key, () => carryOut(write, call, transaction)),
        ),
    );
  };
  return {
    name: 'embedded Athena (SQLite)',
    serves: (operation) => reads.has(keyOf(operation)) || writes.has(keyOf(operation)),
    call: async (call) => {
      if (closed)
        return refuse(call, 'BACKEND_UNAVAILABLE', 'cannot be carried out: the embedded Athena is closed');
      if (call.signal.aborted) return refuse(call, 'OPERATION_FAILED', 'was cancelled before it began');
      return await track(answerCall(call));
    },
    keepsKeys: () => true,
    close: async () => {
      if (closed) return;
      closed = true;
      await Promise.all(underWay);
      await database.destroy();
    },
  };
}

function keyOf({ tool, operation }: WireOperation): string {
  return `${tool}/${operation}`;
}

function indexOf(tables: readonly HandlerTable[]): ReadonlyMap<string, Handler> {
  return new Map(
    tables
      .flatMap((table) => Object.entries(table))
      .flatMap(([tool, handlers]) =>
        Object.entries(handlers).map(
          ([operation, handler]) => [keyOf({ tool, operation }), handler] as const,
        ),
      ),
  );
}

function carryOut(handler: Handler, call: BackendCall, database: Kysely<never>) {
  return handler(call.params as never, { ...contextOf(database, call.signal), call: call.context });
}

function contextOf(source: Kysely<never>, signal?: AbortSignal) {
  const pause = createPause(signal);
  const database = withPauses(source, pause);
  return { database, text: openFullText(database), now: Date.now, pause };
}

function refuse(operation: WireOperation, code: BackendErrorCode, why: string): BackendAnswer {
  return { ok: false, code, message: `${nameOf(operation)} ${why}` };
}

function nameOf({ tool, operation }: WireOperation): string {
  return operation === null ? tool : `${tool} ${operation}`;
}

async function answer(
  call: BackendCall,
  onBug: OnBug,
  value: () => ReturnType<Handler>,
): Promise<BackendAnswer> {
  try {
    return { ok: true, value: await value() };
  } catch (error) {
    return { ok: false, code: 'OPERATION_FAILED', message: messageOf(error, call, onBug) };
  }
}

function messageOf(error: unknown, operation: WireOperation, onBug: OnBug): string {
  if (error instanceof OperationError) return error.message;
  onBug(error);
  const what = nameOf(operation);
  const fault = findStorageFault(error);
  if (fault !== undefined) return `${what} stored nothing: ${fault}; call again later`;
  return `${what} failed inside the embedded Athena and stored nothing; the server's log says why`;
}

/** Due work is done by whoever calls next: there is no process of its own for it. It never fails a call. */
function createChores(database: Kysely<never>, onBug: OnBug): () => Promise<void> {
  const all: readonly NonNullable<Domain['chores']>[] = [
    ...DOMAINS.flatMap(({ chores }) => (chores === undefined ? [] : [chores])),
    (context) => forgetAnswers(context.database),
  ];
  let last = 0;
  return async () => {
    // A clock that was set back must not put them off.
    if (Math.abs(Date.now() - last) < CHORES_EVERY_MS) return;
    last = Date.now();
    for (const chores of all) {
      try {
        await database.transaction().execute((transaction) => chores(contextOf(transaction)));
      } catch (error) {
        onBug(error);
      }
    }
  };
}
