import { type KnownSkills, SKILLS_ROOT } from '../contract/skill.ts';

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
