import type { Kysely, Selectable } from 'kysely';
import { OperationError } from '../handler.ts';
import { describeIds } from '../ids.ts';
import type { ConsolidationTables } from './tables.ts';

export type RunRow = Selectable<ConsolidationTables['consolidation_runs']>;

/**
 * The run asked for, the newest when none is; undefined when there is no run at all and none was asked for.
 * @throws {OperationError} when there is no such run
 */
export async function findRun(
  database: Kysely<ConsolidationTables>,
  id: number | undefined,
): Promise<RunRow | undefined> {
  const runs = database.selectFrom('consolidation_runs').selectAll().orderBy('id', 'desc').limit(1);
  const run = await (id === undefined ? runs : runs.where('id', '=', id)).executeTakeFirst();
  if (run === undefined && id !== undefined)
    throw new OperationError(
      `no consolidation run ${id}; ${await describeIds(database, 'consolidation_runs')}`,
    );
  return run;
}

/** The patterns of a run, with the memory written for each as it is today; null when it was forgotten. */
export function readPatterns(database: Kysely<ConsolidationTables>, run: number) {
  return database
    .selectFrom('run_patterns')
    .leftJoin('memories', 'memories.id', 'run_patterns.memory_id')
    .select(['memory_id', 'words', 'evidence', 'is_new', 'content', 'tags', 'access_count'])
    .where('run_id', '=', run)
    .execute();
}
