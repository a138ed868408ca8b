import { isObject } from './references.ts';

type RawSchema = Readonly<Record<string, unknown>>;

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
  if (isAbout(LIST_WORDS) === isAbout(OBJECT_WORDS) || namesTypes(schema)) return schema;
  return { type: isAbout(OBJECT_WORDS) ? 'object' : 'array', ...schema };
}

function namesTypes(schema: RawSchema): boolean {
  if (NAMES_TYPES.some((word) => schema[word] !== undefined)) return true;
  return COMBINATIONS.some((word) => {
    const branches: unknown = schema[word];
    return Array.isArray(branches) && branches.some((branch) => isObject(branch) && namesOther(branch));
  });
}

/** Whether a branch names types itself, be they implied already. */
function namesOther(branch: RawSchema): boolean {
  return branch.type !== 'object' && NAMES_TYPES.some((word) => branch[word] !== undefined);
}
