import type ts from 'typescript';
import type { Limits } from '../contract/limits.ts';
import { applyRules, freeNames } from './apply-rules.ts';
import { blankTypes } from './blank.ts';
import { blankByteOrderMark, checkCharacters } from './characters.ts';
import type { CheckTask } from './check-protocol.ts';
import { applyBlanks, applyInserts, type Insert, type Inserted } from './edits.ts';
import { computeEffects, type Effects } from './effects.ts';
import { blankFences } from './fences.ts';
import { checkImports } from './imports.ts';
import { resolveNames } from './names.ts';
import { checkNesting } from './nesting.ts';
import type { OperationIndex } from './operation-index.ts';
import { parseProgram } from './parse.ts';
import type { Finding } from './places.ts';
import { type DeclaredSkill, findSkill, type ReadSkill, readSkill, type SkillSource } from './read-skill.ts';
import { adaptToSes } from './ses-text.ts';
import { type Shape, shapeProgram, shapeSkill } from './shape.ts';
import type { TypeChecker } from './type-checker.ts';

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
export interface Prepared {
  readonly file: ts.SourceFile;
  readonly shape: Shape;
  readonly effects: Effects;
  readonly free: readonly ts.Identifier[];
  /** The source that will run, and the way back to the agent's code. */
  readonly source: Inserted;
  readonly inserts: readonly Insert[];
  /** The skill that the code is, or shall be saved from it. */
  readonly declared: DeclaredSkill | undefined;
}

/** What the code is, and the skills that it can call. */
export type Task = Omit<CheckTask, 'code'>;

export type Step<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/** The steps that need no types: text, syntax, rules, effects, and the source that will run. */
export function prepare(code: string, context: Context, task: Task): Step<Prepared> {
  const { limits, index, globals } = context;
  const text = blankFences(blankByteOrderMark(code));
  const hidden = [...checkCharacters(text), ...checkHashbang(text), ...checkNesting(text, limits.nesting)];
  if (hidden.length > 0) return { ok: false, findings: hidden };
  const parsed = parseProgram(text);
  if (!parsed.ok) return parsed;
  const { file } = parsed;
  const names = resolveNames(file);
  const imports = checkImports(file, names, globals, index);
  const own = task.skill === undefined ? undefined : findSkill(file, task.skill);
  const shape = own === undefined ? shapeProgram(file, names, globals) : shapeSkill(file, names, own);
  const released = new Set([...imports.released, ...shape.released]);
  const free = freeNames(names, released);
  const { inserts } = shape;
  const declared = declareSkill({ file, names, index, released, inserts }, task);
  const refusals = [
    ...imports.findings,
    ...shape.findings,
    ...applyRules(file, names, free, limits),
    ...(declared?.ok === false ? declared.findings : []),
  ];
  const effects = computeEffects(file, names, free, index, task.known);
  if (refusals.length > 0) return { ok: false, findings: [...refusals, ...effects.findings] };
  const shaped = { ...shape, blanks: [...imports.blanks, ...shape.blanks] };
  const emitted = emit(file, shaped);
  if (!emitted.ok) return emitted;
  const skill = declared?.ok === true ? declared.skill : undefined;
  return { ok: true, value: { ...emitted.value, file, shape: shaped, effects, free, declared: skill } };
}

function declareSkill(source: SkillSource, { skill, save }: Task): ReadSkill | undefined {
  const name = skill ?? save;
  return name === undefined ? undefined : readSkill(source, name, skill !== undefined);
}

function emit(file: ts.SourceFile, shape: Shape): Step<Pick<Prepared, 'source' | 'inserts'>> {
  const blanked = blankTypes(file);
  const shaped = applyBlanks(blanked.text, [...blanked.blanks, ...shape.blanks]);
  const ses = adaptToSes(file, shaped);
  const findings = [...blanked.findings, ...ses.findings];
  if (findings.length > 0) return { ok: false, findings };
  // What closes an expression stands before what follows it.
  const inserts = [...blanked.inserts, ...shape.inserts, ...ses.inserts].toSorted((a, b) => a.at - b.at);
  const source = applyInserts(applyBlanks(shaped, ses.blanks), inserts);
  return { ok: true, value: { source, inserts } };
}

function checkHashbang(text: string): readonly Finding[] {
  if (!text.startsWith('#!')) return [];
  const message = 'A program is not a script file: it has no `#!` line.';
  return [{ code: 'FORBIDDEN_SYNTAX', start: 0, message, suggestion: 'delete the line' }];
}
