import type { Domain } from '../handler.ts';
import { computeMemoryAttributes, getMemoryAttributes } from './attributes.ts';
import { assignMemoryToIndex, createHierarchicalIndex } from './hierarchical-index.ts';
import { ZETTELKASTEN_MIGRATIONS } from './tables.ts';
import { createMemoryVersion, getMemoryEvolutionHistory } from './versions.ts';

/** Memories as a slip box: versions, computed attributes and a numbered index. */
export const zettelkastenDomain = {
  migrations: ZETTELKASTEN_MIGRATIONS,
  reads: {
    zettelkasten_tools: {
      get_memory_evolution_history: getMemoryEvolutionHistory,
      get_memory_attributes: getMemoryAttributes,
    },
  },
  writes: {
    zettelkasten_tools: {
      create_memory_version: createMemoryVersion,
      compute_memory_attributes: computeMemoryAttributes,
      create_hierarchical_index: createHierarchicalIndex,
      assign_memory_to_index: assignMemoryToIndex,
    },
  },
} as const satisfies Domain;
