import { rounded } from '../rounded.ts';
import { measure } from './effectiveness.ts';
import {
  findProcedureRow,
  readExecutions,
  readProcedureRows,
  storeProcedure,
  toProcedure,
} from './procedure-store.ts';
import type { ProcedureContext, ProcedureRow } from './tables.ts';

const NUMBERED_OR_BULLETED = /^\s*(?:\d{1,3}[.)]|[-*•])\s+(?=\S)/;

export async function createProcedure(
  params: {
    readonly name: string;
    readonly category: string;
    readonly template?: string;
    readonly description?: string;
    readonly trigger_pattern?: string;
  },
  context: ProcedureContext,
) {
  const existing = await findProcedureRow(params.name, context);
  const content = {
    name: params.name,
    category: params.category,
    description: params.description ?? null,
    template: params.template ?? null,
    trigger_pattern: params.trigger_pattern ?? null,
    steps: readSteps(params.template ?? ''),
  };
  const row = await storeProcedure(content, context);
  return { procedure: await toProcedure(row, context), created: existing === undefined };
}

/** Text match counts for 0.7 of the score, the success rate for the rest; one never executed counts as half. */
export async function findProcedures(
  params: { readonly query: string; readonly category?: string; readonly limit: number },
  context: ProcedureContext,
) {
  const { category } = params;
  const candidates =
    params.query.trim() === '' ? await listAll(context) : await searchAll(params.query, context);
  const scored = await Promise.all(
    candidates
      .filter(({ row }) => category === undefined || row.category === category)
      .map(async ({ row, match }) => {
        const rate = measure(await readExecutions(row.id, context)).successRate ?? 0.5;
        return { row, score: rounded(0.7 * match + 0.3 * rate) };
      }),
  );
  const best = scored.toSorted((a, b) => b.score - a.score || a.row.id - b.row.id).slice(0, params.limit);
  return {
    procedures: await Promise.all(
      best.map(async ({ row, score }) => ({ procedure: await toProcedure(row, context), score })),
    ),
  };
}

interface Candidate {
  readonly row: ProcedureRow;
  /** 0 to 1. */
  readonly match: number;
}

async function listAll({ database }: ProcedureContext): Promise<readonly Candidate[]> {
  const rows = await database.selectFrom('procedures').selectAll().execute();
  return rows.map((row) => ({ row, match: 0 }));
}

async function searchAll(query: string, context: ProcedureContext): Promise<readonly Candidate[]> {
  const hits = await context.text.search(['procedure'], query, 200);
  const scores = new Map(hits.map(({ id, score }) => [id, score]));
  const rows = await readProcedureRows([...scores.keys()], context);
  return rows.map((row) => ({ row, match: scores.get(row.id) ?? 0 }));
}

/** The numbered or bulleted lines of a template. */
function readSteps(template: string): readonly string[] {
  return template
    .split('\n')
    .filter((line) => NUMBERED_OR_BULLETED.test(line))
    .map((line) => line.replace(NUMBERED_OR_BULLETED, '').trim());
}
