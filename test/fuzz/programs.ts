import type { Outcome } from '../../runtime/contract/outcome.ts';
import type { ConfinementChoice } from '../../runtime/sandbox/sandbox.ts';
import { Arena } from '../escape/arena.ts';
import type { Configuration } from '../escape/scenario.ts';
import { createChance } from './chance.ts';
import { findFall } from './falls.ts';
import { count, type Draft, type FuzzOptions, type FuzzReport, nextIndex, openDraft } from './fuzzer.ts';
import { type Grammar, type Piece, writePiece } from './grammar.ts';
import { PROGRAM_DEPTH, PROGRAM_GRAMMARS } from './program-grammar.ts';
import { removeTypes } from './remove-types.ts';
import { shrinkPiece } from './shrink.ts';

export interface ProgramFuzzOptions extends FuzzOptions {
  readonly configuration: Configuration;
  /** Layers of the process to leave out too, where SES is. */
  readonly confinement?: ConfinementChoice;
}

/** One program of a round. */
interface Shot {
  readonly index: number;
  readonly piece: Piece;
}

/** What the rounds of one fuzzer share. */
interface Battle {
  readonly options: ProgramFuzzOptions;
  readonly arena: Arena;
  readonly draft: Draft;
  /** Programs that were tried alone. */
  alone: number;
}

/** Sessions attacked side by side, each with a worker of its own. */
const LANES = 3;
/** Programs that run one after another in a session before the canary is asked. */
const IN_A_ROW = 16;
/** Long enough for what ends at all, on a machine that has other things to do. */
const TIMEOUT_MS = 300;
/** Where SES is out a session may be a ruin, so there are many: fewer than are kept. */
const RUINS = 500;
const SHRINK_TRIES = 150;
/** The attackers of several fuzzers share a process with the server, and the machine with others. */
const STANDSTILL_MS = 60_000;
/** Runs programs made of dangerous pieces. No canary may fire, and honest programs go on giving their answer. */
export async function fuzzPrograms(options: ProgramFuzzOptions): Promise<FuzzReport> {
  const draft = openDraft();
  const { configuration, confinement = {} } = options;
  const arena = await Arena.open(configuration, { confinement, standstillMs: STANDSTILL_MS });
  const battle: Battle = { options, arena, draft, alone: 0 };
  try {
    for (;;) {
      const lanes = Array.from({ length: LANES }, () => takeShots(battle));
      if (lanes.flat().length === 0) return draft;
      await fight(battle, lanes);
      options.onProgress?.(draft);
    }
  } finally {
    await arena.close();
  }
}

function takeShots({ draft, options }: Battle): readonly Shot[] {
  const shots: Shot[] = [];
  while (shots.length < IN_A_ROW) {
    const index = nextIndex(draft, options);
    if (index === undefined) break;
    shots.push({ index, piece: generate(options, index) });
    draft.done += 1;
  }
  return shots;
}

/** Half of what the check sees is made to get past it. */
function grammarOf({ configuration }: ProgramFuzzOptions, index: number): Grammar {
  if (configuration !== 'all') return PROGRAM_GRAMMARS.readable;
  return index % 2 === 0 ? PROGRAM_GRAMMARS.bold : PROGRAM_GRAMMARS.discreet;
}

/** The program of an index. Without the check there is nothing that would unwrap it. */
function generate(options: ProgramFuzzOptions, index: number): Piece {
  const start = options.configuration === 'all' ? 'program' : 'bare';
  return grammarOf(options, index).generate(start, createChance(options.seed, index), PROGRAM_DEPTH);
}

/** Without the check there is nothing that would take types away. */
function write({ configuration }: ProgramFuzzOptions, piece: Piece): string {
  const code = writePiece(piece);
  return configuration === 'all' ? code : removeTypes(code);
}

async function fight(battle: Battle, lanes: readonly (readonly Shot[])[]): Promise<void> {
  const seen = await Promise.all(lanes.map((shots, lane) => runLane(battle, shots, lane)));
  const outcomes = seen.flatMap((one) => one.outcomes);
  const wrong = [...seen.flatMap((one) => one.wrong), ...(await battle.arena.inspect(outcomes))];
  if (wrong.length > 0) await blame(battle, lanes.flat(), wrong);
}

async function runLane(
  { arena, draft, options }: Battle,
  shots: readonly Shot[],
  lane: number,
): Promise<{ readonly outcomes: readonly Outcome[]; readonly wrong: readonly string[] }> {
  const first = shots[0]?.index ?? 0;
  const session = options.configuration === 'processOnly' ? `ruin-${first % RUINS}` : `lane-${lane}`;
  // One that had used up its share of the checking would wait for the next minute.
  const principal = `attacker-${first}`;
  const outcomes: Outcome[] = [];
  for (const { piece } of shots) {
    const outcome = await arena.run(write(options, piece), session, TIMEOUT_MS, undefined, principal);
    outcomes.push(outcome);
    count(draft, describeEnd(outcome));
  }
  const honest = shots.length === 0 ? [] : await arena.askHonestly(session, principal);
  return {
    outcomes,
    wrong: [...outcomes.flatMap((outcome) => findFallUnderSes(options, outcome)), ...honest],
  };
}

/** Where SES is out, an attacker may well write frames of its own. */
function findFallUnderSes({ configuration }: ProgramFuzzOptions, outcome: Outcome): readonly string[] {
  return configuration === 'processOnly' ? [] : findFall(outcome);
}

function describeEnd(outcome: Outcome): string {
  if (outcome.kind === 'refused') return `refused ${outcome.failures[0]?.code}`;
  return outcome.kind === 'failed' ? `failed ${outcome.failure.code}` : outcome.kind;
}

/** Finds the program behind a finding by running each alone, and makes it smaller. */
async function blame(battle: Battle, shots: readonly Shot[], wrong: readonly string[]): Promise<void> {
  const { draft, options } = battle;
  const repeat = (indices: string): string =>
    `programs:${options.configuration} --seed ${options.seed} --only ${indices}`;
  for (const { index, piece } of shots) {
    const what = await tryAlone(battle, piece);
    if (what.length === 0) continue;
    const shows = async (one: Piece): Promise<boolean> => (await tryAlone(battle, one)).length > 0;
    const { shrinkTries = SHRINK_TRIES } = options;
    const smallest = await shrinkPiece(piece, grammarOf(options, index), shows, shrinkTries);
    const input = write(options, smallest);
    draft.findings.push({ index, what, input, repeat: repeat(String(index)) });
    return;
  }
  const [first, last] = [shots[0]?.index ?? 0, shots.at(-1)?.index ?? 0];
  const input = `one of the programs ${first} to ${last}, together with those before it`;
  draft.findings.push({ index: first, what: wrong, input, repeat: repeat(`${first}-${last}`) });
}

/** In a session of its own, so that nothing but the program itself can be to blame. */
async function tryAlone(battle: Battle, piece: Piece): Promise<readonly string[]> {
  const { arena, options } = battle;
  battle.alone += 1;
  const session = `alone-${battle.alone % RUINS}`;
  const outcome = await arena.run(write(options, piece), session, TIMEOUT_MS);
  return [
    ...findFallUnderSes(options, outcome),
    ...(await arena.inspect([outcome])),
    ...(await arena.askHonestly(session)),
  ];
}
