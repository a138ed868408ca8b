import { isUtf8 } from 'node:buffer';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { shown } from './say.ts';

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
    names
      .sort()
      .map(async (name) => ({ name, text: textOf(await readFile(join(folder, name)), folder, name) })),
  );
}

/**
 * The text of a schema file, with `\n` at the end of its lines and without the mark that some editors begin with.
 * @throws when it is no UTF-8, in which half of it would be lost without a word
 */
export function textOf(bytes: Buffer, folder: string, name: string): string {
  if (!isUtf8(bytes)) throw new Error(`${shown(join(folder, name))} is no UTF-8; save it as UTF-8.`);
  return bytes
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .replaceAll('\r\n', '\n');
}
