import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The files among the schemas that are none of them. */
export const OTHER_FILES = ['meta-schema.json', 'imported-meta-schema.json', 'backend.json', 'imported.json'];

/** A schema file as it lies on disk. */
export interface SourceFile {
  readonly name: string;
  readonly text: string;
}

/**
 * Reads the schema files of a folder, in order of name.
 * @param folder where the `<tool>.json` files are; meta-schemas and what an import notes are left out
 * @throws when the folder or a file cannot be read
 */
export async function readSchemaFiles(folder: string): Promise<readonly SourceFile[]> {
  const names = (await readdir(folder)).filter((n) => n.endsWith('.json') && !OTHER_FILES.includes(n));
  return Promise.all(
    names.sort().map(async (name) => ({
      name,
      text: (await readFile(join(folder, name), 'utf8')).replaceAll('\r\n', '\n'),
    })),
  );
}
