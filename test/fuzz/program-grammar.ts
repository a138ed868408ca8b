import { GROUPS } from '../escape/all-groups.ts';
import { createGrammar, type Grammar, type Productions } from './grammar.ts';
import { CALLS } from './pieces/calls.ts';
import { EVALUATORS } from './pieces/evaluators.ts';
import { MODULES } from './pieces/modules.ts';
import { POWERS } from './pieces/powers.ts';
import { PROGRAM } from './pieces/program.ts';
import { DISCREET, READABLE } from './pieces/readable.ts';
import { SYNTAX } from './pieces/syntax.ts';
import { TAMPERING } from './pieces/tampering.ts';
import { VALUES } from './pieces/values.ts';

/** Attacks that take their time, take memory, or would do harm beyond the canary if nothing held them. */
const LEFT_OUT: ReadonlySet<string> = new Set(['Denial of service', 'Process, with SES assumed broken']);
const LONGEST = 600;
const ENDLESS =
  /for \(;;\)|new Promise\(\(\) => \{\}\)|1e[5-9]|repeat\((?:[\d_]{5,}|\de\d)|process\.exit|never answer|\d{5,}/;

/** The attacks of the scenarios, as pieces of larger programs. */
const scenarios = GROUPS.filter(({ name }) => !LEFT_OUT.has(name))
  .flatMap((group) => group.scenarios)
  .filter(({ code, timeoutMs }) => timeoutMs === undefined && code.length < LONGEST && !ENDLESS.test(code))
  .map(({ code }) => code.replaceAll('§', ''));

const ALL: Productions = {
  ...PROGRAM,
  ...VALUES,
  ...EVALUATORS,
  ...MODULES,
  ...POWERS,
  ...TAMPERING,
  ...CALLS,
  ...SYNTAX,
  scenario: scenarios,
};

/** How many pieces may stand in each other: enough for an attack wrapped in another. */
export const PROGRAM_DEPTH = 9;

/**
 * `bold`: everything, much of which the check refuses. `discreet`: what gets past it. `readable`: what V8 and SES
 * let start without it.
 */
export const PROGRAM_GRAMMARS = {
  bold: createGrammar(ALL),
  discreet: createGrammar({ ...ALL, ...DISCREET }),
  readable: createGrammar({ ...ALL, ...READABLE }),
} as const satisfies Record<string, Grammar>;
