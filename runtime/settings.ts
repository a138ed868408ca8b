import { EFFECTS, type Effect } from './contract/catalogue.ts';
import { DEFAULT_LIMITS, LIMITS, type LimitName, type Limits } from './contract/limits.ts';
import { GIVEN_NAME, NAMED_BY } from './contract/session.ts';
import { StartError } from './start-error.ts';

/**
 * @param pairs `name=value`, as given with `--limit`; later ones win
 * @throws {StartError} for an unknown name, no number, or a number out of the limit's range
 */
export function parseLimits(pairs: readonly string[]): Limits {
  const limits: Record<LimitName, number> = { ...DEFAULT_LIMITS };
  for (const pair of pairs) {
    const [name = '', value = ''] = pair.split('=', 2);
    if (!isLimitName(name)) {
      throw new StartError(
        'INVALID_SETTING',
        `There is no limit ${JSON.stringify(name)}; limits are ${Object.keys(LIMITS).join(', ')}.`,
      );
    }
    const { min, max, unit } = LIMITS[name];
    const number = Number(value);
    if (value.trim() === '' || !Number.isInteger(number) || number < min || number > max) {
      throw new StartError(
        'INVALID_SETTING',
        `Limit ${name} is a whole number from ${min} to ${max} (${unit}), not ${JSON.stringify(value)}.`,
      );
    }
    limits[name] = number;
  }
  return limits;
}

/**
 * @param name of a project, as given with `--project`
 * @throws {StartError}
 */
export function parseProject(name: string): string {
  if (GIVEN_NAME.test(name)) return name;
  throw new StartError(
    'INVALID_SETTING',
    `A project ${NAMED_BY}, not ${JSON.stringify(name.slice(0, 100))}.`,
  );
}

/**
 * @param text effects separated by commas, as given with `--allow`
 * @throws {StartError}
 */
export function parseEffects(text: string): ReadonlySet<Effect> {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !isEffect(name));
  if (unknown.length > 0) {
    throw new StartError(
      'INVALID_SETTING',
      `Effects are ${EFFECTS.join(', ')}, separated by commas; not ${JSON.stringify(unknown.join(','))}.`,
    );
  }
  return new Set(names.filter(isEffect));
}

const isLimitName = (name: string): name is LimitName => Object.hasOwn(LIMITS, name);
const isEffect = (name: string): name is Effect => (EFFECTS as readonly string[]).includes(name);
