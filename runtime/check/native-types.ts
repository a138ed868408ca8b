import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { API, type Diagnostic, type Snapshot } from 'typescript-native/unstable/sync';
import type { TypeChecker, TypeFinding } from './type-checker.ts';
import { CONFIG_FILE, createTypeFiles, PROGRAM_FILE, TYPE_ROOT } from './type-files.ts';

/**
 * TypeScript 7 through its own process. Its API is marked unstable: this file is all that knows it.
 * Calls block the thread; the check runs in a thread of its own.
 * @throws where the binary for this platform is missing or does not start
 */
export function openNativeTypes(typings: string): TypeChecker {
  const files = createTypeFiles(typings);
  const { api, pid } = spawnCompiler(files);
  let current: Snapshot | undefined;
  const check = (text: string): readonly TypeFinding[] => {
    files.set(PROGRAM_FILE, text);
    const previous = current;
    current = api.updateSnapshot(
      previous === undefined ? { openProjects: [CONFIG_FILE] } : { fileChanges: { changed: [PROGRAM_FILE] } },
    );
    previous?.dispose();
    const project = current.getProject(CONFIG_FILE);
    if (project === undefined) throw new Error('The type checker lost its project.');
    return project.program.getSemanticDiagnostics(PROGRAM_FILE).map(toFinding);
  };
  return { kind: 'native', pid, check, close: () => closeCompiler(api) };
}

/** The API keeps its process to itself; Node announces every process that a thread starts. */
function spawnCompiler(files: ReadonlyMap<string, string>): { api: API; pid: number | undefined } {
  let child: { readonly pid?: number } | undefined;
  const listen = (message: unknown): void => {
    child = (message as { readonly process: { readonly pid?: number } }).process;
  };
  subscribe('child_process', listen);
  try {
    const api = new API({ cwd: TYPE_ROOT, fs: createFileSystem(files) });
    return { api, pid: child?.pid };
  } finally {
    unsubscribe('child_process', listen);
  }
}

/** Closing first tells the process to release what it holds, which fails when it was ended. */
function closeCompiler(api: API): void {
  try {
    api.close();
  } catch {
    // There is nothing left to release.
  }
}

/** Only the project's own files exist: a program's reference comments read nothing from the disk. */
function createFileSystem(files: ReadonlyMap<string, string>) {
  return {
    readFile: (path: string) => files.get(path) ?? null,
    fileExists: (path: string) => files.has(path),
    directoryExists: (path: string) => path === TYPE_ROOT,
    getAccessibleEntries: () => ({ files: [], directories: [] }),
    realpath: (path: string) => path,
  };
}

function toFinding(diagnostic: Diagnostic): TypeFinding {
  return { code: diagnostic.code, start: diagnostic.pos, lines: linesOf(diagnostic) };
}

function linesOf(diagnostic: Diagnostic): readonly string[] {
  return [diagnostic.text, ...(diagnostic.messageChain ?? []).flatMap(linesOf)];
}
