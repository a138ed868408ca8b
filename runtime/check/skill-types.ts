import ts from 'typescript';
import { type KnownSkills, SKILLS_ROOT } from '../contract/skill.ts';
import { nodeAt } from './node-at.ts';
import type { Finding } from './places.ts';
import { findSkill } from './read-skill.ts';
import type { TypeFinding } from './type-checker.ts';
import { isMismatch, isUnresolved } from './type-rules.ts';

/**
 * The types of the skills that a program can call, to stand behind it: no position of it moves, and no name of
 * theirs can be one of its own.
 * @param program the text that is checked
 */
export function declareSkills(program: string, { skills }: KnownSkills): string {
  let space = '$skills';
  while (program.includes(space)) space += '$';
  const spaces = skills.map(
    ({ name, types, signature }) => `namespace ${name} {\n${types}\nfunction ${signature};\n}`,
  );
  const members = skills.map(({ name }) => `readonly ${name}: typeof ${space}.${name}.${name};`);
  return `\ndeclare namespace ${space} {\n${spaces.join('\n')}\n}\ndeclare const ${SKILLS_ROOT}: { ${members.join(' ')} };`;
}

/**
 * A skill's types are what its callers are checked against. A type that is not there would leave them without a
 * check, and a result of another type would deceive them: in a program either is a warning, in a skill an error.
 * @param name of the skill that the file is
 */
export function judgeInSkill(
  finding: Finding,
  types: readonly TypeFinding[],
  file: ts.SourceFile,
  name: string,
): Finding {
  const deceives = types.some(
    ({ code, start }) =>
      start === finding.start && (isUnresolved(code) || (isMismatch(code) && isResult(file, start, name))),
  );
  return deceives ? { ...finding, code: 'TYPE_ERROR' } : finding;
}

/** Whether the place is in what the function returns, or in the type of that; not in what it calls for it. */
function isResult(file: ts.SourceFile, start: number, name: string): boolean {
  const skill = findSkill(file, name);
  const node = nodeAt(file, start);
  if (ts.findAncestor(node, (at) => at === skill?.type) !== undefined) return true;
  const stop = ts.findAncestor(node, (at) => ts.isReturnStatement(at) || isArgument(at));
  return (
    stop !== undefined && ts.isReturnStatement(stop) && ts.findAncestor(stop, ts.isFunctionLike) === skill
  );
}

function isArgument(node: ts.Node): boolean {
  return ts.isCallOrNewExpression(node.parent) && node.parent.expression !== node;
}
