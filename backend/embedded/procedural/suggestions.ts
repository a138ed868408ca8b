import { OperationError } from '../handler.ts';
import { rounded } from '../rounded.ts';
import { matchPath } from './match-path.ts';
import { readProcedureRows, toProcedure } from './procedure-store.ts';
import type { Feedback, ProcedureContext } from './tables.ts';

const MAX_SUGGESTIONS = 20;
/** What each answer counts for. */
const CREDIT: Readonly<Record<Feedback, number>> = { accepted: 1, modified: 0.5, rejected: 0 };

export async function getPatternSuggestions(
  params: { readonly file_path: string },
  context: ProcedureContext,
) {
  const rows = await context.database
    .selectFrom('procedures')
    .selectAll()
    .where('trigger_pattern', 'is not', null)
    .execute();
  const matches = rows.flatMap((row) => {
    const match = matchPath(row.trigger_pattern ?? '', params.file_path);
    return match === undefined ? [] : [{ row, match }];
  });
  const weighed = await Promise.all(
    matches.map(async ({ row, match }) => {
      const confidence = rounded(match.exactness * (await weightOf(row.id, context)));
      return { row, reason: match.reason, confidence };
    }),
  );
  const suggestions = [];
  const best = weighed.toSorted((a, b) => b.confidence - a.confidence || a.row.id - b.row.id);
  for (const { row, reason, confidence } of best.slice(0, MAX_SUGGESTIONS)) {
    const suggestion_id = await openSuggestion(row.id, params.file_path, context);
    suggestions.push({ suggestion_id, procedure: await toProcedure(row, context), confidence, reason });
  }
  return { tool: 'procedural_tools', file_path: params.file_path, suggestions };
}

export async function applySuggestion(
  params: { readonly suggestion_id: number; readonly feedback: Feedback },
  context: ProcedureContext,
) {
  const { suggestion_id, feedback } = params;
  const { database } = context;
  const suggestion = await database
    .selectFrom('procedure_suggestions')
    .selectAll()
    .where('id', '=', suggestion_id)
    .executeTakeFirst();
  const [row] = suggestion === undefined ? [] : await readProcedureRows([suggestion.procedure_id], context);
  if (row === undefined)
    throw new OperationError(
      `there is no suggestion ${suggestion_id}; procedural.getPatternSuggestions gives suggestions and their ids`,
    );
  const previous_weight = await weightOf(row.id, context);
  await database
    .updateTable('procedure_suggestions')
    .set({ feedback })
    .where('id', '=', suggestion_id)
    .execute();
  return {
    tool: 'procedural_tools',
    suggestion_id,
    feedback,
    procedure: await toProcedure(row, context),
    weight: await weightOf(row.id, context),
    previous_weight,
  };
}

/** The share of good answers, with one good and one bad one assumed before the first (Laplace's rule of succession). */
async function weightOf(procedureId: number, { database }: ProcedureContext): Promise<number> {
  const rows = await database
    .selectFrom('procedure_suggestions')
    .select('feedback')
    .where('procedure_id', '=', procedureId)
    .execute();
  const credits = rows.flatMap(({ feedback }) => (feedback === null ? [] : [CREDIT[feedback]]));
  const sum = credits.reduce((total, credit) => total + credit, 0);
  return rounded((1 + sum) / (2 + credits.length));
}

/** The unanswered suggestion of a procedure for a path; a new one where there is none. */
async function openSuggestion(
  procedureId: number,
  path: string,
  { database, now }: ProcedureContext,
): Promise<number> {
  const open = await database
    .selectFrom('procedure_suggestions')
    .select('id')
    .where('procedure_id', '=', procedureId)
    .where('file_path', '=', path)
    .where('feedback', 'is', null)
    .executeTakeFirst();
  if (open !== undefined) return open.id;
  const { id } = await database
    .insertInto('procedure_suggestions')
    .values({ procedure_id: procedureId, file_path: path, suggested_at: now() })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}
