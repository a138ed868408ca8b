import type { CheckResult } from '../contract/program.ts';
import { type KnownSkills, NO_SKILLS } from '../contract/skill.ts';
import { checkSize } from './characters.ts';
import type { CheckOptions, CheckTask, Verdict } from './check-protocol.ts';
import { CheckThread } from './check-thread.ts';
import { hashCode } from './hash.ts';
import { createDiagnostic, createPlaces } from './places.ts';
import { createResultCache } from './result-cache.ts';

export type { CheckOptions, Verdict } from './check-protocol.ts';

/** The skills that a program can call, and the name under which one of its functions shall be saved. */
export type SkillsAtHand = Pick<CheckTask, 'known' | 'save'>;

export interface Check {
  /**
   * The program, ready to run, or why it is refused. Rejects only for a bug.
   * @param principal whose program it is: each has its share of the checking. Left out: nobody's
   * @param skills left out: the program has none
   */
  check(code: string, principal?: string, skills?: SkillsAtHand): Promise<CheckResult>;
  /** Checks the text of a skill by itself: a result that is good has the skill. Nothing of it is kept. */
  checkSkill(name: string, code: string, known: KnownSkills, principal?: string): Promise<Verdict>;
  close(): Promise<void>;
  readonly typeChecker: 'native' | 'javascript';
}

/**
 * Starts the thread that checks programs. Programs are parsed, judged and blanked, and never run.
 * @throws when no type checker starts
 */
export async function openCheck(options: CheckOptions): Promise<Check> {
  const thread = new CheckThread(options);
  await thread.ready;
  const cache = createResultCache();
  const running = new Map<string, Promise<CheckResult>>();

  const checkAnew = async (task: CheckTask, principal?: string, hash?: string): Promise<CheckResult> => {
    const { result, typesChecked } = await thread.check(task, principal);
    freeze(result);
    if (typesChecked && hash !== undefined) cache.set(hash, result, charactersOf(task));
    return result;
  };
  const refuseSize = (code: string): CheckResult | undefined => {
    const errors = checkSize(code, options.limits).map((finding) =>
      createDiagnostic(createPlaces(''), finding),
    );
    return errors.length > 0 ? { ok: false, errors, warnings: [] } : undefined;
  };

  return {
    async check(code, principal, skills = NONE_AT_HAND) {
      const tooLarge = refuseSize(code);
      if (tooLarge !== undefined) return tooLarge;
      const task = { code, ...skills };
      // Half of a surrogate pair has the hash of U+FFFD: one program's result would be another's.
      if (!code.isWellFormed()) return checkAnew(task, principal);
      const hash = hashTask(task);
      // Not another principal's check of the same code, which may have to wait.
      const key = JSON.stringify([principal, hash]);
      const known = cache.get(hash) ?? running.get(key);
      if (known !== undefined) return known;
      const result = checkAnew(task, principal, hash).finally(() => running.delete(key));
      running.set(key, result);
      return result;
    },
    async checkSkill(name, code, known, principal) {
      const tooLarge = refuseSize(code);
      if (tooLarge !== undefined) return { result: tooLarge, typesChecked: true };
      const verdict = await thread.check({ code, known, skill: name }, principal);
      freeze(verdict);
      return verdict;
    },
    close: () => thread.close(),
    get typeChecker() {
      return thread.typeChecker;
    },
  };
}

const NONE_AT_HAND: SkillsAtHand = { known: NO_SKILLS };

/** What a result depends on: the code, and the skills that it may call. */
function hashTask({ code, known, save }: CheckTask): string {
  const { names, skills, broken } = known;
  if (names.length === 0 && save === undefined) return hashCode(code);
  const texts = skills.map((skill) => [skill.name, skill.code]);
  return hashCode(JSON.stringify([code, save, names, texts, broken]));
}

/** A program carries its skills with it. */
function charactersOf({ code, known }: CheckTask): number {
  return known.skills.reduce((sum, skill) => sum + skill.code.length, code.length);
}

/** Results are shared by all who send the same code. */
function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const inner of Object.values(value)) freeze(inner);
}
