import type { Insertion, Program, ProgramSkill } from '../contract/program.ts';
import type { GuestError, SkillPlace } from '../contract/sandbox.ts';

const LINE_END = /\r\n|[\n\r\u2028\u2029]/;
const SNIPPET_CHARACTERS = 200;

/** A text as it runs, and what was inserted into it. */
interface Text {
  readonly source: string;
  readonly insertions: readonly Insertion[];
}

/**
 * Puts a place in the program that ran, and one in a skill of it, back to the agent's own code. A place that is
 * not in them is left out: the guest says where an error was, and the guest is not trusted.
 */
export function placeError(error: GuestError, program: Program): GuestError {
  const { line, column, skill, ...rest } = error;
  const own = place(line, column, program);
  const inSkill = skill && placeInSkill(skill, program.skills ?? []);
  return { ...rest, ...own, ...(inSkill && { skill: inSkill }) };
}

function placeInSkill(
  { name, line, column }: SkillPlace,
  skills: readonly ProgramSkill[],
): SkillPlace | undefined {
  const skill = skills.find((one) => one.name === name);
  const found = skill && place(line, column, skill);
  if (skill === undefined || found === undefined) return undefined;
  const { code = skill.source } = skill;
  const snippet = code.split(LINE_END)[line - 1]?.slice(0, SNIPPET_CHARACTERS) ?? '';
  return { name, ...found, snippet };
}

function place(
  line: number | undefined,
  column: number | undefined,
  text: Text,
): { readonly line: number; readonly column: number } | undefined {
  const at = line === undefined ? undefined : text.source.split(LINE_END)[line - 1];
  if (line === undefined || column === undefined || at === undefined) return undefined;
  if (column < 1 || column > at.length + 1) return undefined;
  return { line, column: originalColumn(line, column, text.insertions) };
}

function originalColumn(line: number, column: number, all: readonly Insertion[]): number {
  const insertions = all.filter((insertion) => insertion.line === line).sort((a, b) => a.column - b.column);
  let inserted = 0;
  for (const insertion of insertions) {
    const start = insertion.column + inserted;
    if (column < start) break;
    if (column < start + insertion.length) return insertion.column;
    inserted += insertion.length;
  }
  return column - inserted;
}
