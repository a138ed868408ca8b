import type ts from 'typescript';
import type { Limits } from '../contract/limits.ts';
import type { CheckResult, Program } from '../contract/program.ts';
import { applyRules, checkDeclared, freeNames } from './apply-rules.ts';
import { blankTypes } from './blank.ts';
import { blankByteOrderMark, checkCharacters } from './characters.ts';
import type { Verdict } from './check-protocol.ts';
import { checkCompiles } from './compile-proof.ts';
import { applyBlanks, applyInserts, type Insert, type Inserted } from './edits.ts';
import { computeEffects, type Effects } from './effects.ts';
import { blankFences } from './fences.ts';
import { hashCode } from './hash.ts';
import { checkImports } from './imports.ts';
import { judgeTypes } from './judge-types.ts';
import { resolveNames } from './names.ts';
import { checkNesting, nestedTooDeep } from './nesting.ts';
import type { OperationIndex } from './operation-index.ts';
import { parseProgram } from './parse.ts';
import { createDiagnostic, createPlaces, type Finding } from './places.ts';
import { adaptToSes } from './ses-text.ts';
import { type Shape, shapeProgram } from './shape.ts';
import type { TypeChecker, TypeFinding } from './type-checker.ts';
import { isGrammar } from './type-rules.ts';

/** What every check needs and no check changes. */
export interface Context {
  readonly index: OperationIndex;
  readonly limits: Limits;
  /** The names that exist in the guest beside those of the language. */
  readonly globals: ReadonlySet<string>;
  readonly literalTypes: ReadonlySet<string>;
  /** Left out where the types were what took too long. */
  readonly types: TypeChecker | undefined;
}

/** A program after the steps that need no types. */
interface Prepared {
  readonly file: ts.SourceFile;
  readonly shape: Shape;
  readonly effects: Effects;
  readonly free: readonly ts.Identifier[];
  /** The source that will run, and the way back to the agent's code. */
  readonly source: Inserted;
  readonly inserts: readonly Insert[];
}

type Step<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly findings: readonly Finding[] };

const MOST_DIAGNOSTICS = 20;
const TYPE_PREFIX = 'export default async () => {\n';
const TYPE_SUFFIX = '\n};';
/** Comments that would silence the type checker. */
const SILENCERS = /@ts-(?=ignore|expect-error|nocheck)/g;

/**
 * Takes the agent's code up the ladder: text, syntax, rules, effects, compilation, types. Its size was checked
 * before it was copied here.
 */
export function checkCode(code: string, context: Context): Verdict {
  try {
    return climb(code, context);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return refused(code, [nestedTooDeep(0, 'The code is nested too deep.')]);
  }
}

function climb(code: string, context: Context): Verdict {
  const prepared = prepare(code, context);
  if (!prepared.ok) return refused(code, prepared.findings);
  const { file, effects, source, free } = prepared.value;
  const broken = compile(source, code);
  const types = checkTypes(prepared.value, context);
  if (broken !== undefined) return refused(code, [explained(broken, types)]);
  const judged = { ...context, file, calls: effects.calls, freeNames: free };
  const findings = judgeTypes(
    (types ?? []).filter((finding) => !isGrammar(finding.code) && !isKnown(finding, effects)),
    judged,
  );
  const errors = [
    ...effects.findings,
    ...findings.filter((finding) => finding.code === 'TYPE_ERROR'),
    ...(types === undefined ? checkDeclared(file, free, context.globals) : []),
  ];
  const warnings = [
    ...effects.deprecations,
    ...findings.filter((finding) => finding.code === 'TYPE_WARNING'),
  ];
  if (errors.length > 0) return refused(code, errors, warnings);
  if (types === undefined) warnings.unshift(TYPES_UNCHECKED);
  const program = createProgram(code, prepared.value);
  const result: CheckResult = { ok: true, program, warnings: toDiagnostics(code, warnings) };
  return { result, typesChecked: types !== undefined };
}

const TYPES_UNCHECKED: Finding = {
  code: 'TYPE_WARNING',
  start: 0,
  message:
    'The types were not checked: the type checker took too long, with this program or with earlier ones of the last minute.',
  suggestion: 'use simpler types',
};

