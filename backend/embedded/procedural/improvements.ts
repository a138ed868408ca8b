import { stemsOf } from '../words.ts';
import { measure, medianDuration } from './effectiveness.ts';
import { readProcedures } from './get-effectiveness.ts';
import { stepsOf, textOf } from './procedure-store.ts';
import type { ExecutionRow, ProcedureContext, ProcedureRow } from './tables.ts';

type Improvement = {
  readonly procedure_name: string;
  readonly kind: 'fix_failures' | 'adopt_lesson' | 'reverse_decline' | 'shorten' | 'add_steps';
  readonly suggestion: string;
  readonly evidence: readonly string[];
  readonly priority: 'high' | 'medium' | 'low';
};

const PRIORITIES = ['high', 'medium', 'low'];
/** Below this success rate failures are worth looking into; below the other they are pressing. */
const GOOD_RATE = 0.75;
const POOR_RATE = 0.5;
/** A lesson is in the procedure already when this share of its words is. */
const ADOPTED = 0.6;
const MAX_LESSONS = 5;
/** The newer half takes this much longer than the older half. */
const SLOWER = 1.5;

/** One way in which a record can call for a better procedure. */
type Rule = (row: ProcedureRow, executions: readonly ExecutionRow[]) => readonly Improvement[];
const RULES: readonly Rule[] = [fixFailures, reverseDecline, adoptLessons, shorten, addSteps];

export async function suggestProcedureImprovements(
  params: { readonly procedure_name?: string },
  context: ProcedureContext,
) {
  const procedures = await readProcedures(params.procedure_name, context);
  const suggestions = procedures
    .flatMap(({ row, executions }) => RULES.flatMap((rule) => rule(row, executions)))
    .sort((a, b) => PRIORITIES.indexOf(a.priority) - PRIORITIES.indexOf(b.priority));
  return { tool: 'procedural_tools', suggestions };
}

function fixFailures(row: ProcedureRow, executions: readonly ExecutionRow[]): readonly Improvement[] {
  const finished = executions.filter(({ outcome }) => outcome !== 'ongoing');
  const failed = finished.filter(({ outcome }) => outcome !== 'success');
  const rate = measure(executions).successRate;
  if (rate === null || rate >= GOOD_RATE) return [];
  const lessons = failed.flatMap(({ learned }) =>
    learned === null ? [] : [`learned on failure: ${learned}`],
  );
  return [
    {
      procedure_name: row.name,
      kind: 'fix_failures',
      suggestion:
        lessons.length > 0
          ? 'Change the steps so that what was learned on failure cannot happen again.'
          : 'Record what went wrong (`learned`) when it fails, then change the steps.',
      evidence: [
        `${failed.length} of ${finished.length} finished executions did not succeed`,
        ...lessons.slice(-MAX_LESSONS),
      ],
      priority: rate < POOR_RATE ? 'high' : 'medium',
    },
  ];
}

function reverseDecline(row: ProcedureRow, executions: readonly ExecutionRow[]): readonly Improvement[] {
  if (measure(executions).trend !== 'declining') return [];
  const finished = executions.filter(({ outcome }) => outcome !== 'ongoing');
  const newer = finished.slice(Math.floor(finished.length / 2));
  const succeeded = newer.filter(({ outcome }) => outcome === 'success').length;
  return [
    {
      procedure_name: row.name,
      kind: 'reverse_decline',
      suggestion: 'Look for what has changed since it worked better.',
      evidence: [`${succeeded} of the latest ${newer.length} succeeded, fewer than before`],
      priority: 'high',
    },
  ];
}

/** Lessons that the procedure does not hold yet; the same lesson learned more than once counts for more. */
function adoptLessons(row: ProcedureRow, executions: readonly ExecutionRow[]): readonly Improvement[] {
  const known = stemsOf(textOf(row));
  const lessons = Map.groupBy(
    executions.filter(({ learned }) => learned !== null && !isAdopted(learned, known)),
    ({ learned }) => learned ?? '',
  );
  return [...lessons]
    .sort(([, a], [, b]) => b.length - a.length)
    .slice(0, MAX_LESSONS)
    .map(([learned, sources]) => ({
      procedure_name: row.name,
      kind: 'adopt_lesson' as const,
      suggestion: `Add to the steps: ${learned}`,
      evidence: sources.map(
        ({ outcome, recorded_at }) => `${outcome} on ${new Date(recorded_at).toISOString()}`,
      ),
      priority: sources.length > 1 || sources.some(({ outcome }) => outcome !== 'success') ? 'medium' : 'low',
    }));
}

function shorten(row: ProcedureRow, executions: readonly ExecutionRow[]): readonly Improvement[] {
  const timed = executions.filter(({ duration_ms }) => duration_ms !== null);
  const middle = Math.floor(timed.length / 2);
  const before = medianDuration(timed.slice(0, middle));
  const after = medianDuration(timed.slice(middle));
  if (timed.length < 4 || before === null || after === null || after < before * SLOWER) return [];
  return [
    {
      procedure_name: row.name,
      kind: 'shorten',
      suggestion: 'Find the step that takes longer than it used to, and split or automate it.',
      evidence: [`median of ${after} ms lately, ${before} ms before`],
      priority: 'medium',
    },
  ];
}

function addSteps(row: ProcedureRow, executions: readonly ExecutionRow[]): readonly Improvement[] {
  if (stepsOf(row).length > 0) return [];
  return [
    {
      procedure_name: row.name,
      kind: 'add_steps',
      suggestion: 'Write its steps down as a numbered template.',
      evidence: [`no numbered or bulleted step, ${executions.length} executions`],
      priority: 'low',
    },
  ];
}

function isAdopted(lesson: string, known: ReadonlySet<string>): boolean {
  const stems = stemsOf(lesson);
  return stems.intersection(known).size >= ADOPTED * stems.size;
}
