import { findStorageFault } from '../database/sqlite.ts';
import type { Check } from './check/check.ts';
import type { ExecuteRequest } from './contract/execute-request.ts';
import type { Outcome, Warning } from './contract/outcome.ts';
import type { CheckResult, Skill, SkillText } from './contract/program.ts';
import {
  type ListedSkill,
  NO_SKILLS,
  type SkillOwner,
  type SkillStore,
  type StoredSkill,
} from './contract/skill.ts';
import { shorten } from './json/shorten.ts';
import { createSkillJudge, type JudgedSkill, knownOf, reasonOf } from './judge-skills.ts';

/** The skills of one project: checked before they are called, and again when the schemas are others. */
export interface Skills {
  /** Checks a program, with the skills at hand that it may call. */
  check(request: ExecuteRequest, principal: string): Promise<CheckResult>;
  /**
   * Saves the skill of a program that has finished. The outcome tells what became of it.
   * @param checked without the skill where a run went on, which was not checked again: the skill is checked now
   */
  save(request: ExecuteRequest, checked: CheckResult, outcome: Outcome, principal: string): Promise<Outcome>;
  /**
   * Skills sorted by name, each checked. None where they cannot be read.
   * @param only the names of those that are wanted; all when left out
   */
  list(principal: string, only?: readonly string[]): Promise<readonly ListedSkill[]>;
  /** The texts alone, without a check. None where they cannot be read. */
  texts(principal: string): Promise<readonly StoredSkill[]>;
  /** Reads the text of a skill from a file, without a check against the schemas and the other skills. */
  read(name: string, code: string, principal: string): Promise<ReadText>;
  /** Checks texts as if they were stored beside the others, or in their place. */
  judge(texts: readonly SkillText[], principal: string): Promise<readonly JudgedSkill[]>;
}

export type ReadText =
  | { readonly ok: true; readonly text: SkillText }
  | { readonly ok: false; readonly reason: string };

export interface SkillsOptions {
  readonly check: Check;
  readonly store: SkillStore;
  readonly project: string;
  /** Of the catalogue: what was checked against another one is checked again. */
  readonly schemaHash: string;
  readonly onBug: (error: unknown) => void;
}

/** Of a signature in a reply: types may be written out in it. */
const SHOWN_CHARACTERS = 500;
/** What could name a skill: an identifier may be spelled with escapes. */
const MAY_NAME_SKILLS = /skills|\\u/;

