type SkillFunction = (params: unknown) => Promise<unknown>;

/**
 * What a run calls skills by: a function a name, and nothing else. A skill is evaluated when it is called first,
 * and its own function object stays here: what a program could hang onto it would be there for nobody else.
 * @param load evaluates a skill's text to what makes its function
 */
export function createSkills(names: readonly string[], load: (name: string) => unknown): object {
  const skills: Record<string, SkillFunction> = Object.create(null);
  for (const name of names) {
    let skill: SkillFunction | undefined;
    skills[name] = Object.freeze(async (params: unknown) => {
      skill ??= (load(name) as () => SkillFunction)();
      return await skill(params);
    });
  }
  return Object.freeze(skills);
}
