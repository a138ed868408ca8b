import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { SANDBOX_TYPES } from './sandbox-types.ts';
import type { TypingsLimits } from './touched-parts.ts';
import { openTypingsFiles } from './typings-files.ts';

/** The virtual directory in which programs are checked. Nothing outside it exists. */
export const TYPE_ROOT = '/athena';
export const PROGRAM_FILE = `${TYPE_ROOT}/program.ts`;
export const CONFIG_FILE = `${TYPE_ROOT}/tsconfig.json`;
const LIBRARY_FILE = `${TYPE_ROOT}/lib.d.ts`;

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

/** The files of the one project: the library, the typings as far as they are loaded, and one program. */
export interface TypeFiles {
  /** By path. */
  readonly texts: ReadonlyMap<string, string>;
  readonly compilerOptions: typeof COMPILER_OPTIONS;
  /** The paths of what is compiled; they never change. */
  readonly roots: readonly string[];
  /** Puts the program in the place of the last one, loads the typings that it touches, and gives the paths that changed. */
  readonly take: (program: string) => readonly string[];
}

/**
 * The files as they are with an empty program.
 * @param typings the ambient declarations that programs are checked against
 */
export function createTypeFiles(typings: string, limits: TypingsLimits): TypeFiles {
  const texts = new Map([
    [LIBRARY_FILE, readLibrary()],
    [PROGRAM_FILE, 'export {};'],
  ]);
  const load = openTypingsFiles(texts, `${TYPE_ROOT}/typings`, typings, limits);
  const roots = [...texts.keys()];
  texts.set(CONFIG_FILE, JSON.stringify({ compilerOptions: COMPILER_OPTIONS, files: roots }));
  const take = (program: string): readonly string[] => {
    texts.set(PROGRAM_FILE, program);
    return [PROGRAM_FILE, ...load(program)];
  };
  return { texts, compilerOptions: COMPILER_OPTIONS, roots, take };
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
