import { OperationError } from '../handler.ts';
import { readEntityRow } from './entity-store.ts';
import type { EntityRow, GraphContext } from './tables.ts';

const SYMBOL_TYPES: ReadonlySet<string> = new Set(
  (
    'function method class module interface variable type constant enum struct trait package namespace property ' +
    'field constructor component'
  ).split(' '),
);

/** Relations by which the left symbol depends on the right one. */
const DEPENDS: ReadonlySet<string> = new Set(
  (
    'calls uses imports depends_on extends implements references requires instantiates overrides inherits_from ' +
    'reads writes'
  ).split(' '),
);
/** The same, read from right to left. */
const IS_NEEDED_BY: ReadonlySet<string> = new Set(
  (
    'called_by used_by imported_by extended_by implemented_by referenced_by required_by instantiated_by ' +
    'overridden_by read_by written_by'
  ).split(' '),
);

/** One symbol depends on another. */
export interface Dependency {
  readonly dependent: number;
  readonly dependency: number;
  readonly relationType: string;
}

export interface SymbolGraph {
  readonly entities: ReadonlyMap<number, EntityRow>;
  readonly dependencies: readonly Dependency[];
}

export function isSymbol({ type }: EntityRow): boolean {
  return SYMBOL_TYPES.has(type);
}

/** All entities, and the relations between them that are dependencies. */
export async function readSymbolGraph({ database }: GraphContext): Promise<SymbolGraph> {
  const entities = await database.selectFrom('entities').selectAll().orderBy('id').execute();
  const relations = await database.selectFrom('relations').selectAll().orderBy('id').execute();
  const dependencies = relations.flatMap(({ from_id, type, to_id }) => {
    if (DEPENDS.has(type)) return [{ dependent: from_id, dependency: to_id, relationType: type }];
    if (IS_NEEDED_BY.has(type)) return [{ dependent: to_id, dependency: from_id, relationType: type }];
    return [];
  });
  return { entities: new Map(entities.map((entity) => [entity.id, entity])), dependencies };
}

/** @throws {OperationError} when no entity has the name, or one that is no code symbol */
export async function readSymbol(name: string, context: GraphContext): Promise<EntityRow> {
  const row = await readEntityRow(name, context);
  if (isSymbol(row)) return row;
  const types = [...SYMBOL_TYPES].join(', ');
  throw new OperationError(
    `\`${name}\` is a ${row.type} and no code symbol; symbols are of the types ${types}`,
  );
}
