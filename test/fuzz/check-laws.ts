import vm from 'node:vm';
import { transformSync } from 'esbuild';
import ts from 'typescript';
import { blankByteOrderMark } from '../../runtime/check/characters.ts';
import { applyBlanks, applyInserts } from '../../runtime/check/edits.ts';
import { blankFences } from '../../runtime/check/fences.ts';
import { checkImports } from '../../runtime/check/imports.ts';
import { resolveNames } from '../../runtime/check/names.ts';
import { indexOperations } from '../../runtime/check/operation-index.ts';
import { parseProgram } from '../../runtime/check/parse.ts';
import { shapeProgram } from '../../runtime/check/shape.ts';
import { isGrammar } from '../../runtime/check/type-rules.ts';
import type { ErrorCode } from '../../runtime/contract/error-codes.ts';
import type { CheckResult, Diagnostic, Program } from '../../runtime/contract/program.ts';
import { wrapProgram } from '../../runtime/sandbox/guest/program-text.ts';
import { AFTER_BODY, BEFORE_BODY, isPlain, normalForm, parseBody } from './normal-form.ts';

// The package exports no way to its refusals alone.
const { transforms } = await import(
  new URL('../../node_modules/ses/src/transforms.js', import.meta.url).href
);

/** What a refusal before the run may be named. */
const CODES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'CODE_TOO_LARGE',
  'STRING_TOO_LONG',
  'NESTING_TOO_DEEP',
  'SYNTAX_ERROR',
  'FORBIDDEN_CHARACTER',
  'FORBIDDEN_IMPORT',
  'FORBIDDEN_EVALUATOR',
  'FORBIDDEN_GLOBAL',
  'FORBIDDEN_SYNTAX',
  'UNKNOWN_OPERATION',
  'UNKNOWN_SKILL',
  'TYPE_ERROR',
]);
const LINE_END = /\r\n|[\n\r\u2028\u2029]/g;
/** What the check may write into a program, and nothing else. */
const INSERTED =
  /^(?: ?return(?: \()?(?: )?|\)\(\)|\)|;return [\p{ID_Continue}$\u200c\u200d]+\(\)| |x[0-9a-f]{2}|u[0-9a-f]{4})$/u;
/** What may stand where a type was. */
const IN_PLACE = /^[ ;()\\]$/;
/** `this` twice among the parameters, which TypeScript does not count among its errors of grammar. */
const THIS_TWICE = 2_680;
/** `a || b ?? c`: TypeScript puts the parentheses in, and does not always say that they are missing. */
const MIXED = /Unexpected token '(?:\?\?|\|\||&&)'/;

/** Names under which the code reaches the guest's own values, as the check is told. */
export interface LawContext {
  readonly globals: ReadonlySet<string>;
  readonly rootName: string;
}

/** Answers which law of the check its answer breaks; undefined when it breaks none. */
export function findBrokenLaw(code: string, result: CheckResult, context: LawContext): string | undefined {
  return result.ok ? judgeAccepted(code, result.program, context) : judgeRefused(code, result.errors);
}

function judgeAccepted(code: string, program: Program, context: LawContext): string | undefined {
  return (
    refusedByV8(program.source) ??
    refusedBySes(program.source) ??
    misplaced(code, program) ??
    differsFromTypeScript(code, program, context)
  );
}

function refusedByV8(source: string): string | undefined {
  return compiles(wrapProgram(source)) ?? compiles(`'use strict';${wrapProgram(source)}`);
}

function compiles(script: string): string | undefined {
  try {
    new vm.Script(script);
    return undefined;
  } catch (error) {
    return `V8 does not compile it: ${error}`;
  }
}

function refusedBySes(source: string): string | undefined {
  try {
    transforms.mandatoryTransforms(wrapProgram(source));
    return undefined;
  } catch (error) {
    return `SES refuses it: ${error}`;
  }
}

