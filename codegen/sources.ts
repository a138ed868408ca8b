import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The file among the schemas that is not one of them. */
export const META_SCHEMA = 'meta-schema.json';

/** A schema file as it lies on disk. */
export interface SourceFile {
  readonly name: string;
  readonly text: string;
}

/**
 * Reads the schema files of a folder, in order of name.
 * @param folder where the `<tool>.json` files are; a `meta-schema.json` among them is left out
 * @throws when the folder or a file cannot be read
 */
export async function readSchemaFiles(folder: string): Promise<readonly SourceFile[]> {
  const names = (await readdir(folder)).filter((n) => n.endsWith('.json') && n !== META_SCHEMA);
  return Promise.all(
    names.sort().map(async (name) => ({
      name,
      text: (await readFile(join(folder, name), 'utf8')).replaceAll('\r\n', '\n'),
    })),
  );
}
