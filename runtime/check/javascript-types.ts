import ts from 'typescript';
import type { TypeChecker, TypeFinding } from './type-checker.ts';
import { PROGRAM_FILE, TYPE_ROOT, type TypeFiles } from './type-files.ts';

/** TypeScript 6 in this thread: slower, and there on every platform. */
export function openJavascriptTypes({ texts, compilerOptions, roots, take }: TypeFiles): TypeChecker {
  const { options } = ts.convertCompilerOptionsFromJson(compilerOptions, TYPE_ROOT);
  const versions = new Map<string, number>();
  const service = ts.createLanguageService({
    getCompilationSettings: () => options,
    getScriptFileNames: () => [...roots],
    getScriptVersion: (path) => String(versions.get(path) ?? 0),
    getScriptSnapshot: (path) => {
      const text = texts.get(path);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => TYPE_ROOT,
    getDefaultLibFileName: () => `${TYPE_ROOT}/lib.d.ts`,
    readFile: (path) => texts.get(path),
    fileExists: (path) => texts.has(path),
    directoryExists: (path) => path === TYPE_ROOT,
    getDirectories: () => [],
  });
  const check = (text: string): readonly TypeFinding[] => {
    for (const path of take(text)) versions.set(path, (versions.get(path) ?? 0) + 1);
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
