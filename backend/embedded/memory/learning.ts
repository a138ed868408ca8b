import { type Kysely, sql } from 'kysely';
import { toEvent } from '../episodic/event.ts';
import type { EpisodicTables } from '../episodic/tables.ts';
import type { HandlerFor } from '../handler.ts';
import { rounded } from '../rounded.ts';
import { assertProject } from './projects.ts';

/** Success rates from which on, and below which, a type of event is a strength or a weakness. */
const STRENGTH = 0.7;
const WEAKNESS = 0.5;
const ONGOING_SHOWN = 10;

/** A success counts 1, a part a half, a failure nothing; what has not ended is null. */
export const OUTCOME_VALUE = sql<number | null>`
  case outcome when 'success' then 1.0 when 'partial' then 0.5 when 'failure' then 0.0 end`;

export type LearningRate = {
  readonly event_type: string;
  readonly attempts: number;
  readonly success_rate: number;
  readonly earlier_rate: number;
  readonly later_rate: number;
  readonly change: number;
};

/** How the outcomes of each type of event went in the older and in the newer half, most attempts first. */
export async function readLearningRates(
  database: Kysely<EpisodicTables>,
  project: number,
): Promise<readonly LearningRate[]> {
  const { rows } = await sql<Omit<LearningRate, 'change'>>`
    with ended as (select type, at, id, ${OUTCOME_VALUE} as value from events where project_id = ${project}),
    placed as (
      select type, value, count(*) over (partition by type) as total,
        row_number() over (partition by type order by at, id) as place
      from ended where value is not null
    )
    select type as event_type, count(*) as attempts, avg(value) as success_rate,
      avg(case when place * 2 <= total then value end) as earlier_rate,
      avg(case when place * 2 > total then value end) as later_rate
    from placed where total >= 2 group by type order by attempts desc, type`.execute(database);
  return rows.map((row) => ({
    event_type: row.event_type,
    attempts: row.attempts,
    success_rate: rounded(row.success_rate),
    earlier_rate: rounded(row.earlier_rate),
    later_rate: rounded(row.later_rate),
    change: rounded(row.later_rate - row.earlier_rate),
  }));
}

export const getLearningRates: HandlerFor<'memory_tools', 'get_learning_rates', EpisodicTables> = async (
  { project_id },
  { database },
) => ({ rates: await readLearningRates(database, await assertProject(database, project_id)) });

export const getSelfReflection: HandlerFor<'memory_tools', 'get_self_reflection', EpisodicTables> = async (
  { project_id },
  { database },
) => {
  const project = await assertProject(database, project_id);
  const rates = await readLearningRates(database, project);
  const ofProject = database.selectFrom('events').where('project_id', '=', project);
  const { events, success_rate } = await ofProject
    .select(({ fn }) => [
      fn.count<number>('outcome').as('events'),
      sql<number | null>`avg(${OUTCOME_VALUE})`.as('success_rate'),
    ])
    .executeTakeFirstOrThrow();
  const ongoing = ofProject.selectAll().where('outcome', '=', 'ongoing').orderBy('at', 'desc');
  return {
    events,
    success_rate: success_rate === null ? null : rounded(success_rate),
    strengths: rates.filter((rate) => rate.success_rate >= STRENGTH),
    weaknesses: rates.filter((rate) => rate.success_rate < WEAKNESS),
    ongoing: (await ongoing.limit(ONGOING_SHOWN).execute()).map(toEvent),
  };
};
