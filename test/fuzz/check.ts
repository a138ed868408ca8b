import { type Context, checkCode } from '../../runtime/check/ladder.ts';
import { indexOperations } from '../../runtime/check/operation-index.ts';
import { readTypings } from '../../runtime/check/typings.ts';
import { DEFAULT_LIMITS } from '../../runtime/contract/limits.ts';
import type { CheckResult } from '../../runtime/contract/program.ts';
import { PROGRAMS } from '../check/corpus-programs.ts';
import { OPERATIONS, TYPINGS } from '../check/fixture.ts';
import { createChance } from './chance.ts';
import { findBrokenLaw } from './check-laws.ts';
import { count, type FuzzOptions, type FuzzReport, nextIndex, openDraft } from './fuzzer.ts';
import { createGrammar, writePiece } from './grammar.ts';
import { mutate } from './mutate.ts';
import { TYPESCRIPT } from './pieces/typescript.ts';
import { PROGRAM_DEPTH, PROGRAM_GRAMMARS } from './program-grammar.ts';
import { shrinkText } from './shrink.ts';

export type CheckFunction = (code: string) => Promise<CheckResult>;

export interface CheckFuzzOptions extends FuzzOptions {
  /** What is held to the laws; the check without its types when left out. */
  readonly check?: CheckFunction;
  /** What `npm run fuzz --` knows it by. */
  readonly name?: string;
}

const ROOT_NAME = 'athena';
const FACTS = readTypings(TYPINGS);
const LAWS = { globals: FACTS.globals, rootName: ROOT_NAME };
const CORPUS = PROGRAMS.map(({ code }) => code);
const TYPESCRIPT_GRAMMAR = createGrammar(TYPESCRIPT);
const TYPESCRIPT_DEPTH = 7;
/** Processor time that no check needs, in µs: others' work on the machine does not count. */
const MOST_CPU = 2_000_000;
const SHRINK_TRIES = 300;

/** Kinds of code, in turn: made to attack, real code with a mistake, and TypeScript at its hardest. */
const SOURCES = {
  'attacking code': (seed: number, index: number): string => {
    const chance = createChance(seed, index);
    const grammar = chance.pick([PROGRAM_GRAMMARS.bold, PROGRAM_GRAMMARS.discreet]);
    const code = writePiece(grammar.generate('program', chance, PROGRAM_DEPTH));
    return chance.happens(0.3) ? mutate(code, chance, chance.pick(CORPUS)) : code;
  },
  'mutated code': (seed: number, index: number): string => {
    const chance = createChance(seed, index);
    return mutate(chance.pick(CORPUS), chance, chance.pick(CORPUS));
  },
  'typed snippet': (seed: number, index: number): string => {
    const chance = createChance(seed, index);
    return writePiece(TYPESCRIPT_GRAMMAR.generate('snippet', chance, TYPESCRIPT_DEPTH));
  },
} as const;
const SOURCE_NAMES = Object.keys(SOURCES) as (keyof typeof SOURCES)[];

/** Holds the check against V8, SES and TypeScript's own emit: what it accepts, and what it refuses. */
export async function fuzzCheck(options: CheckFuzzOptions): Promise<FuzzReport> {
  const { seed, check = checkWithoutTypes, name = 'check:untyped', onProgress } = options;
  const { shrinkTries = SHRINK_TRIES } = options;
  const draft = openDraft();
  for (;;) {
    const index = nextIndex(draft, options);
    if (index === undefined) return draft;
    const source = SOURCE_NAMES[index % SOURCE_NAMES.length] ?? 'typed snippet';
    const code = SOURCES[source](seed, index);
    const { fault, end } = await judge(code, check);
    draft.done += 1;
    count(draft, `${source} ${end}`);
    if (fault !== undefined) {
      const shows = async (text: string): Promise<boolean> =>
        kindOf((await judge(text, check)).fault) === kindOf(fault);
      const lines = await shrinkText(code, /[^\n]*\n|[^\n]+/g, shows, shrinkTries);
      const input = await shrinkText(lines, /\w+|\s+|[\s\S]/gu, shows, shrinkTries);
      draft.findings.push({ index, what: [fault], input, repeat: `${name} --seed ${seed} --only ${index}` });
    }
    onProgress?.(draft);
  }
}

/** The law of a fault: its first words, which no code stands in. */
const kindOf = (fault: string | undefined): string | undefined => fault?.split(':')[0]?.slice(0, 30);

async function judge(
  code: string,
  check: CheckFunction,
): Promise<{ readonly fault: string | undefined; readonly end: string }> {
  const before = process.threadCpuUsage();
  let result: CheckResult;
  try {
    result = await check(code);
  } catch (error) {
    return { fault: `the check threw: ${error}`, end: 'thrown' };
  }
  const { user, system } = process.threadCpuUsage(before);
  const end = result.ok ? 'accepted' : 'refused';
  if (user + system > MOST_CPU) return { fault: `the check took ${(user + system) / 1e6} s`, end };
  return { fault: findBrokenLaw(code, result, LAWS), end };
}

const CONTEXT: Context = {
  index: indexOperations(ROOT_NAME, OPERATIONS),
  limits: DEFAULT_LIMITS,
  ...FACTS,
  types: undefined,
};

/** The check as it is, but in this thread, and with the type step left out: ten times as fast. */
export const checkWithoutTypes: CheckFunction = async (code) => checkCode(code, CONTEXT).result;
