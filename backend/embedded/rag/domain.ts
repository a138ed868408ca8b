import type { Domain } from '../handler.ts';
import { calibrateUncertainty } from './calibrate.ts';
import { reflectiveRetrieve } from './reflective-retrieve.ts';
import { findRelatedContext } from './related-context.ts';
import { retrieveSmart } from './retrieve-smart.ts';
import { routePlanningQuery } from './route-planning.ts';
import { enrichTemporalContext } from './temporal-context.ts';

/** Retrieval over every kind of thing that the other domains store. */
export const ragDomain = {
  migrations: {},
  reads: {
    rag_tools: {
      retrieve_smart: retrieveSmart,
      calibrate_uncertainty: calibrateUncertainty,
      route_planning_query: routePlanningQuery,
      enrich_temporal_context: enrichTemporalContext,
      find_related_context: findRelatedContext,
      reflective_retrieve: reflectiveRetrieve,
    },
  },
  writes: {},
} as const satisfies Domain;