/** Every character stands where it stood, or is blank; every name is a name of the code, at its own place. */
function misplaced(code: string, program: Program): string | undefined {
  const base = undoInsertions(code, program);
  if (typeof base === 'string') return base;
  const { text, toOriginal } = base;
  if (text.length !== code.length) return `the length changed from ${code.length} to ${text.length}`;
  for (let at = 0; at < text.length; at += 1) {
    const [now, then] = [text.charAt(at), code.charAt(at)];
    if (now === then) continue;
    if (!IN_PLACE.test(now))
      return `${JSON.stringify(now)} stands where ${JSON.stringify(then)} stood (${at})`;
    if (/[\n\r\u2028\u2029]/.test(then)) return `the line's end at ${at} is gone`;
  }
  const parsed = parseProgram(blankFences(blankByteOrderMark(code)));
  if (!parsed.ok) return 'the code does not parse, and was accepted';
  const names = namesOf(parsed.file);
  const source = parseBody(program.source, ts.ScriptKind.JS);
  for (const [at, name] of isPlain(source) ? namesOf(source) : []) {
    const original = toOriginal(at - BEFORE_BODY.length);
    if (original !== undefined && names.get(original) !== name)
      return `the name ${name} stands at ${original}, where the code has ${names.get(original) ?? 'none'}`;
  }
  return undefined;
}

interface Base {
  /** The source without what was inserted. */
  readonly text: string;
  /** Undefined inside what was inserted. */
  readonly toOriginal: (offset: number) => number | undefined;
}

function undoInsertions(code: string, { source, insertions }: Program): Base | string {
  const starts = [0, ...[...code.matchAll(LINE_END)].map((end) => end.index + end[0].length)];
  const places: { readonly from: number; readonly to: number }[] = [];
  let text = '';
  let from = 0;
  let shift = 0;
  for (const { line, column, length } of insertions) {
    const at = (starts[line - 1] ?? Number.NaN) + column - 1 + shift;
    const inserted = source.slice(at, at + length);
    if (!INSERTED.test(inserted)) return `${JSON.stringify(inserted)} was inserted`;
    if (at < from) return 'insertions are out of order';
    text += source.slice(from, at);
    from = at + length;
    shift += length;
    places.push({ from: at, to: from });
  }
  text += source.slice(from);
  const toOriginal = (offset: number): number | undefined => {
    if (places.some((place) => place.from <= offset && offset < place.to)) return undefined;
    const before = places.filter((place) => place.to <= offset);
    return offset - before.reduce((sum, place) => sum + place.to - place.from, 0);
  };
  return { text, toOriginal };
}

/** Every identifier and its offset, as TypeScript's parser sees them. */
function namesOf(file: ts.SourceFile): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) names.set(node.getStart(file), node.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return names;
}

/** The program means what TypeScript's own emit of the same code means. */
function differsFromTypeScript(code: string, program: Program, context: LawContext): string | undefined {
  const shaped = shape(code, context);
  if (shaped === undefined) return 'the code does not parse, and was accepted';
  const emitted = transpile(shaped).text;
  // TypeScript's own emit is not always JavaScript: it takes the parentheses off `new (a?.b as T)()`.
  if (refusedByV8(emitted) !== undefined) return undefined;
  const [source, emit] = [program.source, emitted].map((text) => parseBody(text, ts.ScriptKind.JS));
  if (source === undefined || emit === undefined || !isPlain(source) || !isPlain(emit)) {
    return hasSamePrint(program.source, emitted)
      ? undefined
      : 'it is written otherwise than TypeScript’s emit';
  }
  const [ours, theirs] = [normalForm(source), normalForm(emit)];
  if (ours === theirs) return undefined;
  let at = 0;
  while (ours[at] === theirs[at]) at += 1;
  const show = (text: string): string => text.slice(Math.max(0, at - 60), at + 60);
  return `it means something else than TypeScript's emit: …${show(ours)}… instead of …${show(theirs)}…`;
}

/** Another parser's printed form, where TypeScript's own does not read JavaScript as JavaScript. */
function hasSamePrint(source: string, emitted: string): boolean {
  const print = (text: string): string =>
    transformSync(`(async function () {\n${text}\n})`, {
      loader: 'js',
      target: 'esnext',
      minifySyntax: true,
      minifyWhitespace: true,
    }).code;
  return print(source) === print(emitted);
}

