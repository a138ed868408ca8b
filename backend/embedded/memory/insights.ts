import type { EpisodicTables } from '../episodic/tables.ts';
import type { HandlerFor } from '../handler.ts';
import { rounded } from '../rounded.ts';
import { loadOf } from './cognitive-load.ts';
import { groupByTag } from './coverage.ts';
import { type LearningRate, readLearningRates } from './learning.ts';
import { type MemoryRow, selectMemories } from './memory.ts';
import { assertProject } from './projects.ts';
import type { MemoryTables } from './tables.ts';
import { activeItems, SLOTS, type WorkingItem } from './working-items.ts';

type Insight = {
  readonly topic: 'knowledge' | 'use' | 'outcomes' | 'learning' | 'load';
  readonly statement: string;
  readonly value: number;
};

export const getMetacognitionInsights: HandlerFor<
  'memory_tools',
  'get_metacognition_insights',
  MemoryTables & EpisodicTables
> = async ({ project_id }, context) => {
  const { database, now } = context;
  const project = await assertProject(database, project_id);
  const memories = await selectMemories(database, now()).where('project_id', '=', project).execute();
  const insights = [
    ...onKnowledge(memories),
    ...onOutcomes(await readLearningRates(database, project)),
    ...onLoad(await activeItems('all', context)),
  ];
  return { insights: insights.map((insight) => ({ ...insight, value: rounded(insight.value) })) };
};

function onKnowledge(memories: readonly MemoryRow[]): readonly Insight[] {
  const total = memories.length;
  if (total === 0) return [];
  const recalled = memories.filter(({ access_count }) => access_count > 0).length;
  const use: Insight = {
    topic: 'use',
    statement: `${recalled} of ${total} memories have been recalled`,
    value: recalled / total,
  };
  const largest = [...groupByTag(memories)].sort(([, a], [, b]) => b.length - a.length)[0];
  if (largest === undefined) return [use];
  const [tag, { length }] = largest;
  const statement = `${length} of ${total} memories are about ${tag}, more than about anything else`;
  return [{ topic: 'knowledge', statement, value: length / total }, use];
}

function onOutcomes(rates: readonly LearningRate[]): readonly Insight[] {
  const worst = rates.toSorted((a, b) => a.success_rate - b.success_rate)[0];
  const fastest = rates.toSorted((a, b) => b.change - a.change)[0];
  const insights: Insight[] = [];
  if (worst !== undefined && worst.success_rate < 1) {
    const { event_type, attempts, success_rate } = worst;
    const statement = `${event_type} succeeds least: ${percent(success_rate)} of ${attempts} attempts`;
    insights.push({ topic: 'outcomes', statement, value: success_rate });
  }
  if (fastest !== undefined && fastest.change > 0) {
    const { event_type, earlier_rate, later_rate, change } = fastest;
    const statement = `${event_type} improved most: from ${percent(earlier_rate)} to ${percent(later_rate)}`;
    insights.push({ topic: 'learning', statement, value: change });
  }
  return insights;
}

function onLoad(items: readonly WorkingItem[]): readonly Insight[] {
  if (items.length === 0) return [];
  const statement = `${items.length} of ${2 * SLOTS} slots of working memory are in use`;
  return [{ topic: 'load', statement, value: loadOf(items) }];
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
