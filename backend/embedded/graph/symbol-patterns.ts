import { countTypes } from './count-types.ts';
import { cyclesOf } from './graph-measures.ts';
import { isSymbol, readSymbolGraph, type SymbolGraph } from './symbol-graph.ts';
import type { GraphContext } from './tables.ts';

type SymbolPattern = {
  readonly pattern: 'cycle' | 'hub' | 'unused' | 'deep_inheritance';
  readonly symbols: readonly string[];
  readonly detail: string;
};

/** A hub has at least so many direct dependents, and so many times the average. */
const HUB_DEPENDENTS = 5;
const HUB_TIMES_AVERAGE = 2;
/** Classes in a chain of inheritance from which on it is long. */
const DEEP = 4;
const INHERITS: ReadonlySet<string> = new Set(['extends', 'inherits_from', 'extended_by']);
/** What holds other symbols is used through them. */
const CONTAINERS: ReadonlySet<string> = new Set(['module', 'package', 'namespace']);

export async function analyzeSymbols(_params: object, context: GraphContext) {
  const all = await readSymbolGraph(context);
  const symbols = new Map([...all.entities].filter(([, entity]) => isSymbol(entity)));
  const dependencies = all.dependencies.filter(
    ({ dependent, dependency }) => symbols.has(dependent) && symbols.has(dependency),
  );
  const graph = { entities: symbols, dependencies };
  const patterns = [
    ...findCycles(graph),
    ...findHubs(graph),
    ...findUnused(graph),
    ...findDeepInheritance(graph),
  ];
  return {
    status: 'success',
    symbols_analyzed: symbols.size,
    symbols_by_type: countTypes(symbols.values()),
    patterns_found: patterns.length,
    patterns,
    timestamp: new Date(context.now()).toISOString(),
  };
}

function findCycles(graph: SymbolGraph): readonly SymbolPattern[] {
  const edges = graph.dependencies.map(({ dependent, dependency }) => [dependent, dependency] as const);
  return cyclesOf({ nodes: [...graph.entities.keys()], edges }).map((cycle) => ({
    pattern: 'cycle',
    symbols: namesOf(cycle, graph),
    detail: `${cycle.length} symbols depend on each other`,
  }));
}

function findHubs(graph: SymbolGraph): readonly SymbolPattern[] {
  const dependents = countDependents(graph);
  const average = graph.dependencies.length / Math.max(1, graph.entities.size);
  return [...dependents]
    .filter(([, { size }]) => size >= HUB_DEPENDENTS && size >= HUB_TIMES_AVERAGE * average)
    .sort(([, a], [, b]) => b.size - a.size)
    .map(([id, { size }]) => ({
      pattern: 'hub',
      symbols: namesOf([id], graph),
      detail: `${size} symbols depend on it directly, ${average.toFixed(1)} on average`,
    }));
}

/** A symbol that depends on others and that nothing depends on: dead code, or where a program begins. */
function findUnused(graph: SymbolGraph): readonly SymbolPattern[] {
  const used = countDependents(graph);
  const active = new Set(graph.dependencies.map(({ dependent }) => dependent));
  const unused = [...active].filter(
    (id) => !used.has(id) && !CONTAINERS.has(graph.entities.get(id)?.type ?? ''),
  );
  if (unused.length === 0) return [];
  const detail = 'no stored symbol depends on them: dead code, or entry points';
  return [{ pattern: 'unused', symbols: namesOf(unused, graph), detail }];
}

/** The chain up from each class that nothing extends, along the first parent of each. A cycle ends it. */
function findDeepInheritance(graph: SymbolGraph): readonly SymbolPattern[] {
  const inheritance = graph.dependencies.filter(({ relationType }) => INHERITS.has(relationType));
  const parents = Map.groupBy(inheritance, ({ dependent }) => dependent);
  const extended = new Set(inheritance.map(({ dependency }) => dependency));
  return [...parents.keys()]
    .filter((id) => !extended.has(id))
    .map((id) => {
      const chain = [id];
      for (const each of chain) {
        const parent = parents.get(each)?.find(({ dependency }) => !chain.includes(dependency));
        if (parent !== undefined) chain.push(parent.dependency);
      }
      return chain;
    })
    .filter(({ length }) => length >= DEEP)
    .map((chain) => ({
      pattern: 'deep_inheritance',
      symbols: namesOf(chain, graph),
      detail: `${chain.length} classes in a chain, the most derived first`,
    }));
}

function countDependents({ dependencies }: SymbolGraph): ReadonlyMap<number, ReadonlySet<number>> {
  const groups = Map.groupBy(
    dependencies.filter(({ dependent, dependency }) => dependent !== dependency),
    ({ dependency }) => dependency,
  );
  return new Map([...groups].map(([id, group]) => [id, new Set(group.map(({ dependent }) => dependent))]));
}

function namesOf(ids: readonly number[], { entities }: SymbolGraph): readonly string[] {
  return ids.flatMap((id) => entities.get(id)?.name ?? []);
}
