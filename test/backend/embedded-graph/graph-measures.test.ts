import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  componentsOf,
  cyclesOf,
  densityOf,
  neighboursOf,
  pageRank,
} from '../../../backend/embedded/graph/graph-measures.ts';
import { isNamed } from '../../../backend/embedded/graph/mentions.ts';

const graphs = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.array(fc.tuple(fc.nat(11), fc.nat(11)), { maxLength: 40 }))
  .map(([count, edges]) => ({
    nodes: Array.from({ length: count }, (_, node) => node),
    edges: edges.filter(([from, to]) => from < count && to < count),
  }));

test('PageRank adds up to 1 whatever the graph', () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      const sum = [...pageRank(graph).values()].reduce((a, b) => a + b, 0);
      assert.ok(Math.abs(sum - 1) < 1e-9);
    }),
  );
});

test('every node is in one component, and density is between 0 and 1', () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      const neighbours = neighboursOf(graph);
      const placed = componentsOf(neighbours).flat();
      assert.deepEqual(
        placed.toSorted((a, b) => a - b),
        graph.nodes,
      );
      const density = densityOf(neighbours);
      assert.ok(density >= 0 && density <= 1);
    }),
  );
});

test('two nodes are in one cycle exactly when each can be reached from the other', () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      const reach = new Map(graph.nodes.map((node) => [node, reachable(node, graph.edges)]));
      const cycles = cyclesOf(graph);
      for (const a of graph.nodes)
        for (const b of graph.nodes) {
          if (a === b) continue;
          const together = cycles.some((cycle) => cycle.includes(a) && cycle.includes(b));
          assert.equal(together, Boolean(reach.get(a)?.has(b) && reach.get(b)?.has(a)));
        }
    }),
  );
});

function reachable(start: number, edges: readonly (readonly [number, number])[]): ReadonlySet<number> {
  const reached = new Set<number>();
  const open = [start];
  for (const node of open)
    for (const [from, to] of edges)
      if (from === node && !reached.has(to)) {
        reached.add(to);
        open.push(to);
      }
  return reached;
}

test('a chain of 50,000 symbols is no cycle, and does not exhaust the stack', () => {
  const nodes = Array.from({ length: 50_000 }, (_, node) => node);
  assert.deepEqual(cyclesOf({ nodes, edges: nodes.slice(1).map((node) => [node - 1, node] as const) }), []);
});

const NAMES: readonly (readonly [text: string, name: string, named: boolean])[] = [
  ['Redis is down', 'redis', true],
  ['about redis.', 'Redis', true],
  ['Redisson is down', 'Redis', false],
  ['Redisson, not redis', 'Redis', true],
  ['see src/a.ts now', 'src/a.ts', true],
  ['naïveté', 'na', false],
  ['parse_config()', 'parse', false],
];

for (const [text, name, named] of NAMES)
  test(`“${text}” ${named ? 'names' : 'does not name'} ${name}`, () => {
    assert.equal(isNamed(text, name), named);
  });
