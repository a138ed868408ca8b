import type { RawSchema } from '../raw-schema.ts';
import { openDocument, type SchemaDocument, type Scope } from '../references.ts';

const opened = new WeakMap<RawSchema, SchemaDocument>();

/** A schema, or a document that schemas are part of, with what references in it can name. It is read once. */
export function documentOf(raw: RawSchema): SchemaDocument {
  const known = opened.get(raw);
  if (known !== undefined) return known;
  const document = openDocument({ node: raw, pointer: '' });
  opened.set(raw, document);
  return document;
}

/** What the references of a schema are relative to; for one that was put together here it is the whole document. */
export function scopeIn(document: SchemaDocument, schema: unknown): Scope {
  return document.scopeOf(schema) ?? document.scopeOf(document.root.node) ?? document.scope;
}
