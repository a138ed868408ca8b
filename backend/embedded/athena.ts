import type { Kysely } from 'kysely';
import { type Migrations, openSqlite } from '../../database/sqlite.ts';
import type { Backend, BackendAnswer, BackendCall } from '../../runtime/contract/backend.ts';
import { FULL_TEXT_MIGRATIONS, openFullText } from './full-text.ts';
import { type Domain, type FullText, type Handler, OperationError } from './handler.ts';

/** The domains that are served. What no domain handles is not served, and says so. */
const DOMAINS: readonly Domain[] = [];

/**
 * Opens the embedded Athena.
 * @param file the SQLite file that holds everything; created when missing
 * @param onBug told of exceptions that are no `OperationError`, so that the agent never sees their text
 * @throws {DatabaseUnusable}
 */
export async function openEmbeddedAthena(file: string, onBug: (error: unknown) => void): Promise<Backend> {
  const migrations: Migrations = Object.assign(
    {},
    FULL_TEXT_MIGRATIONS,
    ...DOMAINS.map((domain) => domain.migrations),
  );
  const database = await openSqlite<never>(file, migrations);
  const text = openFullText(database);
  const handlers = new Map(
    DOMAINS.flatMap((domain) =>
      Object.entries(domain.handlers).flatMap(([tool, operations]) =>
        Object.entries(operations).map(([operation, handler]) => [`${tool}/${operation}`, handler] as const),
      ),
    ),
  );
  return {
    name: 'embedded Athena (SQLite)',
    serves: ({ tool, operation }) => handlers.has(`${tool}/${operation}`),
    call: async (call) => {
      const handler = handlers.get(`${call.tool}/${call.operation}`);
      if (handler === undefined) {
        const message = `${call.tool} ${call.operation ?? ''} is not served by the embedded Athena`;
        return { ok: false, code: 'OPERATION_NOT_SERVED', message };
      }
      return answer(handler, call, database, text, onBug);
    },
    close: () => database.destroy(),
  };
}

async function answer(
  handler: Handler<never, never>,
  call: BackendCall,
  database: Kysely<never>,
  text: FullText,
  onBug: (error: unknown) => void,
): Promise<BackendAnswer> {
  try {
    const value = await handler(call.params as never, { database, text, now: Date.now, call: call.context });
    return { ok: true, value };
  } catch (error) {
    if (error instanceof OperationError)
      return { ok: false, code: 'OPERATION_FAILED', message: error.message };
    onBug(error);
    return { ok: false, code: 'OPERATION_FAILED', message: 'the embedded Athena failed; its log says why' };
  }
}
