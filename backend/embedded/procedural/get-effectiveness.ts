import { type Effectiveness, measure } from './effectiveness.ts';
import { readExecutions, readProcedureRow } from './procedure-store.ts';
import type { ExecutionRow, ProcedureContext, ProcedureRow } from './tables.ts';

export async function getProcedureEffectiveness(
  params: { readonly procedure_name?: string },
  context: ProcedureContext,
) {
  const measured = (await readProcedures(params.procedure_name, context)).filter(
    ({ executions }) => params.procedure_name !== undefined || executions.length > 0,
  );
  const procedures = measured
    .map(({ row, executions }) => ({ row, executions, effectiveness: measure(executions) }))
    .sort((a, b) => lowerBound(b.effectiveness) - lowerBound(a.effectiveness) || a.row.id - b.row.id)
    .map(({ row, executions, effectiveness }) => ({
      procedure_name: row.name,
      executions: executions.length,
      outcomes: countOutcomes(executions),
      success_rate: effectiveness.successRate,
      success_interval: effectiveness.interval === null ? null : { ...effectiveness.interval },
      median_duration_ms: effectiveness.medianDurationMs,
      trend: effectiveness.trend,
      last_executed_at: lastExecuted(executions),
    }));
  return { tool: 'procedural_tools', procedures };
}

/** One procedure or all, with their executions, oldest first. */
export async function readProcedures(
  name: string | undefined,
  context: ProcedureContext,
): Promise<readonly { readonly row: ProcedureRow; readonly executions: readonly ExecutionRow[] }[]> {
  if (name !== undefined) {
    const row = await readProcedureRow(name, context);
    return [{ row, executions: await readExecutions(row.id, context) }];
  }
  const rows = await context.database.selectFrom('procedures').selectAll().orderBy('id').execute();
  const executions = await context.database
    .selectFrom('procedure_executions')
    .selectAll()
    .orderBy('id')
    .execute();
  const byProcedure = Map.groupBy(executions, ({ procedure_id }) => procedure_id);
  return rows.map((row) => ({ row, executions: byProcedure.get(row.id) ?? [] }));
}

function lowerBound({ interval }: Effectiveness): number {
  return interval?.low ?? 0;
}

function countOutcomes(executions: readonly ExecutionRow[]): Record<string, number> {
  const groups = Map.groupBy(executions, ({ outcome }) => outcome);
  return Object.fromEntries([...groups].map(([outcome, rows]) => [outcome, rows.length]));
}

function lastExecuted(executions: readonly ExecutionRow[]): string | null {
  const last = executions.at(-1);
  return last === undefined ? null : new Date(last.recorded_at).toISOString();
}
