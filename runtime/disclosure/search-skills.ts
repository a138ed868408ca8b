import { SKILLS_ROOT, type StoredSkill, summaryOf } from '../contract/skill.ts';
import { indexWords } from './search-index.ts';

/** Finds skills, best first; those whose exact name the query holds come before all others. */
export type SearchSkills = (query: string, skills: readonly StoredSkill[]) => readonly StoredSkill[];

/** What scores below this share of the best only shares a common word with the query. */
const RELEVANT_SHARE = 0.15;

/** Reads the skills again when one of them has changed. */
export function createSkillSearch(): SearchSkills {
  let last: { readonly key: string; readonly score: ReturnType<typeof indexWords> } | undefined;
  return (query, skills) => {
    if (skills.length === 0) return [];
    const documents = skills.map((skill) => ({
      name: skill.name,
      summary: summaryOf(skill),
      description: skill.documentation,
      tags: [],
      parameters: [skill.signature],
    }));
    const key = JSON.stringify(documents);
    if (last?.key !== key) last = { key, score: indexWords(documents) };
    const scores = last.score(query);
    const least = Math.max(...scores) * RELEVANT_SHARE;
    const words = new Set(query.split(/[^A-Za-z0-9]+/));
    return skills
      .map((skill, place) => ({ skill, score: scores[place] ?? 0, isNamed: words.has(skill.name) }))
      .filter(({ score, isNamed }) => isNamed || (score > 0 && score >= least))
      .sort((a, b) => Number(b.isNamed) - Number(a.isNamed) || b.score - a.score)
      .map(({ skill }) => skill);
  };
}

/** The name of the skill that a path names: `skills.weeklyReview({...})`; empty for `skills` alone. */
export function skillNamed(path: string): string | undefined {
  const [root, name = '', ...rest] = path
    .trim()
    .replace(/\(.*$/s, '')
    .split(/[./]/)
    .filter((segment) => segment !== '');
  return root === SKILLS_ROOT && rest.length === 0 ? name : undefined;
}
