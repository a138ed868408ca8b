import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const REPOSITORY = fileURLToPath(new URL('..', import.meta.url));

/** What tells the versions of dependencies, as a path from the repository. */
export const LOCK_FILE = 'package-lock.json';

/** What shapes the output beside the schemas and `codegen/` itself. */
const OTHER_SOURCES = [
  'schemas/meta-schema.json',
  'schemas/imported-meta-schema.json',
  'runtime/contract/catalogue.ts',
  'runtime/contract/json.ts',
];

/** The sources of the generator that shape its output, as sorted paths from the repository with `/`. */
export function listGeneratorFiles(): readonly string[] {
  const own = readdirSync(join(REPOSITORY, 'codegen'), { recursive: true, encoding: 'utf8' });
  // What imports schemas has no part in compiling them.
  const shaping = own.filter((path) => path.endsWith('.ts') && !path.startsWith('import'));
  const paths = shaping.map((path) => join('codegen', path));
  return [...paths, ...OTHER_SOURCES].map((path) => path.replaceAll('\\', '/')).sort();
}
