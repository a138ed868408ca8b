import type { HandlerFor } from '../handler.ts';
import { assertMemory } from '../memory/forget.ts';
import type { MemoryTables } from '../memory/tables.ts';
import { rounded } from '../rounded.ts';
import { searchThings } from './search-things.ts';

const MAX_EVIDENCE = 5;
/** Confidences from which on a claim is supported, or at least weakly so. */
const SUPPORTED = 0.5;
const WEAK = 0.2;
/** How much the usefulness of a memory speaks for it. */
const USEFULNESS_WEIGHT = 0.5;

export const calibrateUncertainty: HandlerFor<'rag_tools', 'calibrate_uncertainty', MemoryTables> = async (
  { result_text, result_id },
  context,
) => {
  const memory = result_id === undefined ? undefined : await assertMemory(result_id, context);
  const claim = result_text.trim() === '' ? (memory?.content ?? '') : result_text;
  const hits = await searchThings({ query: claim, limit: MAX_EVIDENCE + 1 }, context);
  const evidence = hits
    .filter(({ kind, id }) => kind !== 'memory' || id !== memory?.id)
    .slice(0, MAX_EVIDENCE);
  // A text that has half of the words hardly supports a claim: the cube makes an eighth of it.
  const supports = evidence.map(({ score }) => score ** 3);
  if (memory !== undefined) supports.push(memory.usefulness * USEFULNESS_WEIGHT);
  const confidence = 1 - supports.reduce((doubt, support) => doubt * (1 - support), 1);
  return {
    result_id: memory?.id ?? null,
    confidence_score: rounded(confidence),
    abstain_recommended: confidence < SUPPORTED,
    status: confidence >= SUPPORTED ? 'supported' : confidence >= WEAK ? 'weak' : 'unsupported',
    evidence,
  };
};