export function createSkills({ check, store, project, schemaHash, onBug }: SkillsOptions): Skills {
  const judgeSkills = createSkillJudge(check);
  const ownerOf = (principal: string): SkillOwner => ({ principal, project });
  const read = async (
    principal: string,
  ): Promise<
    | { readonly ok: true; readonly stored: readonly StoredSkill[] }
    | { readonly ok: false; readonly fault: string }
  > => {
    try {
      return { ok: true, stored: await store.list(ownerOf(principal)) };
    } catch (error) {
      const fault = findStorageFault(error);
      if (fault === undefined) throw error;
      onBug(error);
      return { ok: false, fault };
    }
  };
  const texts = async (principal: string): Promise<readonly StoredSkill[]> => {
    const found = await read(principal);
    return found.ok ? found.stored : [];
  };
  const judgeStored = async (
    some: readonly StoredSkill[],
    all: readonly StoredSkill[],
    principal: string,
  ): Promise<readonly JudgedSkill[]> => {
    const names = some.map(({ name }) => name);
    const judged = await judgeSkills(names, byName(all), principal);
    for (const skill of some)
      if (skill.checkedAgainst !== schemaHash) await store.noteCheck(ownerOf(principal), skill, schemaHash);
    return judged;
  };
  const checkProgram: Skills['check'] = async ({ code, saveSkill }, principal) => {
    if (saveSkill === undefined && !MAY_NAME_SKILLS.test(code)) return await check.check(code, principal);
    const found = await read(principal);
    if (!found.ok) return unreadable(found.fault);
    const all = found.stored;
    const named = code.includes('\\u') ? all : all.filter(({ name }) => code.includes(name));
    const judged = await judgeStored(named, all, principal);
    const known = knownOf(
      all.map(({ name }) => name),
      judged,
    );
    const save = saveSkill === undefined ? {} : { save: saveSkill };
    return await check.check(code, principal, { known, ...save });
  };
  return {
    check: checkProgram,
    save: async (request, checked, outcome, principal) => {
      const name = request.saveSkill;
      if (name === undefined || outcome.kind !== 'finished') return outcome;
      const found = skillOf(checked) === undefined ? await checkProgram(request, principal) : checked;
      const skill = skillOf(found);
      if (skill === undefined)
        return warnNotSaved(outcome, name, { message: `its code is refused now: ${reasonOf(found)}` });
      const signature = shorten(skill.signature, SHOWN_CHARACTERS);
      const stored = await store.save(ownerOf(principal), skill, schemaHash, outcome.execution);
      if (stored.ok) return { ...outcome, savedSkill: { name, signature, replaced: stored.replaced } };
      return warnNotSaved(outcome, name, stored);
    },
    list: async (principal, only) => {
      const all = await texts(principal);
      const wanted = only === undefined ? all : all.filter(({ name }) => only.includes(name));
      const judged = await judgeStored(wanted, all, principal);
      return wanted.map((skill, at) => describe({ ...skill, checkedAgainst: schemaHash }, judged[at]));
    },
    texts,
    read: async (name, code, principal) => {
      const { result, text } = await check.checkSkill(name, code, NO_SKILLS, principal);
      if (text !== undefined) return { ok: true, text };
      return { ok: false, reason: reasonOf(result) };
    },
    judge: async (some, principal) => {
      const all = new Map([...byName(await texts(principal)), ...byName(some)]);
      return await judgeSkills(
        some.map(({ name }) => name),
        all,
        principal,
      );
    },
  };
}

/** Says that a skill was not saved where the program did not come to its end and nothing else says so. */
export function warnUnsaved({ saveSkill }: ExecuteRequest, outcome: Outcome): Outcome {
  if (saveSkill === undefined || outcome.kind === 'finished') return outcome;
  if (outcome.kind === 'refused' && outcome.failures.some(({ code }) => code === 'SKILL_INVALID'))
    return outcome;
  const why =
    outcome.kind === 'planned'
      ? 'a dry run runs nothing.'
      : outcome.kind === 'refused'
        ? 'the program never started.'
        : 'the run did not finish.';
  const message = `${JSON.stringify(saveSkill.slice(0, 100))} was not saved: ${why}`;
  return warn(outcome, { code: 'SKILL_NOT_SAVED', message });
}

function warnNotSaved(
  outcome: Outcome,
  name: string,
  { message, limit }: Pick<Warning, 'message' | 'limit'>,
): Outcome {
  return warn(outcome, {
    code: 'SKILL_NOT_SAVED',
    message: `\`${name}\` was not saved: ${message}`,
    ...(limit && { limit }),
  });
}

function skillOf(checked: CheckResult): Skill | undefined {
  return checked.ok ? checked.skill : undefined;
}

function warn(outcome: Outcome, warning: Warning): Outcome {
  return { ...outcome, warnings: [...outcome.warnings, warning] };
}

function byName<Text extends SkillText>(all: readonly Text[]): ReadonlyMap<string, Text> {
  return new Map(all.map((skill) => [skill.name, skill]));
}

function describe(skill: StoredSkill, judged: JudgedSkill | undefined): ListedSkill {
  if (judged?.ok === true) return { ...skill, effects: judged.skill.effects };
  return { ...skill, effects: undefined, ...(judged && { broken: judged.broken.reason }) };
}

function unreadable(fault: string): CheckResult {
  const message = `The skills cannot be read: ${fault}. Try again later.`;
  const error = { code: 'SESSION_UNAVAILABLE', message, line: 1, column: 1, snippet: '' } as const;
  return { ok: false, errors: [error], warnings: [] };
}
