import { createCalls } from './calls.ts';
import { createClock } from './clock.ts';
import { createConsole } from './console.ts';
import { explainRefusal } from './program-text.ts';
import { createMath } from './random.ts';
import { writeResult } from './result.ts';
import type { Scope, ScopeSpec } from './scope.ts';
import { createSkills } from './skills.ts';
import { createThrownReader } from './thrown.ts';
import { createTimers } from './timers.ts';

/** Of what nobody caught the first few say it all: a thousand would leave no room for the program's own lines. */
const UNCAUGHT_TOLD = 5;

/**
 * Creates what one program sees. This module and what it imports run inside a Compartment, where every
 * intrinsic is frozen, so none of it can be patched from under it by a program.
 */
export function createScope(spec: ScopeSpec): Scope {
  const calls = createCalls(spec.call);
  const clock = createClock(spec.now);
  const readThrown = createThrownReader(spec.locate, calls.refusalOf);
  let uncaught = 0;
  const report = (what: string, thrown: unknown): void => {
    uncaught += 1;
    if (uncaught > UNCAUGHT_TOLD) return;
    const { name, message, line, column, skill } = readThrown(thrown);
    const inSkill = skill === undefined ? '' : ` (skill ${skill.name}, line ${skill.line})`;
    const place = line === undefined ? inSkill : `${inSkill} (line ${line}, column ${column})`;
    spec.log('error', `${what}: ${name}: ${message}${place}`);
  };
  return {
    globals: {
      ...calls.createRoots(spec.roots, spec.operations),
      session: calls.session,
      skills: createSkills(spec.skills, spec.loadSkill),
      console: createConsole(spec.log),
      sleep: calls.sleep,
      ...createTimers(calls.sleep, (thrown) => report('Uncaught in a timer', thrown)),
      Date: clock.Date,
      Math: createMath(spec.seed),
    },
    advance: clock.advance,
    rejected: (reason) => report('Unhandled rejection', reason),
    execute: async (load) => {
      let program: unknown;
      try {
        program = load();
      } catch (thrown) {
        const error = readThrown(thrown);
        const { message, line } = explainRefusal(error.message);
        const place = line === undefined ? {} : { line, column: 1 };
        return JSON.stringify({ error: { ...error, ...place, message, code: 'SYNTAX_ERROR' } });
      }
      try {
        const value = await (program as () => unknown)();
        return JSON.stringify(writeResult(value, spec));
      } catch (thrown) {
        return JSON.stringify({ error: readThrown(thrown) });
      }
    },
  };
}
