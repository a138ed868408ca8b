import ts from 'typescript';
import type { TypeChecker, TypeFinding } from './type-checker.ts';
import { CONFIG_FILE, createTypeFiles, PROGRAM_FILE, TYPE_ROOT } from './type-files.ts';

/** TypeScript 6 in this thread: slower, and there on every platform. */
export function openJavascriptTypes(typings: string): TypeChecker {
  const files = createTypeFiles(typings);
  const config = JSON.parse(files.get(CONFIG_FILE) ?? '{}');
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, TYPE_ROOT);
  let version = 0;
  const service = ts.createLanguageService({
    getCompilationSettings: () => options,
    getScriptFileNames: () => config.files,
    getScriptVersion: (path) => (path === PROGRAM_FILE ? String(version) : '0'),
    getScriptSnapshot: (path) => {
      const text = files.get(path);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => TYPE_ROOT,
    getDefaultLibFileName: () => `${TYPE_ROOT}/lib.d.ts`,
    readFile: (path) => files.get(path),
    fileExists: (path) => files.has(path),
    directoryExists: (path) => path === TYPE_ROOT,
    getDirectories: () => [],
  });
  const check = (text: string): readonly TypeFinding[] => {
    files.set(PROGRAM_FILE, text);
    version++;
    return service.getSemanticDiagnostics(PROGRAM_FILE).map(toFinding);
  };
  return { kind: 'javascript', pid: undefined, check, close: () => service.dispose() };
}

function toFinding(diagnostic: ts.Diagnostic): TypeFinding {
  const { code, start = 0, messageText } = diagnostic;
  return { code, start, lines: typeof messageText === 'string' ? [messageText] : linesOf(messageText) };
}

function linesOf(chain: ts.DiagnosticMessageChain): readonly string[] {
  return [chain.messageText, ...(chain.next ?? []).flatMap(linesOf)];
}
