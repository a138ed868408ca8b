import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { API, type Diagnostic, type Snapshot } from 'typescript-native/unstable/sync';
import type { TypeChecker, TypeFinding } from './type-checker.ts';
import { CONFIG_FILE, PROGRAM_FILE, TYPE_ROOT, type TypeFiles } from './type-files.ts';

/** A process as Node announces it: not started yet. */
interface Announced {
  readonly pid?: number;
  spawn(options: SpawnRequest): unknown;
}

/** What Node hands to a process that it starts. The first of `args` is the name by which it was called. */
interface SpawnRequest {
  readonly file: string;
  readonly args: readonly string[];
  readonly stdio: unknown;
}

/**
 * TypeScript 7 through its own process. Its API is marked unstable: this file is all that knows it.
 * Calls block the thread; the check runs in a thread of its own.
 * @param launcher a command that becomes the compiler, which it is given with its arguments; may be empty
 * @throws where the binary for this platform, or the launcher, is missing or does not start
 */
export function openNativeTypes(launcher: readonly string[], files: TypeFiles): TypeChecker {
  const { api, pid } = spawnCompiler(launcher, files.texts);
  let current: Snapshot | undefined;
  const check = (text: string): readonly TypeFinding[] => {
    const changed = [...files.take(text)];
    const previous = current;
    current = api.updateSnapshot(
      previous === undefined ? { openProjects: [CONFIG_FILE] } : { fileChanges: { changed } },
    );
    previous?.dispose();
    const project = current.getProject(CONFIG_FILE);
    if (project === undefined) throw new Error('The type checker lost its project.');
    return project.program.getSemanticDiagnostics(PROGRAM_FILE).map(toFinding);
  };
  return { kind: 'native', pid, check, close: () => closeCompiler(api) };
}

/** The API keeps its process to itself; Node announces every process that a thread is about to start. */
function spawnCompiler(
  launcher: readonly string[],
  files: ReadonlyMap<string, string>,
): { api: API; pid: number | undefined } {
  let child: Announced | undefined;
  const listen = (message: unknown): void => {
    child = (message as { readonly process: Announced }).process;
    launchBy(launcher, child);
  };
  subscribe('child_process', listen);
  try {
    const api = new API({ cwd: TYPE_ROOT, fs: createFileSystem(files) });
    return { api, pid: child?.pid };
  } finally {
    unsubscribe('child_process', listen);
  }
}

/** Its standard error is nobody's: a compiler that is ended at work prints pages on its way out. */
function launchBy(launcher: readonly string[], child: Announced): void {
  const spawn = child.spawn.bind(child);
  child.spawn = (request) => {
    const [file = request.file, ...rest] = launcher;
    const args =
      launcher.length === 0 ? request.args : [file, ...rest, request.file, ...request.args.slice(1)];
    return spawn({ ...request, file, args, stdio: ['pipe', 'pipe', 'ignore'] });
  };
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