const TRANSPILE: ts.TranspileOptions = {
  fileName: 'program.mts',
  reportDiagnostics: true,
  compilerOptions: {
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.ESNext,
    verbatimModuleSyntax: true,
    useDefineForClassFields: true,
    removeComments: true,
  },
};

/** TypeScript's own emit, as the body of a function. */
function transpile(code: string): { readonly text: string; readonly isValid: boolean } {
  // In a function, since `await` is a name to TypeScript until it knows that it reads a module.
  const wrapped = BEFORE_BODY + code + AFTER_BODY;
  const { outputText, diagnostics = [] } = ts.transpileModule(wrapped, TRANSPILE);
  return {
    text: outputText.slice(BEFORE_BODY.length, outputText.lastIndexOf('}')),
    isValid: diagnostics.length === 0 && outputText.startsWith(BEFORE_BODY),
  };
}

/** The code as the check hands it to the type checker: TypeScript still, but already the body of a function. */
function shape(code: string, { globals, rootName }: LawContext): string | undefined {
  const parsed = parseProgram(blankFences(blankByteOrderMark(code)));
  if (!parsed.ok) return undefined;
  const { file } = parsed;
  const names = resolveNames(file);
  const imports = checkImports(file, names, globals, indexOperations(rootName, []));
  const { blanks, inserts } = shapeProgram(file, names, globals);
  return applyInserts(applyBlanks(file.text, [...imports.blanks, ...blanks]), inserts).text;
}

function judgeRefused(code: string, errors: readonly Diagnostic[]): string | undefined {
  const [first] = errors;
  if (first === undefined) return 'it was refused without a reason';
  const lines = code.split(LINE_END);
  for (const { code: name, line, column, message, snippet } of errors) {
    if (!CODES.has(name)) return `it was refused with ${name}`;
    const text = lines[line - 1];
    if (text === undefined || column < 1 || column > text.length + 1)
      return `${name} is at ${line}:${column}, which is outside the code`;
    if (message === '' || !text.includes(snippet)) return `${name} does not show its line`;
  }
  const places = errors.map(({ line, column }) => [line, column] as const);
  const isSorted = places.every(([line, column], at) => {
    const [nextLine, nextColumn] = places[at + 1] ?? [Infinity, 0];
    return line < nextLine || (line === nextLine && column <= nextColumn);
  });
  if (!isSorted) return 'the errors are not in the order of the code';
  return errors.some(({ code: name }) => name === 'SYNTAX_ERROR') ? falseAlarm(code, first) : undefined;
}

/** TypeScript has nothing to say against it, and V8 compiles what TypeScript makes of it. */
function falseAlarm(code: string, { message }: Diagnostic): string | undefined {
  // TypeScript reads operators where V8 reads a comment, and says nothing of what it cannot read after `declare`.
  if (/<!--|-->|\bdeclare\b/.test(code) || MIXED.test(message)) return undefined;
  const { text, isValid } = transpile(blankFences(blankByteOrderMark(code)));
  // As the check wraps it, so that `new.target` and the like are not allowed.
  if (!isValid || compiles(`'use strict';(async () => {\n${text}\n})`) !== undefined || breaksGrammar(code))
    return undefined;
  return `a false alarm: ${message}`;
}

/** Whether TypeScript finds fault with it only once it knows what surrounds it: a line's end before `=>`, say. */
function breaksGrammar(code: string): boolean {
  const audible = blankFences(blankByteOrderMark(code)).replace(/@ts-/g, '@ts ');
  const file = parseBody(audible, ts.ScriptKind.TS);
  const program = ts.createProgram(
    [file.fileName],
    { ...TRANSPILE.compilerOptions, noLib: true },
    {
      ...ts.createCompilerHost({}),
      getSourceFile: (name) => (name === file.fileName ? file : undefined),
      fileExists: (name) => name === file.fileName,
      readFile: () => undefined,
    },
  );
  return program
    .getSemanticDiagnostics(file)
    .some(({ code: number }) => isGrammar(number) || number === THIS_TWICE);
}
