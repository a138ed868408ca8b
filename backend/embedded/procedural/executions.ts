import { wordsOf } from '../words.ts';
import { measure } from './effectiveness.ts';
import {
  findProcedureRow,
  readExecutions,
  readProcedureRow,
  readProcedureRows,
  stepsOf,
  storeProcedure,
  toProcedure,
} from './procedure-store.ts';
import type { Outcome, ProcedureContext, ProcedureRow } from './tables.ts';

const MS_PER_MINUTE = 60_000;
/** A procedure must match a task this well for its category to be taken over. */
const SIMILAR = 0.5;
const WORDS_IN_NAME = 8;

interface Run {
  readonly outcome: Outcome;
  readonly duration_ms: number | null;
  readonly learned: string | null;
}

export async function recordExecution(
  params: {
    readonly procedure_name: string;
    readonly outcome: Outcome;
    readonly duration_ms?: number;
    readonly learned?: string;
  },
  context: ProcedureContext,
) {
  const row = await readProcedureRow(params.procedure_name, context);
  const run = {
    outcome: params.outcome,
    duration_ms: params.duration_ms ?? null,
    learned: params.learned ?? null,
  };
  const execution = await storeExecution(row, run, context);
  const executions = await readExecutions(row.id, context);
  return { execution, executions: executions.length, success_rate: measure(executions).successRate };
}

export async function generateWorkflowFromTask(
  params: {
    readonly task_description: string;
    readonly steps_taken: readonly string[];
    readonly outcome: Outcome;
    readonly duration_mins?: number;
  },
  context: ProcedureContext,
) {
  const { task_description: description, steps_taken: steps, outcome, duration_mins } = params;
  const { name, existing } = await findName(description, steps, context);
  const category = existing === undefined ? await categoryFor(description, context) : existing.category;
  const template = steps.map((step, index) => `${index + 1}. ${step}`).join('\n');
  const content = { name, category, description, template, trigger_pattern: null, steps };
  const row = existing ?? (await storeProcedure(content, context));
  const duration_ms = duration_mins === undefined ? null : duration_mins * MS_PER_MINUTE;
  const execution = await storeExecution(row, { outcome, duration_ms, learned: null }, context);
  return { procedure: await toProcedure(row, context), created: existing === undefined, execution };
}

async function storeExecution(row: ProcedureRow, run: Run, { database, now }: ProcedureContext) {
  const { id, recorded_at } = await database
    .insertInto('procedure_executions')
    .values({ procedure_id: row.id, ...run, recorded_at: now() })
    .returning(['id', 'recorded_at'])
    .executeTakeFirstOrThrow();
  return { id, procedure_name: row.name, ...run, recorded_at: new Date(recorded_at).toISOString() };
}

/** The words of the description as a name; other steps under that name get a number behind it. */
async function findName(
  description: string,
  steps: readonly string[],
  context: ProcedureContext,
): Promise<{ readonly name: string; readonly existing: ProcedureRow | undefined }> {
  const base = wordsOf(description).slice(0, WORDS_IN_NAME).join('-').slice(0, 100) || 'workflow';
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}-${number}`;
    const existing = await findProcedureRow(name, context);
    if (existing === undefined || isSame(stepsOf(existing), steps)) return { name, existing };
  }
}

async function categoryFor(description: string, context: ProcedureContext): Promise<string> {
  const [hit] = await context.text.search(['procedure'], description, 1);
  if (hit === undefined || hit.score < SIMILAR) return 'workflow';
  const [row] = await readProcedureRows([hit.id], context);
  return row?.category ?? 'workflow';
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((step, index) => step === b[index]);
}
