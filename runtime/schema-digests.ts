import { createHash } from 'node:crypto';
import type { Catalogue, OperationEntry, OperationId } from './contract/catalogue.ts';
import type { SchemaDigests } from './contract/journal.ts';

/** Tells schemas of operations apart, so that a change of one is noticed when an old run is run again. */
export function createSchemaDigests(
  catalogue: Catalogue,
  find: (id: OperationId) => OperationEntry | undefined,
): (operations: readonly OperationId[]) => Promise<SchemaDigests> {
  const known = new Map<OperationId, string>();
  const digest = async (id: OperationId): Promise<string> => {
    const seen = known.get(id);
    if (seen !== undefined) return seen;
    const namespace = find(id)?.namespace ?? '';
    const details = (await catalogue.details(namespace))?.[id];
    const text = JSON.stringify([details?.parameters, details?.result]);
    const made = createHash('sha256').update(text).digest('base64url').slice(0, 16);
    known.set(id, made);
    return made;
  };
  return async (operations) =>
    Object.fromEntries(await Promise.all(operations.map(async (id) => [id, await digest(id)] as const)));
}

/** The operations whose schemas are not what they were. */
export function changedSchemas(before: SchemaDigests, now: SchemaDigests): readonly string[] {
  return Object.entries(before).flatMap(([id, digest]) => (now[id as OperationId] === digest ? [] : [id]));
}
