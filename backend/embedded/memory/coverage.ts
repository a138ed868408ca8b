import type { Kysely } from 'kysely';
import type { HandlerFor } from '../handler.ts';
import { rounded } from '../rounded.ts';
import { type MemoryRow, selectMemories, tagsOf } from './memory.ts';
import type { MemoryTables } from './tables.ts';

/** Domains in one answer. */
const MAX_DOMAINS = 100;

/** The memories of every domain; the domains are the tags. */
export function groupByTag(memories: readonly MemoryRow[]): ReadonlyMap<string, readonly MemoryRow[]> {
  const pairs = memories.flatMap((memory) => tagsOf(memory).map((tag) => ({ tag, memory })));
  const groups = Map.groupBy(pairs, ({ tag }) => tag);
  return new Map([...groups].map(([tag, members]) => [tag, members.map(({ memory }) => memory)]));
}

export const analyzeCoverage: HandlerFor<'memory_tools', 'analyze_coverage', MemoryTables> = async (
  { domain },
  { database, text, now },
) => {
  const memories = await selectMemories(database, now()).execute();
  const untagged = memories.filter((memory) => tagsOf(memory).length === 0);
  const groups = groupByTag(memories);
  const counted = { memories: memories.length, untagged: untagged.length };
  if (domain === undefined) {
    const domains = [...groups].map(([name, members]) => toCoverage(name, members, memories.length));
    return { domains: domains.sort((a, b) => b.memories - a.memories).slice(0, MAX_DOMAINS), ...counted };
  }
  const name = domain.trim().toLowerCase();
  const hits = new Set((await text.search(['memory'], name, 1_000)).map(({ id }) => id));
  const members = [...(groups.get(name) ?? []), ...untagged.filter(({ id }) => hits.has(id))];
  return { domains: [toCoverage(name, members, memories.length)], ...counted };
};

function toCoverage(domain: string, members: readonly MemoryRow[], total: number) {
  return {
    domain,
    memories: members.length,
    types: [...new Set(members.map(({ type }) => type))].sort(),
    share: total === 0 ? 0 : rounded(members.length / total),
    newest_at:
      members.length === 0
        ? null
        : new Date(Math.max(...members.map(({ created_at }) => created_at))).toISOString(),
  };
}

export interface Expertise {
  readonly domain: string;
  /** Between 0 and 1. */
  readonly expertise: number;
  readonly memories: number;
  readonly accesses: number;
}

/** How well each domain is mastered, best first: the number of its memories and how useful they are. */
export async function rankExpertise(
  database: Kysely<MemoryTables>,
  now: number,
): Promise<readonly Expertise[]> {
  const memories = await selectMemories(database, now).execute();
  const domains = [...groupByTag(memories)].map(([domain, members]) => {
    const n = members.length;
    const usefulness = members.reduce((sum, memory) => sum + memory.usefulness, 0) / n;
    const accesses = members.reduce((sum, memory) => sum + memory.access_count, 0);
    return { domain, expertise: (n / (n + 5)) * Math.sqrt(usefulness), memories: n, accesses };
  });
  return domains.sort((a, b) => b.expertise - a.expertise);
}

export const getExpertise: HandlerFor<'memory_tools', 'get_expertise', MemoryTables> = async (
  { limit },
  { database, now },
) => {
  const domains = (await rankExpertise(database, now())).slice(0, limit);
  return {
    domains: domains.map((domain) => ({
      ...domain,
      expertise: rounded(domain.expertise),
      level: levelOf(domain.expertise),
    })),
  };
};

function levelOf(expertise: number): 'novice' | 'advanced' | 'expert' {
  if (expertise <= 0.3) return 'novice';
  return expertise <= 0.6 ? 'advanced' : 'expert';
}
