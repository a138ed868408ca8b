import type { Generated, Kysely } from 'kysely';
import { OperationError } from '../handler.ts';
import { describeIds } from '../ids.ts';

/** The project that is meant when none is named. It exists from the start. */
export const CURRENT_PROJECT = 1;

export interface ProjectTables {
  projects: { id: Generated<number>; name: string; created_at: number };
}

/** Finds the project of this name, whatever its case, or creates it. */
export async function ensureProject(
  database: Kysely<ProjectTables>,
  name: string,
  now: number,
): Promise<number> {
  const known = await database
    .selectFrom('projects')
    .select('id')
    .where('name', '=', name.trim().toLowerCase())
    .executeTakeFirst();
  if (known !== undefined) return known.id;
  const { id } = await database
    .insertInto('projects')
    .values({ name: name.trim().toLowerCase(), created_at: now })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/**
 * The project asked for, the current one when none is.
 * @throws {OperationError} when there is no such project
 */
export async function assertProject(database: Kysely<ProjectTables>, id = CURRENT_PROJECT): Promise<number> {
  if (id === CURRENT_PROJECT) return id;
  const project = await database.selectFrom('projects').select('id').where('id', '=', id).executeTakeFirst();
  if (project === undefined)
    throw new OperationError(`no project ${id}; ${await describeIds(database, 'projects')}`);
  return id;
}
