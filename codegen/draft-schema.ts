import applicator from 'ajv/dist/refs/json-schema-2020-12/meta/applicator.json' with { type: 'json' };
import content from 'ajv/dist/refs/json-schema-2020-12/meta/content.json' with { type: 'json' };
import core from 'ajv/dist/refs/json-schema-2020-12/meta/core.json' with { type: 'json' };
import format from 'ajv/dist/refs/json-schema-2020-12/meta/format-annotation.json' with { type: 'json' };
import metadata from 'ajv/dist/refs/json-schema-2020-12/meta/meta-data.json' with { type: 'json' };
import unevaluated from 'ajv/dist/refs/json-schema-2020-12/meta/unevaluated.json' with { type: 'json' };
import validation from 'ajv/dist/refs/json-schema-2020-12/meta/validation.json' with { type: 'json' };
import whole from 'ajv/dist/refs/json-schema-2020-12/schema.json' with { type: 'json' };

/** A document's part for one vocabulary. */
interface Vocabulary {
  readonly properties: object;
  readonly $defs?: object;
}

/**
 * The meta-schema of draft 2020-12 as one schema that refers to itself. To the letter it is eight, which refer to
 * each other through dynamic references: Ajv takes four times as long to compile them.
 */
export function createDraftSchema(): object {
  const parts: readonly Vocabulary[] = [
    core,
    applicator,
    unevaluated,
    validation,
    metadata,
    format,
    content,
    whole,
  ];
  const joined = {
    $id: whole.$id,
    type: whole.type,
    properties: Object.assign({}, ...parts.map(({ properties }) => properties)),
    $defs: Object.assign({}, ...parts.map(({ $defs }) => $defs)),
  };
  return JSON.parse(JSON.stringify(joined), (_key, value: unknown) => plainReference(value));
}

/** A value of a schema; where it is a reference, one within the joined schema. */
function plainReference(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  // There are properties of these names, too.
  if ('$dynamicRef' in value && typeof value.$dynamicRef === 'string') return { $ref: '#' };
  if (!('$ref' in value) || typeof value.$ref !== 'string') return value;
  return { ...value, $ref: value.$ref.replace(/^meta\/\w+#/, '#') };
}
