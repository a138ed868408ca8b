import { type ListedSkill, SKILLS_ROOT } from '../contract/skill.ts';
import { DISCLOSURE_BYTES, type DisclosureOptions, type Shown } from './disclosed.ts';
import { fitSections } from './fit-text.ts';
import { count, discloseOperation, marksOf, purposeOf, writtenAs } from './operation-line.ts';
import type { Hit } from './search-index.ts';
import { nameTypesOnce, readSignatures } from './show-signatures.ts';
import { printLine } from './show-skills.ts';

const LISTED = 8;
const WITH_SIGNATURE = 3;
const QUOTED_CHARACTERS = 100;

/**
 * The answer to a query: the best operations, a line each, and the signatures of the first three; before them
 * the skills that were found.
 */
export async function showHits(
  query: string,
  hits: readonly Hit[],
  skills: readonly ListedSkill[],
  options: DisclosureOptions,
): Promise<Shown> {
  const quoted = JSON.stringify(query.slice(0, QUOTED_CHARACTERS));
  if (hits.length === 0 && skills.length === 0) {
    const text = `No operation matches ${quoted}. Try other words, or browse: discover({}) shows the layers, discover({path: "<layer>"}) lists their operations.`;
    return { ok: true, level: 'search', text, operations: [] };
  }
  const { serves, catalogue, rootName } = options;
  const best = hits.slice(0, LISTED);
  const entries = best.map(({ operation }) => operation);
  const signatures = await readSignatures(entries.slice(0, WITH_SIGNATURE), catalogue);
  const lines = entries.map(
    (entry) =>
      `- ${writtenAs(entry.id, entry, rootName)}${marksOf(entry, serves(entry))}: ${purposeOf(entry)}`,
  );
  const blocks = nameTypesOnce(signatures).map(
    (signature, index) => `// ${entries[index]?.id}\n${signature}`,
  );
  const { text, shown } = fitSections(
    `# ${quoted}: the best ${best.length} of ${count(hits.length, 'operation')} found${skills.length === 0 ? '' : `, and ${count(skills.length, 'skill')} of this project`}`,
    [
      {
        heading: skills.length === 0 ? '' : '## Skills',
        items: skills.map(printLine),
        more: (left) => `… ${left} more`,
      },
      { heading: skills.length === 0 ? '' : '## Operations', items: lines, more: (left) => `… ${left} more` },
      {
        heading: '## Signatures',
        items: blocks,
        more: (left) => `… ${left} more: discover({path: "<operation>"})`,
      },
    ],
    `More of one: discover({path: "${entries[0]?.id ?? `${SKILLS_ROOT}.${skills[0]?.name}`}", level: 4}).`,
    DISCLOSURE_BYTES.search,
    () => '',
  );
  const operations = best.slice(0, shown[1]).map(({ operation, score }) => ({
    ...discloseOperation(operation, serves),
    score: Math.round(score * 100) / 100,
  }));
  return { ok: true, level: 'search', text, operations };
}
