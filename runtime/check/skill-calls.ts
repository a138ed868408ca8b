import type { ProgramEffect, Skill } from '../contract/program.ts';
import { type KnownSkills, SKILLS_ROOT } from '../contract/skill.ts';
import { nearest, type OperationIndex, suggestIds } from './operation-index.ts';
import type { Finding } from './places.ts';

/** What is wrong with a use of `skills`, wherever it stands. */
type Fault = Omit<Finding, 'start'>;

/** A name that is computed could be any skill's: what the program can do would not be known. */
export const SKILLS_AS_VALUE: Fault = {
  code: 'FORBIDDEN_SYNTAX',
  message: `\`${SKILLS_ROOT}\` is no value: a program calls each skill by the name that it writes.`,
  suggestion: `write \`${SKILLS_ROOT}.name(params)\`; discover({path: "${SKILLS_ROOT}"}) lists them`,
};

/** Why the skill cannot be called; undefined when it can. */
export function explainSkill(name: string, known: KnownSkills, index: OperationIndex): Fault | undefined {
  const written = `${SKILLS_ROOT}.${name}`;
  if (known.skills.some((skill) => skill.name === name)) return undefined;
  const broken = known.broken.find((skill) => skill.name === name);
  if (broken !== undefined)
    return {
      code: 'SKILL_BROKEN',
      message: `\`${written}\` cannot be called: ${broken.reason}`,
      suggestion: `save it anew; its text: discover({path: "${written}", level: 4})`,
    };
  const isOperation = index.namespaces.get(SKILLS_ROOT)?.has(name) === true;
  const near = isOperation ? `${index.rootName}.${written}` : nearestSkill(name, known);
  return {
    code: 'UNKNOWN_SKILL',
    message: `\`${written}\` does not exist: the project has no skill of that name.`,
    suggestion:
      suggestIds(near === undefined ? [] : [near]) ?? `discover({path: "${SKILLS_ROOT}"}) lists the skills`,
  };
}

function nearestSkill(name: string, { names }: KnownSkills): string | undefined {
  const near = nearest(name, names);
  return near === undefined ? undefined : `${SKILLS_ROOT}.${near}`;
}

/** What a code can do. */
export interface Reach {
  readonly effects: readonly ProgramEffect[];
  readonly openNamespaces: readonly string[];
}

/** The skills of these names and all that they call in turn, sorted by name. */
export function skillsBehind(names: readonly string[], { skills }: KnownSkills): readonly Skill[] {
  const byName = new Map(skills.map((skill) => [skill.name, skill]));
  const found = new Map<string, Skill>();
  const visit = (name: string): void => {
    const skill = byName.get(name);
    if (skill === undefined || found.has(name)) return;
    found.set(name, skill);
    skill.calls.forEach(visit);
  };
  names.forEach(visit);
  return [...found.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** What a skill does counts as its caller's. */
export function addReach(own: Reach, skills: readonly Skill[]): Reach {
  const all = [own, ...skills];
  const effects = new Map(all.flatMap((one) => one.effects.map((effect) => [effect.operation, effect])));
  return {
    effects: [...effects.values()].toSorted((a, b) => (a.operation < b.operation ? -1 : 1)),
    openNamespaces: [...new Set(all.flatMap((one) => one.openNamespaces))].toSorted(),
  };
}
