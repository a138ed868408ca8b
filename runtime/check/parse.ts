import ts from 'typescript';
import { hasFence } from './fences.ts';
import { nestedTooDeep } from './nesting.ts';
import type { Finding } from './places.ts';

const PARSE_OPTIONS: ts.CreateSourceFileOptions = {
  languageVersion: ts.ScriptTarget.ESNext,
  impliedNodeFormat: ts.ModuleKind.ESNext,
  jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
  // A module, so that `await` at the top level is an expression.
  setExternalModuleIndicator: (file) => {
    Object.assign(file, { externalModuleIndicator: true });
  },
};

/** What to write instead, by the number of TypeScript's parse diagnostic. */
const SUGGESTIONS: Readonly<Record<number, string>> = {
  1002: 'a string ends on its own line: write `\\n`, or use a template literal',
  1121: 'write octal numbers as `0o10`',
  1128: 'a bracket is closed here that was not opened',
  1160: 'close the template literal with a backtick',
  1161: 'close the regular expression with a slash',
  1010: 'close the comment with `*/`',
};
const MOST_FINDINGS = 5;

export type Parsed =
  | { readonly ok: true; readonly file: ts.SourceFile }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/** Parses the program as a module. Nothing is read from the disk. */
export function parseProgram(text: string): Parsed {
  let file: ts.SourceFile;
  try {
    file = ts.createSourceFile('program.mts', text, PARSE_OPTIONS, true, ts.ScriptKind.TS);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { ok: false, findings: [nestedTooDeep(0, 'The code is nested too deep to be parsed.')] };
  }
  const findings = parseDiagnostics(file)
    .slice(0, MOST_FINDINGS)
    .map((diagnostic) => syntaxError(diagnostic, text));
  return findings.length === 0 ? { ok: true, file } : { ok: false, findings };
}

/** The parser leaves them on the file; the public way to them needs a whole program. */
function parseDiagnostics(file: ts.SourceFile): readonly ts.DiagnosticWithLocation[] {
  return (file as ts.SourceFile & { readonly parseDiagnostics: readonly ts.DiagnosticWithLocation[] })
    .parseDiagnostics;
}

function syntaxError(diagnostic: ts.DiagnosticWithLocation, text: string): Finding {
  const suggestion = hasFence(text)
    ? 'send the code alone: no prose, at most one code fence around all of it'
    : SUGGESTIONS[diagnostic.code];
  return {
    code: 'SYNTAX_ERROR',
    start: diagnostic.start,
    message: ts.flattenDiagnosticMessageText(diagnostic.messageText, ' '),
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}
