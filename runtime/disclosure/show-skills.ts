import { type ListedSkill, SKILLS_ROOT, summaryOf } from '../contract/skill.ts';
import { DISCLOSURE_BYTES, type Level, type Shown } from './disclosed.ts';
import { fitSections, type Section } from './fit-text.ts';
import { count } from './operation-line.ts';

/** What is told of a project without skills. */
export const NONE_SAVED =
  'No skills are saved in this project. To save one: execute({code, saveSkill: "<name>"}), where the code declares an async function of that name at its top level, with a doc comment and with types for its parameter and its result, and calls it.';

const LINE_CHARACTERS = 300;
const DOCUMENTATION_CHARACTERS = 2_000;
const HASH_CHARACTERS = 8;

/**
 * All skills of the project: a line each, their signatures, or their texts.
 * @param operations the path of the operations of the same name, where the backend has some
 */
export function showSkills(
  skills: readonly ListedSkill[],
  level: Exclude<Level, 1>,
  operations: string | undefined,
): Shown {
  const others =
    operations === undefined
      ? ''
      : ` The operations of the same name: discover({path: "${operations}", level: 2}).`;
  const [first] = skills;
  if (first === undefined) return { ok: true, level, text: NONE_SAVED, operations: [] };
  const print = level === 2 ? printLine : level === 3 ? printSignature : printText;
  const section: Section = {
    heading: '',
    items: skills.map(print),
    more: (left) => `… ${left} more: search with discover({query})`,
  };
  const head = `# skills of this project: ${count(skills.length, 'skill')}`;
  const foot = `Call in execute: await ${SKILLS_ROOT}.<name>({...}). One with all about it: discover({path: "${SKILLS_ROOT}.${first.name}"}); level 4 adds its text.${others}`;
  const { text } = fitSections(head, [section], foot, DISCLOSURE_BYTES[level], () => '');
  return { ok: true, level, text, operations: [] };
}

/** One skill: signature, documentation, effects; level 4 adds its text. */
export function showSkill(skill: ListedSkill, level: Extract<Level, 3 | 4>): Shown {
  const { name, documentation, effects = [], checkedAgainst, savedAt } = skill;
  const head = [
    `# ${SKILLS_ROOT}.${name}${marksOf(skill)}`,
    cut(documentation, DOCUMENTATION_CHARACTERS),
    skill.broken === undefined
      ? ''
      : `It cannot be called: ${cut(skill.broken, DOCUMENTATION_CHARACTERS)} Save it anew, in a form that passes the check.`,
    `Saved ${new Date(savedAt).toISOString()}, checked against schemas ${checkedAgainst.slice(0, HASH_CHARACTERS)}.`,
  ];
  const calls = skill.calls.map((callee) => `- ${SKILLS_ROOT}.${callee}`);
  const sections: Section[] = [
    { heading: '## Signature', items: [printSignature(skill)], more: leftOut },
    {
      heading: '## Effects',
      items: effects.map(({ operation, effect }) => `- ${operation} [${effect}]`),
      more: (left) => `… ${left} more`,
    },
    { heading: '## Calls', items: calls, more: (left) => `… ${left} more` },
    ...(level === 4 ? [{ heading: '## Text', items: [skill.code.trimEnd()], more: leftOut }] : []),
  ];
  const call = `Call in execute: await ${SKILLS_ROOT}.${name}(${skill.signature.includes('()') ? '' : '{...}'}).`;
  const foot = level === 4 ? call : `${call} Text: discover({path: "${SKILLS_ROOT}.${name}", level: 4}).`;
  const shown = sections.filter(({ items }) => items.length > 0);
  const parts = head.filter((line) => line !== '').join('\n');
  const { text } = fitSections(parts, shown, foot, DISCLOSURE_BYTES[level], () => '');
  return { ok: true, level, text, operations: [] };
}

/** `- skills.weeklyReview(params: { since: string }): Promise<Review> [skill, write]: Sums up the week.` */
export function printLine(skill: ListedSkill): string {
  const signature = cut(skill.signature.replace(/\s+/g, ' '), LINE_CHARACTERS);
  return `- ${SKILLS_ROOT}.${signature}${marksOf(skill)}: ${cut(summaryOf(skill), LINE_CHARACTERS)}`;
}

/** ` [skill]`, with what it does beyond reading; or that it cannot be called, and why. */
function marksOf({ effects = [], broken }: ListedSkill): string {
  const does = [...new Set(effects.map(({ effect }) => effect))].filter((effect) => effect !== 'read');
  const why = broken === undefined ? '' : ` (broken: ${cut(broken.replace(/\s+/g, ' '), LINE_CHARACTERS)})`;
  return ` [${['skill', ...does].join(', ')}]${why}`;
}

function printSignature(skill: ListedSkill): string {
  const types = skill.types === '' ? '' : `${skill.types}\n`;
  return `${types}${SKILLS_ROOT}.${skill.signature}`;
}

function printText(skill: ListedSkill): string {
  return skill.code.trimEnd();
}

function leftOut(): string {
  return 'left out: more than fits here; `athena-code-mode skills export <folder>` writes it to a file';
}

function cut(text: string, characters: number): string {
  return text.length <= characters ? text : `${text.slice(0, characters).toWellFormed()}…`;
}
