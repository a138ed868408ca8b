import type { Limits } from '../contract/limits.ts';
import { type SkillOwner, type SkillStore, summaryOf } from '../contract/skill.ts';
import type { Skills } from '../skills.ts';

type Write = (text: string) => void;

/** The skills of one project, for a person at the command line. */
export interface SkillDesk {
  readonly skills: Skills;
  readonly store: SkillStore;
  readonly owner: SkillOwner;
  readonly schemaHash: string;
  readonly limits: Limits;
  close(): Promise<void>;
}

/**
 * Prints the skills of the project, each checked.
 * @param asJson an array of objects instead of lines
 */
export async function printSkills(
  { skills, owner }: SkillDesk,
  asJson: boolean,
  write: Write,
): Promise<void> {
  const listed = await skills.list(owner.principal);
  const rows = listed.map((skill) => ({
    name: skill.name,
    signature: skill.signature,
    summary: summaryOf(skill),
    effects: skill.effects ?? [],
    calls: skill.calls,
    savedAt: new Date(skill.savedAt).toISOString(),
    checkedAgainst: skill.checkedAgainst,
    ...(skill.broken !== undefined && { broken: skill.broken }),
  }));
  if (asJson) return write(`${JSON.stringify(rows, null, 2)}\n`);
  if (rows.length === 0) return write(`Project ${owner.project} has no skills.\n`);
  for (const { signature, summary, effects, broken } of rows) {
    const does = effects.map(({ operation, effect }) => `${operation} [${effect}]`).join(', ');
    write(`${signature.replace(/\s+/g, ' ')}\n    ${summary}\n`);
    write(`    ${broken === undefined ? does || 'calls no operation' : `BROKEN: ${broken}`}\n`);
  }
}

/** @returns whether there was such a skill */
export async function removeSkill({ store, owner }: SkillDesk, name: string, write: Write): Promise<boolean> {
  const isRemoved = await store.remove(owner, name);
  const none = `Project ${owner.project} has no skill ${JSON.stringify(name)}.\n`;
  write(isRemoved ? `Removed ${name}.\n` : none);
  return isRemoved;
}
