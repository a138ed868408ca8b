type TypeCount = {
  readonly type: string;
  readonly count: number;
};

/**
 * How many things there are of each type, the most frequent first. A list and no object, since anybody names
 * types, and a type named `constructor` makes an object that no bridge lets through.
 */
export function countTypes(things: Iterable<{ readonly type: string }>): readonly TypeCount[] {
  return [...Map.groupBy(things, ({ type }) => type)]
    .map(([type, group]) => ({ type, count: group.length }))
    .sort((a, b) => b.count - a.count || (a.type < b.type ? -1 : 1));
}
