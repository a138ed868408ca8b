import type ts from 'typescript';
import type { CheckResult, Program, Skill } from '../contract/program.ts';
import { NO_SKILLS, SKILLS_ROOT } from '../contract/skill.ts';
import { checkDeclared } from './apply-rules.ts';
import type { Verdict } from './check-protocol.ts';
import { checkCompiles } from './compile-proof.ts';
import { applyBlanks, applyInserts, type Inserted } from './edits.ts';
import type { Effects } from './effects.ts';
import { hashCode } from './hash.ts';
import { judgeTypes } from './judge-types.ts';
import { nestedTooDeep } from './nesting.ts';
import { createDiagnostic, createPlaces, type Finding } from './places.ts';
import { type Context, type Prepared, prepare, type Step, type Task } from './prepare.ts';
import { findSkill } from './read-skill.ts';
import { addReach, skillsBehind } from './skill-calls.ts';
import { declareSkills, judgeInSkill } from './skill-types.ts';
import type { TypeFinding } from './type-checker.ts';
import { isGrammar } from './type-rules.ts';

export type { Context } from './prepare.ts';

const MOST_DIAGNOSTICS = 20;
const TYPE_PREFIX = 'export default async () => {\n';
const TYPE_SUFFIX = '\n};';
/** Comments that would silence the type checker. */
const SILENCERS = /@ts-(?=ignore|expect-error|nocheck)/g;

/**
 * Takes the agent's code up the ladder: text, syntax, rules, effects, compilation, types. Its size was checked
 * before it was copied here.
 * @param task what the code is, and the skills that it can call
 */
export function checkCode(code: string, context: Context, task: Task = { known: NO_SKILLS }): Verdict {
  try {
    return climb(code, context, task);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return refused(code, [nestedTooDeep(0, 'The code is nested too deep.')]);
  }
}

function climb(code: string, context: Context, task: Task): Verdict {
  const prepared = prepare(code, context, task);
  if (!prepared.ok) return refused(code, prepared.findings);
  const { file, effects, source, free, declared } = prepared.value;
  const text =
    task.skill === undefined || declared === undefined
      ? {}
      : { text: { ...declared, calls: effects.skills } };
  const broken = compile(source, code);
  const types = checkTypes(prepared.value, context, task);
  if (broken !== undefined) return refused(code, [explained(broken, types)]);
  const judged = { ...context, file, calls: effects.calls, freeNames: free };
  const findings = judgeTypes(
    (types ?? []).filter((finding) => !isGrammar(finding.code) && !isKnown(finding, effects)),
    judged,
  ).map((finding) =>
    task.skill === undefined ? finding : judgeInSkill(finding, types ?? [], file, task.skill),
  );
  const errors = [
    ...effects.findings,
    ...findings.filter((finding) => finding.code === 'TYPE_ERROR'),
    ...(types === undefined ? checkDeclared(file, free, context.globals) : []),
    ...checkCircle(prepared.value, task),
  ];
  const warnings = [
    ...effects.deprecations,
    ...findings.filter((finding) => finding.code === 'TYPE_WARNING'),
  ];
  if (errors.length > 0) return { ...refused(code, errors, warnings), ...text };
  if (types === undefined) warnings.unshift(TYPES_UNCHECKED);
  const program = createProgram(code, prepared.value, task);
  const skill = takeSkill(program, prepared.value, context, task);
  // Whether its types are checked in time may differ from one time to the next.
  if (skill?.ok === false) return { ...refused(code, skill.findings, warnings), typesChecked: false };
  const result: CheckResult = {
    ok: true,
    program,
    warnings: toDiagnostics(code, warnings),
    ...(skill !== undefined && { skill: skill.value }),
  };
  return { result, typesChecked: types !== undefined, ...text };
}

/** Skills that call each other in a circle would have no effects that end. */
function checkCircle({ file, effects }: Prepared, { skill, known }: Task): readonly Finding[] {
  if (skill === undefined) return [];
  const behind = [...effects.skills, ...skillsBehind(effects.skills, known).map(({ name }) => name)];
  if (!behind.includes(skill)) return [];
  const message = `\`${skill}\` would call itself through \`skills\`: skills cannot call each other in a circle.`;
  const suggestion = 'for a recursion, call the function by its own name';
  return [{ code: 'SKILL_INVALID', start: placeOf(file, skill), message, suggestion }];
}

/** The skill that the code is or declares. What a program declares must hold as a text of its own. */
function takeSkill(
  program: Program,
  { file, declared, effects }: Prepared,
  context: Context,
  { skill, known }: Task,
): Step<Skill> | undefined {
  if (declared === undefined) return undefined;
  const { source, insertions, effects: reached, openNamespaces } = program;
  if (skill !== undefined) {
    const made = { source, insertions, effects: reached, openNamespaces, calls: effects.skills };
    return { ok: true, value: { ...declared, ...made } };
  }
  const { name } = declared;
  const { result, typesChecked } = checkCode(declared.code, context, { known, skill: name });
  if (result.ok && result.skill !== undefined && typesChecked) return { ok: true, value: result.skill };
  const [first] = result.ok ? [] : result.errors;
  if (first?.code === 'SKILL_INVALID')
    return { ok: false, findings: [{ ...first, start: placeOf(file, name) }] };
  const why =
    first === undefined
      ? 'its types could not be checked in time.'
      : `in line ${first.line} of its own text, \`${first.snippet.trim()}\`: ${first.message}`;
  const finding: Finding = {
    code: 'SKILL_INVALID',
    start: placeOf(file, name),
    message: `\`${name}\` does not hold without the program around it: ${why}`,
    ...(first?.suggestion !== undefined && { suggestion: first.suggestion }),
  };
  return { ok: false, findings: [finding] };
}

function placeOf(file: ts.SourceFile, name: string): number {
  return findSkill(file, name)?.name?.getStart(file) ?? 0;
}

const TYPES_UNCHECKED: Finding = {
  code: 'TYPE_WARNING',
  start: 0,
  message:
    'The types were not checked: the type checker took too long, with this program or with earlier ones of the last minute.',
  suggestion: 'use simpler types',
};

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
function checkTypes(
  { file, shape, free }: Prepared,
  { types }: Context,
  { known }: Task,
): readonly TypeFinding[] | undefined {
  if (types === undefined) return undefined;
  const shaped = applyInserts(applyBlanks(file.text, shape.blanks), shape.inserts);
  const namesSkills = known.skills.length > 0 || free.some(({ text }) => text === SKILLS_ROOT);
  const skills = namesSkills ? declareSkills(shaped.text, known) : '';
  const text = TYPE_PREFIX + shaped.text + TYPE_SUFFIX + skills;
  let findings: readonly TypeFinding[];
  try {
    findings = types.check(text.replace(SILENCERS, '@ts '));
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

function createProgram(
  code: string,
  { source, inserts, effects }: Prepared,
  { known, skill }: Task,
): Program {
  const places = createPlaces(code);
  const insertions = inserts.map(({ at, text }) => ({ ...places.lineAndColumn(at), length: text.length }));
  const behind = skillsBehind(effects.skills, known);
  const skills = behind.map(({ name, code, source, insertions }) => ({ name, code, source, insertions }));
  const texts = behind.map(({ name, code }) => [name, code]);
  return {
    source: source.text,
    insertions,
    hash: hashCode(skills.length === 0 ? code : JSON.stringify([code, texts])),
    ...addReach(effects, behind),
    ...(skills.length > 0 && skill === undefined && { skills }),
  };
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
