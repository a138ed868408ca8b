import { OperationError } from '../handler.ts';
import { measure } from './effectiveness.ts';
import type { ExecutionRow, ProcedureContext, ProcedureRow } from './tables.ts';

/** A procedure as an agent sees it. */
export type Procedure = {
  readonly id: number;
  readonly name: string;
  readonly category: string;
  readonly description: string | null;
  readonly template: string | null;
  readonly trigger_pattern: string | null;
  readonly steps: readonly string[];
  readonly executions: number;
  readonly success_rate: number | null;
  readonly created_at: string;
};

/** What a procedure is made of. */
export interface ProcedureContent {
  readonly name: string;
  readonly category: string;
  readonly description: string | null;
  readonly template: string | null;
  readonly trigger_pattern: string | null;
  readonly steps: readonly string[];
}

const NAMES_IN_MESSAGE = 5;

/** @throws {OperationError} when no procedure has the name; it tells the ones that come closest */
export async function readProcedureRow(name: string, context: ProcedureContext): Promise<ProcedureRow> {
  const row = await findProcedureRow(name, context);
  if (row !== undefined) return row;
  const hits = await context.text.search(['procedure'], name, NAMES_IN_MESSAGE);
  const near = await readProcedureRows(
    hits.map(({ id }) => id),
    context,
  );
  const advice =
    near.length > 0
      ? `did you mean ${near.map((each) => `\`${each.name}\``).join(', ')}?`
      : 'procedural.createProcedure stores one';
  throw new OperationError(`there is no procedure \`${name}\`; ${advice}`);
}

export function findProcedureRow(
  name: string,
  { database }: ProcedureContext,
): Promise<ProcedureRow | undefined> {
  return database.selectFrom('procedures').selectAll().where('name', '=', name).executeTakeFirst();
}

/** The procedures of these ids, in the order of the ids. */
export async function readProcedureRows(
  ids: readonly number[],
  { database }: ProcedureContext,
): Promise<readonly ProcedureRow[]> {
  if (ids.length === 0) return [];
  const rows = await database.selectFrom('procedures').selectAll().where('id', 'in', ids).execute();
  return rows.toSorted((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id));
}

/** Stores a procedure, in place of the one that has its name. */
export async function storeProcedure(
  content: ProcedureContent,
  context: ProcedureContext,
): Promise<ProcedureRow> {
  const { name, category, description, template, trigger_pattern } = content;
  const changes = { category, description, template, trigger_pattern, steps: JSON.stringify(content.steps) };
  const row = await context.database
    .insertInto('procedures')
    .values({ name, ...changes, created_at: context.now() })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(changes))
    .returningAll()
    .executeTakeFirstOrThrow();
  await context.text.put('procedure', row.id, textOf(row));
  return row;
}

/** The executions of a procedure, oldest first. */
export function readExecutions(procedureId: number, { database }: ProcedureContext): Promise<ExecutionRow[]> {
  return database
    .selectFrom('procedure_executions')
    .selectAll()
    .where('procedure_id', '=', procedureId)
    .orderBy('id')
    .execute();
}

export async function toProcedure(row: ProcedureRow, context: ProcedureContext): Promise<Procedure> {
  const executions = await readExecutions(row.id, context);
  const { id, name, category, description, template, trigger_pattern } = row;
  return {
    id,
    name,
    category,
    description,
    template,
    trigger_pattern,
    steps: stepsOf(row),
    executions: executions.length,
    success_rate: measure(executions).successRate,
    created_at: new Date(row.created_at).toISOString(),
  };
}

export function stepsOf(row: ProcedureRow): readonly string[] {
  return JSON.parse(row.steps) as string[];
}

/** Everything that a procedure says, one part a line. */
export function textOf(row: ProcedureRow): string {
  const parts = [row.name, row.category, row.description, row.template ?? stepsOf(row).join('\n')];
  return parts.filter((part) => part !== null).join('\n');
}
