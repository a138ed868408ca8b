import { isRecord, type RawSchema } from './raw-schema.ts';

const OBJECT_WORDS = ['properties', 'patternProperties', 'additionalProperties'];
const LIST_WORDS = ['items', 'prefixItems'];
const NAMES_TYPES = ['type', 'const', 'enum', '$ref', 'not', 'if'];
const COMBINATIONS = ['allOf', 'anyOf', 'oneOf'];

/**
 * A schema with the type that its words are about. To the letter, `{"properties": …}` lets every string
 * through; whoever writes it means objects. Nothing is added where types are named, be it by a branch.
 */
export function addImpliedType(schema: RawSchema): RawSchema {
  const isAbout = (words: readonly string[]) => words.some((word) => schema[word] !== undefined);
  if (isAbout(LIST_WORDS) === isAbout(OBJECT_WORDS)) return schema;
  const type = isAbout(OBJECT_WORDS) ? 'object' : 'array';
  return namesTypes(schema, type) ? schema : { type, ...schema };
}

/** Whether a schema names types itself, or has a branch that does, be they implied there; other ones than `type`. */
function namesTypes(schema: RawSchema, type: string): boolean {
  if (NAMES_TYPES.some((word) => schema[word] !== undefined)) return true;
  const branches = COMBINATIONS.flatMap((word) => schema[word] ?? []);
  return branches.some((branch) => isRecord(branch) && branch.type !== type && namesTypes(branch, type));
}
