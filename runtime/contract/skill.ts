import { LANGUAGE_NAMES } from './language.ts';
import type { LimitHit } from './limits.ts';
import type { ProgramEffect, Skill, SkillText } from './program.ts';

/** What programs call skills by: `skills.weeklyReview(params)`. */
export const SKILLS_ROOT = 'skills';

/** A skill that the check refuses by now, or that cannot be called from where it was asked for. */
export interface BrokenSkill {
  readonly name: string;
  readonly reason: string;
}

/** The skills of a project, as far as one check needs them. */
export interface KnownSkills {
  /** All names. */
  readonly names: readonly string[];
  /** Those that the code may call, and what they call in turn. */
  readonly skills: readonly Skill[];
  /** Those that the code may name, and that cannot be called. */
  readonly broken: readonly BrokenSkill[];
}

export const NO_SKILLS: KnownSkills = Object.freeze({ names: [], skills: [], broken: [] });

/** A project's skills belong to one principal. */
export interface SkillOwner {
  readonly principal: string;
  readonly project: string;
}

/** A skill on disk. */
export interface StoredSkill extends SkillText {
  /** Milliseconds since the epoch. */
  readonly savedAt: number;
  /** The hash of the schemas that it was last checked against. */
  readonly checkedAgainst: string;
}

/** A skill as it is listed. */
export interface ListedSkill extends StoredSkill {
  /** Undefined for a skill that no longer passes the check. */
  readonly effects: readonly ProgramEffect[] | undefined;
  /** Why it no longer passes the check. */
  readonly broken?: string;
}

const NAME = /^[a-z][A-Za-z0-9]{0,63}$/;
/** Files of these names are devices on Windows, whatever their ending. */
const DEVICES = /^(?:con|prn|aux|nul|com\d|lpt\d)$/i;
/** What has a meaning on any object or in any program: `skills.then` would never end when awaited. */
const TAKEN: ReadonlySet<string> = new Set([
  ...LANGUAGE_NAMES,
  ...Object.getOwnPropertyNames(Object.prototype),
  ...['then', 'default', 'prototype', 'arguments', 'eval', 'require', 'module', 'exports'],
  ...['athena', 'session', 'console', 'sleep', SKILLS_ROOT, 'setTimeout', 'clearTimeout'],
]);

/**
 * What is wrong with a name for a skill, as "is …"; undefined when it can be one. It is a member of an object,
 * the name of a function and that of a file: it can be nothing that leads elsewhere.
 * @param roots what programs reach backends by
 */
export function skillNameFault(name: string, roots: readonly string[] = []): string | undefined {
  if (!NAME.test(name))
    return 'no name for a skill: write a small letter, then up to 63 letters and digits, such as `weeklyReview`';
  const isTaken = TAKEN.has(name) || DEVICES.test(name) || roots.includes(name);
  return isTaken ? 'a name that has a meaning already' : undefined;
}

/** The first paragraph of a skill's documentation, on one line. */
export function summaryOf({ documentation }: Pick<SkillText, 'documentation'>): string {
  const [paragraph = ''] = documentation.split(/\n\s*\n|\n(?=@)/);
  return paragraph.replace(/\s+/g, ' ').trim();
}

/** What became of a skill that was to be stored. */
export type SkillStored =
  | { readonly ok: true; readonly replaced: boolean }
  | { readonly ok: false; readonly message: string; readonly limit?: LimitHit };

/** The skills of all projects. They outlive the sessions that made them. */
export interface SkillStore {
  /** Sorted by name. @throws for a fault of the storage */
  list(owner: SkillOwner): Promise<readonly StoredSkill[]>;
  /**
   * Stores a skill in the place of one of the same name, if there is one.
   * @param execution whose wish it is: one that is resumed after that does not wish it again
   */
  save(owner: SkillOwner, skill: SkillText, checkedAgainst: string, execution?: string): Promise<SkillStored>;
  /** Notes that a skill was checked again. Nothing happens when its text is another one by now. */
  noteCheck(owner: SkillOwner, skill: SkillText, checkedAgainst: string): Promise<void>;
  /** False when there was no such skill. @throws for a fault of the storage */
  remove(owner: SkillOwner, name: string): Promise<boolean>;
}
