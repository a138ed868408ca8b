/** A graph of numbered nodes with directed edges. */
export interface Digraph {
  readonly nodes: readonly number[];
  readonly edges: readonly (readonly [from: number, to: number])[];
}

const DAMPING = 0.85;
const ITERATIONS = 40;

/** The neighbours of each node, whatever the direction; a node is no neighbour of itself. */
export function neighboursOf({ nodes, edges }: Digraph): ReadonlyMap<number, ReadonlySet<number>> {
  const neighbours = new Map(nodes.map((node) => [node, new Set<number>()]));
  for (const [from, to] of edges) {
    if (from === to) continue;
    neighbours.get(from)?.add(to);
    neighbours.get(to)?.add(from);
  }
  return neighbours;
}

/** Connected pairs among all pairs of nodes; 0 when there is no pair. */
export function densityOf(neighbours: ReadonlyMap<number, ReadonlySet<number>>): number {
  const count = neighbours.size;
  const ends = [...neighbours.values()].reduce((sum, each) => sum + each.size, 0);
  return count < 2 ? 0 : ends / (count * (count - 1));
}

/** The groups of nodes that are connected among themselves, largest first. */
export function componentsOf(
  neighbours: ReadonlyMap<number, ReadonlySet<number>>,
): readonly (readonly number[])[] {
  const seen = new Set<number>();
  const components: number[][] = [];
  for (const start of neighbours.keys()) {
    if (seen.has(start)) continue;
    seen.add(start);
    const component = [start];
    for (const node of component) {
      for (const next of neighbours.get(node) ?? []) {
        if (seen.has(next)) continue;
        seen.add(next);
        component.push(next);
      }
    }
    components.push(component);
  }
  return components.sort((a, b) => b.length - a.length);
}

/** Connected pairs among the neighbours of a node; 0 below two neighbours. */
export function clusteringOf(node: number, neighbours: ReadonlyMap<number, ReadonlySet<number>>): number {
  const around = neighbours.get(node) ?? new Set<number>();
  const ends = [...around].reduce(
    (sum, each) => sum + (neighbours.get(each) ?? new Set()).intersection(around).size,
    0,
  );
  return around.size < 2 ? 0 : ends / (around.size * (around.size - 1));
}

/** PageRank (Brin and Page, 1998) with damping 0.85; nodes without a way out share with all. Adds up to 1. */
export function pageRank({ nodes, edges }: Digraph): ReadonlyMap<number, number> {
  const targets = Map.groupBy(edges, ([from]) => from);
  let ranks = new Map(nodes.map((node) => [node, 1 / nodes.length]));
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const stuck = nodes.reduce((sum, node) => sum + (targets.has(node) ? 0 : (ranks.get(node) ?? 0)), 0);
    const base = (1 - DAMPING + DAMPING * stuck) / nodes.length;
    const next = new Map(nodes.map((node) => [node, base]));
    for (const [from, out] of targets) {
      const share = (DAMPING * (ranks.get(from) ?? 0)) / out.length;
      for (const [, to] of out) next.set(to, (next.get(to) ?? 0) + share);
    }
    ranks = next;
  }
  return ranks;
}

/** The groups of nodes that reach each other, of two nodes or more (Kosaraju and Sharir, without recursion). */
export function cyclesOf({ nodes, edges }: Digraph): readonly (readonly number[])[] {
  const outgoing = Map.groupBy(edges, ([from]) => from);
  const incoming = Map.groupBy(edges, ([, to]) => to);
  const finished: number[] = [];
  const seen = new Set<number>();
  for (const start of nodes)
    visit(start, (node) => (outgoing.get(node) ?? []).map(([, to]) => to), seen, finished);
  const assigned = new Set<number>();
  return finished.reverse().flatMap((start) => {
    const group: number[] = [];
    visit(start, (node) => (incoming.get(node) ?? []).map(([from]) => from), assigned, group);
    // Against the edges, a ring is finished in their own order, its start last.
    return group.length > 1 ? [[start, ...group.slice(0, -1)]] : [];
  });
}

/** Visits what can be reached and was not seen, depth first, and adds each node when all behind it is done. */
function visit(
  start: number,
  next: (node: number) => readonly number[],
  seen: Set<number>,
  finished: number[],
): void {
  if (seen.has(start)) return;
  seen.add(start);
  const stack = [{ node: start, open: next(start).values() }];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const { value, done } = top.open.next();
    if (done === true) {
      finished.push(top.node);
      stack.pop();
    } else if (!seen.has(value)) {
      seen.add(value);
      stack.push({ node: value, open: next(value).values() });
    }
  }
}