function prepare(code: string, context: Context): Step<Prepared> {
  const { limits, index, globals } = context;
  const text = blankFences(blankByteOrderMark(code));
  const hidden = [...checkCharacters(text), ...checkHashbang(text), ...checkNesting(text, limits.nesting)];
  if (hidden.length > 0) return { ok: false, findings: hidden };
  const parsed = parseProgram(text);
  if (!parsed.ok) return parsed;
  const { file } = parsed;
  const names = resolveNames(file);
  const imports = checkImports(file, names, globals, index);
  const shape = shapeProgram(file, names, globals);
  const free = freeNames(names, new Set([...imports.released, ...shape.released]));
  const refusals = [...imports.findings, ...shape.findings, ...applyRules(file, names, free, limits)];
  const effects = computeEffects(file, names, free, index);
  if (refusals.length > 0) return { ok: false, findings: [...refusals, ...effects.findings] };
  const shaped = { ...shape, blanks: [...imports.blanks, ...shape.blanks] };
  return emit(file, shaped, effects, free);
}

function emit(
  file: ts.SourceFile,
  shape: Shape,
  effects: Effects,
  free: readonly ts.Identifier[],
): Step<Prepared> {
  const blanked = blankTypes(file);
  const shaped = applyBlanks(blanked.text, [...blanked.blanks, ...shape.blanks]);
  const ses = adaptToSes(file, shaped);
  const findings = [...blanked.findings, ...ses.findings];
  if (findings.length > 0) return { ok: false, findings };
  // What closes an expression stands before what follows it.
  const inserts = [...blanked.inserts, ...shape.inserts, ...ses.inserts].toSorted((a, b) => a.at - b.at);
  const source = applyInserts(applyBlanks(shaped, ses.blanks), inserts);
  return { ok: true, value: { file, shape, effects, free, source, inserts } };
}

function checkHashbang(text: string): readonly Finding[] {
  if (!text.startsWith('#!')) return [];
  const message = 'A program is not a script file: it has no `#!` line.';
  return [{ code: 'FORBIDDEN_SYNTAX', start: 0, message, suggestion: 'delete the line' }];
}

function compile(source: Inserted, code: string): Finding | undefined {
  const broken = checkCompiles(source.text);
  if (broken === undefined) return undefined;
  if (broken === 'too deep') return nestedTooDeep(0, 'The code is nested too deep to be compiled.');
  const start = Math.min(source.toOriginal(broken.offset), code.length);
  return { code: 'SYNTAX_ERROR', start, message: broken.message };
}

/** TypeScript's words for what V8 refused, where it found it too: its place is the better one. */
function explained(broken: Finding, types: readonly TypeFinding[] | undefined): Finding {
  const grammar = types?.find(({ code }) => isGrammar(code));
  if (grammar === undefined || broken.code !== 'SYNTAX_ERROR') return broken;
  const message = grammar.lines.join(' ');
  if (grammar.code !== 1308) return { ...broken, start: grammar.start, message };
  return { ...broken, start: grammar.start, message, suggestion: 'write `async` before the function' };
}

/** The type checker's findings at offsets of the agent's code; undefined when it was cut short. */
function checkTypes({ file, shape }: Prepared, { types }: Context): readonly TypeFinding[] | undefined {
  const shaped = applyInserts(applyBlanks(file.text, shape.blanks), shape.inserts);
  const text = TYPE_PREFIX + shaped.text.replace(SILENCERS, '@ts ') + TYPE_SUFFIX;
  if (types === undefined) return undefined;
  let findings: readonly TypeFinding[];
  try {
    findings = types.check(text);
  } catch {
    // The time limit ended the checker's process. Types are help, not a wall: the program may run.
    return undefined;
  }
  return findings
    .map((finding) => ({ ...finding, start: shaped.toOriginal(finding.start - TYPE_PREFIX.length) }))
    .filter(({ start }) => start >= 0 && start <= file.text.length);
}

/** The place was already reported as an operation that does not exist. */
function isKnown(finding: TypeFinding, effects: Effects): boolean {
  return effects.findings.some(({ start }) => start === finding.start);
}

function createProgram(code: string, { source, inserts, effects }: Prepared): Program {
  const places = createPlaces(code);
  const insertions = inserts.map(({ at, text }) => ({ ...places.lineAndColumn(at), length: text.length }));
  const { effects: reached, openNamespaces } = effects;
  return { source: source.text, insertions, hash: hashCode(code), effects: reached, openNamespaces };
}

function refused(code: string, errors: readonly Finding[], warnings: readonly Finding[] = []): Verdict {
  const [first, ...rest] = toDiagnostics(code, errors);
  if (first === undefined) throw new Error('A refusal needs a reason.');
  const result: CheckResult = {
    ok: false,
    errors: [first, ...rest],
    warnings: toDiagnostics(code, warnings),
  };
  return { result, typesChecked: true };
}

function toDiagnostics(code: string, findings: readonly Finding[]): CheckResult['warnings'] {
  const places = createPlaces(code);
  return findings
    .toSorted((a, b) => a.start - b.start)
    .slice(0, MOST_DIAGNOSTICS)
    .map((finding) => createDiagnostic(places, finding));
}
