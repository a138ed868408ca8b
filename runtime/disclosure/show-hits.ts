import { DISCLOSURE_BYTES, type DisclosureOptions, type Shown } from './disclosed.ts';
import { fitSections } from './fit-text.ts';
import { count, discloseOperation, marksOf, purposeOf, writtenAs } from './operation-line.ts';
import type { Hit } from './search-index.ts';
import { nameTypesOnce, readSignatures } from './show-signatures.ts';

const LISTED = 8;
const WITH_SIGNATURE = 3;
const QUOTED_CHARACTERS = 100;

/** The answer to a query: the best operations, a line each, and the signatures of the first three. */
export async function showHits(
  query: string,
  hits: readonly Hit[],
  options: DisclosureOptions,
): Promise<Shown> {
  const quoted = JSON.stringify(query.slice(0, QUOTED_CHARACTERS));
  if (hits.length === 0) {
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
    `# ${quoted}: the best ${best.length} of ${count(hits.length, 'operation')} found`,
    [
      { heading: '', items: lines, more: (left) => `… ${left} more` },
      {
        heading: '## Signatures',
        items: blocks,
        more: (left) => `… ${left} more: discover({path: "<operation>"})`,
      },
    ],
    `More of one: discover({path: "${entries[0]?.id}", level: 4}).`,
    DISCLOSURE_BYTES.search,
    () => '',
  );
  const operations = best.slice(0, shown[0]).map(({ operation, score }) => ({
    ...discloseOperation(operation, serves),
    score: Math.round(score * 100) / 100,
  }));
  return { ok: true, level: 'search', text, operations };
}
