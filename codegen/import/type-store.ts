import { camelCase, pascal } from '../names.ts';
import { isRecord, type RawSchema } from '../raw-schema.ts';
import type { Properties, Schema } from '../schema.ts';

/** The `$defs` of one file while it is being written. */
export interface TypeStore {
  /** The name of what stands at a JSON pointer of a document. `make` is called when it is first asked for. */
  nameOf(document: RawSchema, pointer: string, make: () => Schema): string;
  readonly types: Properties;
}

/** Where a document keeps its definitions, in all drafts and in OpenAPI. */
const DEFINITIONS = /^\/(?:\$defs|definitions|components)\//;

/**
 * One store serves all operations of a file. Documents that carry the same definitions share their names; others
 * get names of their own.
 * @param reserved names that the compiler gives to the operations' own types
 */
export function createTypeStore(reserved: ReadonlySet<string>): TypeStore {
  const shared = new Map<string, string>();
  const own = new WeakMap<RawSchema, Map<string, string>>();
  const taken = new Set(reserved);
  const types: Record<string, Schema> = {};
  const textOf = createDefinitionsReader();
  const nameOf: TypeStore['nameOf'] = (document, pointer, make) => {
    const isShared = DEFINITIONS.test(pointer);
    const names = isShared ? shared : (own.get(document) ?? new Map<string, string>());
    if (!isShared) own.set(document, names);
    const key = isShared ? `${pointer}\n${textOf(document)}` : pointer;
    const known = names.get(key);
    if (known !== undefined) return known;
    const name = uniqueName(typeNameFrom(pointer), taken);
    taken.add(name);
    names.set(key, name);
    // The name is known before its schema is made, which may refer to itself.
    types[name] = true;
    types[name] = make();
    return name;
  };
  return { nameOf, types };
}

function createDefinitionsReader(): (document: RawSchema) => string {
  const texts = new WeakMap<RawSchema, string>();
  return (document) => {
    const known = texts.get(document);
    if (known !== undefined) return known;
    const { $defs, definitions, components } = document;
    const text = JSON.stringify([$defs, definitions, isRecord(components) ? 'components' : undefined]);
    texts.set(document, text);
    return text;
  };
}

function typeNameFrom(pointer: string): string {
  const last = pointer.slice(pointer.lastIndexOf('/') + 1).replace(/~[01]/g, ' ');
  const ascii = pascal(camelCase(last)).replace(/[^A-Za-z0-9]/g, '');
  return /^[A-Z]/.test(ascii) ? ascii : `Type${ascii}`;
}

export function uniqueName(name: string, taken: ReadonlySet<string>): string {
  let candidate = name;
  for (let i = 2; taken.has(candidate); i++) candidate = `${name}${i}`;
  return candidate;
}
