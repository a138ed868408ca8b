import { createHash } from 'node:crypto';
import type { Check } from './check/check.ts';
import type { CheckResult, Skill, SkillText } from './contract/program.ts';
import { type BrokenSkill, type KnownSkills, SKILLS_ROOT } from './contract/skill.ts';

/** A skill after the check with all that it calls, or why it cannot be called. */
export type JudgedSkill =
  | { readonly ok: true; readonly skill: Skill; readonly behind: readonly Skill[] }
  | { readonly ok: false; readonly broken: BrokenSkill };

/**
 * Checks skills with those that they call.
 * @param names of what is to be judged
 * @param all the texts of the project, by name
 * @returns in the order of the names; names without a text are left out
 */
export type JudgeSkills = (
  names: readonly string[],
  all: ReadonlyMap<string, SkillText>,
  principal: string,
) => Promise<readonly JudgedSkill[]>;

/** A verdict, and the hash of all texts that it depends on. */
interface Verdict {
  readonly judged: JudgedSkill;
  readonly key: string;
}

/** A verdict stays what it is until one of its texts changes: so many are kept, the newest. */
const MOST_VERDICTS = 1_000;

export function createSkillJudge(check: Check): JudgeSkills {
  const verdicts = new Map<string, Promise<JudgedSkill>>();

  const judgeAnew = async (
    { name, code }: SkillText,
    known: KnownSkills,
    principal: string,
    key: string,
  ): Promise<JudgedSkill> => {
    const { result, typesChecked } = await check.checkSkill(name, code, known, principal);
    if (!typesChecked) verdicts.delete(key);
    if (result.ok && result.skill !== undefined)
      return { ok: true, skill: result.skill, behind: known.skills };
    return { ok: false, broken: { name, reason: reasonOf(result) } };
  };

  const judgeOnce = async (
    text: SkillText,
    names: readonly string[],
    called: readonly Verdict[],
    principal: string,
  ): Promise<Verdict> => {
    const key = hash([text.name, text.code, called.map((one) => one.key)]);
    const known = knownOf(
      names,
      called.map(({ judged }) => judged),
    );
    const kept = verdicts.get(key) ?? judgeAnew(text, known, principal, key);
    verdicts.delete(key);
    verdicts.set(key, kept);
    kept.catch(() => verdicts.delete(key));
    for (const oldest of verdicts.keys()) if (verdicts.size > MOST_VERDICTS) verdicts.delete(oldest);
    return { judged: await kept, key };
  };

  return async (names, all, principal) => {
    const started = new Map<string, Promise<Verdict>>();
    // All are started before the first is awaited, callees first: none can wait for one that waits for it.
    const judge = (name: string, above: readonly string[]): Promise<Verdict> | undefined => {
      const text = all.get(name);
      if (text === undefined || above.includes(name)) return text && Promise.resolve(inCircle(name));
      const called = text.calls.map((callee) => started.get(callee) ?? judge(callee, [...above, name]));
      const verdict = Promise.all(called.filter((one) => one !== undefined)).then((those) =>
        judgeOnce(text, [...all.keys()], those, principal),
      );
      started.set(name, verdict);
      return verdict;
    };
    const judged = await Promise.all(names.map((name) => started.get(name) ?? judge(name, [])));
    return judged.flatMap((verdict) => (verdict === undefined ? [] : [verdict.judged]));
  };
}

/** The skills of a project, with the verdicts on those that a code may call. */
export function knownOf(names: readonly string[], judged: readonly JudgedSkill[]): KnownSkills {
  const skills = new Map(
    judged.flatMap((one) => (one.ok ? [...one.behind, one.skill].map((skill) => [skill.name, skill]) : [])),
  );
  return {
    names,
    skills: [...skills.values()],
    broken: judged.flatMap((one) => (one.ok ? [] : [one.broken])),
  };
}

/** Why a text is refused, in a sentence. */
export function reasonOf(result: CheckResult): string {
  const [first] = result.ok ? [] : result.errors;
  if (first === undefined) return 'it is no skill.';
  return `${first.code} in line ${first.line}: ${first.message}`;
}

function inCircle(name: string): Verdict {
  const reason = `it calls itself through \`${SKILLS_ROOT}\`: skills cannot call each other in a circle.`;
  return { judged: { ok: false, broken: { name, reason } }, key: 'circle' };
}

function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
