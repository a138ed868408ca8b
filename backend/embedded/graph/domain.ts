import type { Domain } from '../handler.ts';
import { getAssociations } from './associations.ts';
import { getCausalContext } from './causal-context.ts';
import { addObservation, createEntity, createRelation } from './entities.ts';
import { findMemoryPath } from './memory-path.ts';
import { getGraphMetrics } from './metrics.ts';
import { searchGraph, searchGraphWithDepth } from './search-graph.ts';
import { analyzeSymbols } from './symbol-patterns.ts';
import { findSymbolDependencies, findSymbolDependents, getSymbolInfo } from './symbols.ts';
import { synthesizeSession } from './synthesis.ts';
import { GRAPH_MIGRATIONS } from './tables.ts';
import { searchWithSurroundings } from './temporal-search.ts';

/** Entities and relations, code symbols among them, and how what is stored hangs together. */
export const graphDomain = {
  migrations: GRAPH_MIGRATIONS,
  reads: {
    graph_tools: {
      search_graph: searchGraph,
      search_graph_with_depth: searchGraphWithDepth,
      get_graph_metrics: getGraphMetrics,
      analyze_symbols: analyzeSymbols,
      get_symbol_info: getSymbolInfo,
      find_symbol_dependencies: findSymbolDependencies,
      find_symbol_dependents: findSymbolDependents,
      get_causal_context: getCausalContext,
      temporal_search_enrich: searchWithSurroundings,
      find_memory_path: findMemoryPath,
      get_associations: getAssociations,
    },
  },
  writes: {
    graph_tools: {
      create_entity: createEntity,
      create_relation: createRelation,
      add_observation: addObservation,
      temporal_kg_synthesis: synthesizeSession,
    },
  },
} as const satisfies Domain;
