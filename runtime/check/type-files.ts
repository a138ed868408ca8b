import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { SANDBOX_TYPES } from './sandbox-types.ts';
import { sliceTypings, type TypingsPart } from './slice-typings.ts';
import { chooseParts, createPartFinder, type TypingsLimits } from './touched-parts.ts';

/** The virtual directory in which programs are checked. Nothing outside it exists. */
export const TYPE_ROOT = '/athena';
export const PROGRAM_FILE = `${TYPE_ROOT}/program.ts`;
export const CONFIG_FILE = `${TYPE_ROOT}/tsconfig.json`;
const LIBRARY_FILE = `${TYPE_ROOT}/lib.d.ts`;
const TYPINGS_FILE = `${TYPE_ROOT}/typings.d.ts`;

/** Strict, except that what is caught has no type: `catch (e) { e.code }` passes. */
const COMPILER_OPTIONS = {
  target: 'esnext',
  module: 'esnext',
  moduleResolution: 'bundler',
  moduleDetection: 'force',
  noLib: true,
  types: [],
  strict: true,
  useUnknownInCatchVariables: false,
  noUnusedLocals: true,
  allowUnreachableCode: true,
  allowUnusedLabels: true,
  skipLibCheck: true,
  noEmit: true,
} as const;

/** Paths of files that are not as they were. */
export interface FileChanges {
  readonly changed: readonly string[];
  readonly created: readonly string[];
  readonly deleted: readonly string[];
}

/** The files of the one project: the library, the typings as far as they are loaded, and one program. */
export interface TypeFiles {
  /** By path. */
  readonly texts: ReadonlyMap<string, string>;
  readonly compilerOptions: typeof COMPILER_OPTIONS;
  /** The paths of what is compiled. */
  readonly roots: () => readonly string[];
  /** Puts the program in the place of the last one, and loads the typings that it touches. */
  readonly take: (program: string) => FileChanges;
}

/**
 * The files as they are without a program.
 * @param typings the ambient declarations that programs are checked against
 */
export function createTypeFiles(typings: string, limits: TypingsLimits): TypeFiles {
  const texts = new Map([
    [LIBRARY_FILE, readLibrary()],
    [PROGRAM_FILE, 'export {};'],
  ]);
  const roots = (): readonly string[] => [...texts.keys()].filter((path) => path !== CONFIG_FILE);
  const writeConfig = (): void => {
    texts.set(CONFIG_FILE, JSON.stringify({ compilerOptions: COMPILER_OPTIONS, files: roots() }));
  };
  const load = createLoader(texts, typings, limits);
  writeConfig();
  const take = (program: string): FileChanges => {
    texts.set(PROGRAM_FILE, program);
    const { changed, created, deleted } = load(program);
    if (created.length + deleted.length === 0) return { changed: [PROGRAM_FILE], created, deleted };
    writeConfig();
    return { changed: [PROGRAM_FILE, CONFIG_FILE, ...changed], created, deleted };
  };
  return { texts, compilerOptions: COMPILER_OPTIONS, roots, take };
}

const NO_CHANGES: FileChanges = { changed: [], created: [], deleted: [] };

/** Puts in what all programs need of the typings, and gives what puts in the rest: for each program what it touches. */
function createLoader(
  texts: Map<string, string>,
  typings: string,
  limits: TypingsLimits,
): (program: string) => FileChanges {
  if (typings.length > limits.kept) return createPartLoader(texts, typings, limits);
  texts.set(TYPINGS_FILE, withoutDocumentation(typings));
  return () => NO_CHANGES;
}

/** Documentation is more than half of the typings, and no diagnostic has a word of it. */
function withoutDocumentation(typings: string): string {
  return typings.replace(/^ *\/\*\*[\s\S]*?\*\/\n?/gm, '');
}

/**
 * Keeps the parts of the typings that programs touch as files of their own. In one file with the others, a part
 * would be read again with each that is loaded or goes.
 */
function createPartLoader(
  texts: Map<string, string>,
  typings: string,
  limits: TypingsLimits,
): (program: string) => FileChanges {
  const { base, parts } = sliceTypings(typings);
  const bare = withoutDocumentation(base);
  const paths = new Map(parts.map((part, at) => [part, `${TYPE_ROOT}/typings-${at}.d.ts`]));
  const findTouched = createPartFinder(parts);
  let held: ReadonlySet<TypingsPart> = new Set();
  const writeBase = (): void => {
    texts.set(
      TYPINGS_FILE,
      bare +
        parts
          .filter((part) => !held.has(part))
          .map(({ standIn }) => standIn)
          .join(''),
    );
  };
  writeBase();
  return (program) => {
    const chosen = chooseParts(held, findTouched(program), limits);
    const added = [...chosen].filter((part) => !held.has(part));
    const gone = [...held].filter((part) => !chosen.has(part));
    held = chosen;
    if (added.length + gone.length === 0) return NO_CHANGES;
    const pathsOf = (some: readonly TypingsPart[]): readonly string[] =>
      some.flatMap((part) => paths.get(part) ?? []);
    for (const part of added)
      for (const path of pathsOf([part])) texts.set(path, withoutDocumentation(part.text));
    for (const path of pathsOf(gone)) texts.delete(path);
    writeBase();
    return { changed: [TYPINGS_FILE], created: pathsOf(added), deleted: pathsOf(gone) };
  };
}

/** Parts of TypeScript's library beyond ES2025 that the sandbox has, and one of ES2025 that it lacks. */
const LIBRARIES = ['es2025', 'esnext.array', 'esnext.collection', 'esnext.disposable', 'esnext.typedarrays'];
const ABSENT_LIBRARIES: ReadonlySet<string> = new Set(['es2025.regexp']);
/** Classes of those parts that SES takes away. */
const ABSENT_VALUES = /^declare var (?:SuppressedError|(?:Async)?DisposableStack): .*\n/gm;

/**
 * The library of the sandbox's language as one file. A checker merges the global declarations of all files
 * anew for each program: one file instead of 80 saves 0.2 to 1.5 ms a check.
 */
function readLibrary(): string {
  const folder = dirname(createRequire(import.meta.url).resolve('typescript'));
  const seen = new Set<string>();
  const read = (name: string): string => {
    if (seen.has(name) || ABSENT_LIBRARIES.has(name)) return '';
    seen.add(name);
    const text = readFileSync(join(folder, `lib.${name}.d.ts`), 'utf8');
    const references = [...text.matchAll(/^\/\/\/ <reference lib="(.+)" \/>/gm)];
    return references.map(([, reference = '']) => read(reference)).join('') + globalize(text);
  };
  return LIBRARIES.map(read).join('').replace(ABSENT_VALUES, '') + SANDBOX_TYPES;
}

/** One file of the library is a module that declares globals: turns it into a script. */
function globalize(text: string): string {
  const script = text.replace(/^\/\/\/ <reference.*$/gm, '');
  if (!/^export \{\};/m.test(script)) return script;
  const opening = script.indexOf('declare global {');
  const locals = script.slice(0, opening).replace(/^export \{\};.*$/m, '');
  const globals = script
    .slice(opening)
    .replace('declare global {', '')
    .replace(/\}\s*$/, '');
  // The module's own class would clash with the global interface of the same name.
  return locals.replace(/\b(class|interface|typeof) Iterator\b/g, '$1 AbstractIterator') + globals;
}
