import { isRecord } from './raw-schema.ts';
import type { SchemaDocument, Spot } from './references.ts';

const shared = new WeakMap<SchemaDocument, string | undefined>();

/**
 * What a definition of a schema has in common with an equal one in another schema: its name, and all
 * definitions around it. A backend that repeats its definitions in every operation gets one type for all.
 * Undefined where its meaning could hang on more than that.
 */
export function likenessOf(
  { pointer }: Spot,
  document: SchemaDocument,
  isEarly: boolean,
): string | undefined {
  const place = pointer.slice(document.root.pointer.length);
  if (!/^\/(?:\$defs|definitions)\/[^/]+$/.test(place)) return undefined;
  if (!shared.has(document)) shared.set(document, definitionsOf(document));
  const definitions = shared.get(document);
  return definitions === undefined ? undefined : `${isEarly} ${place} ${definitions}`;
}

/** All definitions of a schema as one text; undefined when they lead out of themselves or have other names. */
function definitionsOf({ root }: SchemaDocument): string | undefined {
  if (!isRecord(root.node) || root.node.$id !== undefined || root.node.id !== undefined) return undefined;
  const text = JSON.stringify([root.node.$defs, root.node.definitions]);
  if (/"(?:\$?id|\$anchor|\$schema|\$\w+(?:Anchor|Ref))":/.test(text)) return undefined;
  const references = [...text.matchAll(/"\$ref":"([^"]*)"/g)].map(([, reference]) => reference ?? '');
  const stayInside = references.every((reference) => /^#\/(?:\$defs|definitions)\//.test(reference));
  return stayInside ? text : undefined;
}
