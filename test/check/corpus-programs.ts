import { readdirSync, readFileSync } from 'node:fs';

const FOLDER = new URL('./corpus/', import.meta.url);
const ENDING = '.ts.txt';

export interface CorpusProgram {
  /** Folder and file: `memory/recall-and-return`. */
  readonly name: string;
  readonly code: string;
}

/** Programs as agents write them, by folders of one habit or feature each. */
export const PROGRAMS: readonly CorpusProgram[] = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith(ENDING))
  .toSorted()
  .map((path) => ({
    name: path.slice(0, -ENDING.length).replaceAll('\\', '/'),
    code: readFileSync(new URL(path, FOLDER), 'utf8'),
  }));
