import { isDeepStrictEqual } from 'node:util';
import type { ApprovalQuestion, PersonAnswer } from '../../runtime/contract/approval.ts';
import type { Backend } from '../../runtime/contract/backend.ts';
import type { OperationId } from '../../runtime/contract/catalogue.ts';
import { DEFAULT_LIMITS, type Limits } from '../../runtime/contract/limits.ts';
import type { Outcome } from '../../runtime/contract/outcome.ts';
import { composeReply } from '../../runtime/reply.ts';
import type { ConfinementChoice, SandboxEvent } from '../../runtime/sandbox/sandbox.ts';
import { describeQuestion } from '../../runtime/server/describe-question.ts';
import { Canary, type Sighting } from './canary.ts';
import { findDifference } from './expectation.ts';
import { HONEST_CODE, HONEST_VALUE } from './honest-program.ts';
import { ASKED, type Layers, openLayers } from './layers.ts';
import { createRehearsedBackend, REHEARSED, TOKEN } from './rehearsed-backend.ts';
import type { Configuration, Scenario } from './scenario.ts';
import { MARK, UNDECIDED } from './scenarios/payload.ts';

/** Small, so that bombs go off early. */
export const LIMITS: Limits = {
  ...DEFAULT_LIMITS,
  heapMb: 40,
  externalMb: 32,
  workers: 4,
  calls: 200,
  logLines: 200,
  resultBytes: 4 * 1024 * 1024,
  variableBytes: 64 * 1024,
  executionsPerMinute: 1_000_000,
};
/** Far more than a program needs that does not go on for ever: on a loaded machine it may take thirty times as long. */
const TIMEOUT_MS = 90_000;
/** What an attack has in a start realm that the ones before it may have left in ruins. */
const SHARED_MS = 2_000;
/** Where it does not matter how it ends, and much may hang. */
const CONTAINED_MS = 500;
const GRANT: readonly OperationId[] = ['memory.recall', 'memory.remember', 'memory.listMemories', ASKED];
/** How many attacks share a start realm, and a principal. */
const SHARED_BY = 10;
const PRINCIPAL = 'attacker';
/** Whatever could end a line or steer a terminal. */
const CONTROL = /(?!\t)[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u;

/** The same, but for the ends of lines: a message may have several. */
const STEERS = /(?![\t\n])[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u;

export interface ArenaOptions {
  /** Layers of the process to leave out too, where SES is. */
  readonly confinement?: ConfinementChoice;
  readonly backend?: Backend;
  /** How long the server may hear nobody, in ms. */
  readonly standstillMs?: number;
}

/** One attack, made once. */
interface Attempt {
  readonly session: string;
  readonly outcomes: readonly Outcome[];
  /** How its end differs from the one that is expected; undefined when it does not. */
  readonly difference: string | undefined;
}

/** One configuration, its canary, and the server that is attacked. */
export class Arena {
  readonly #configuration: Configuration;
  readonly #canary: Canary;
  readonly #layers: Layers;
  /** What the person was shown since the last time that somebody looked. */
  #shown: string[] = [];
  #runs = 0;

  private constructor(configuration: Configuration, canary: Canary, layers: Layers) {
    this.#configuration = configuration;
    this.#canary = canary;
    this.#layers = layers;
  }

  static async open(
    configuration: Configuration,
    { confinement = {}, backend = createRehearsedBackend(), standstillMs }: ArenaOptions = {},
  ): Promise<Arena> {
    const canary = await Canary.open(standstillMs === undefined ? {} : { standstillMs });
    await canary.plantSession(LIMITS);
    const layers = await openLayers(configuration, {
      backend,
      sessionsFile: canary.sessionsFile,
      limits: LIMITS,
      confinement,
      onSandboxEvent: (event) => watch(event, canary),
      onBug: (bug) => {
        if (!String(bug).includes(REHEARSED)) canary.noteBug(bug);
      },
    });
    return new Arena(configuration, canary, layers);
  }

  /** Why an attack is not tried on this machine; undefined when it is. */
  whyNot({ needs }: Scenario): string | undefined {
    if (needs === undefined || this.#layers.confinement.some((layer) => layer.startsWith(needs)))
      return undefined;
    return `workers have no ${needs} on this machine`;
  }

  /** Runs one attack, then an honest program. Answers all that is not as it must be. */
  async attack(scenario: Scenario): Promise<readonly string[]> {
    this.#runs += 1;
    // SES keeps a realm fit for the next attack; a start realm may be a ruin, and then says nothing of this one.
    const mayBeRuin = this.#configuration === 'processOnly';
    let { session, outcomes, difference } = mayBeRuin
      ? await this.#attempt(scenario, `attacks-${this.#share()}`, SHARED_MS)
      : await this.#attempt(scenario, 'attack');
    const wrong = [...(await this.inspect(outcomes))];
    if (difference !== undefined && mayBeRuin) {
      ({ session, outcomes, difference } = await this.#attempt(scenario, `attack-${this.#runs}`));
      wrong.push(...(await this.inspect(outcomes)));
    }
    if (difference !== undefined) wrong.unshift(difference);
    return [...wrong, ...(await this.askHonestly(session))];
  }

  async #attempt(scenario: Scenario, session: string, mostMs = TIMEOUT_MS): Promise<Attempt> {
    const { before = [], beforeIn = 'the same session', code, grant = GRANT, expect } = scenario;
    const expected = expect[this.#configuration];
    const timeoutMs = Math.min(
      scenario.timeoutMs ?? (expected.kind === 'contained' ? CONTAINED_MS : TIMEOUT_MS),
      mostMs,
    );
    const outcomes: Outcome[] = [];
    const earlier = beforeIn === 'another session' ? `${session}-other` : session;
    const whose = beforeIn === 'another principal' ? 'another-attacker' : this.#principal();
    for (const program of before) outcomes.push(await this.run(program, earlier, timeoutMs, grant, whose));
    const outcome = await this.run(code, session, timeoutMs, grant);
    outcomes.push(outcome);
    return { session, outcomes, difference: findDifference(expected, outcome) };
  }

  /** A new one now and then: each has its share of the checking, which attacks on the check use up. */
  #principal(): string {
    return `${PRINCIPAL}-${this.#share()}`;
  }

  /** The attacks that share what the next ones have anew. */
  #share(): number {
    return Math.floor(this.#runs / SHARED_BY);
  }

  /** Runs one program, of which nothing is expected. */
  async run(
    code: string,
    session: string,
    timeoutMs: number,
    grant: readonly OperationId[] = GRANT,
    principal = this.#principal(),
  ): Promise<Outcome> {
    const { signal } = new AbortController();
    const caller = { principal, signal, ask: this.#ask.bind(this) };
    return await this.#layers.execute({ code: this.#canary.aim(code), session, timeoutMs }, caller, grant);
  }

  /** A person who reads every question and allows nothing, or thinks for ever where a program wants that. */
  async #ask(question: ApprovalQuestion, signal: AbortSignal): Promise<PersonAnswer> {
    const shown = describeQuestion(question);
    this.#shown.push(shown);
    if (!shown.includes(UNDECIDED)) return 'denied';
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    return 'undecided';
  }

  /**
   * Looks whether the canary was touched since the last time, and what the programs got to see.
   * @param outcomes of all programs that ran since then
   */
  async inspect(outcomes: readonly Outcome[]): Promise<readonly string[]> {
    const cameBack = JSON.stringify(outcomes);
    // With Node in reach, a worker knows the path of its own executable.
    const told = this.#configuration === 'processOnly' ? cameBack.replaceAll(process.execPath, '') : cameBack;
    const sightings = await this.#canary.inspect(told);
    const shown = this.#shown;
    this.#shown = [];
    return [
      ...sightings.map((sighting) => `the canary saw ${sighting}`),
      ...outcomes.flatMap(findForgery),
      ...shown.flatMap(findForgedQuestion),
      ...(shown.length > MOST_QUESTIONS * outcomes.length ? [`${shown.length} questions to a person`] : []),
    ];
  }

  /**
   * Runs an honest program in the attacker's own session, so that what an attack left there would show. A
   * start realm may be a ruin: there it has a session of its own.
   */
  async askHonestly(attacked: string, principal = this.#principal()): Promise<readonly string[]> {
    const session = this.#configuration === 'processOnly' ? 'honest' : attacked;
    const outcome = await this.run(HONEST_CODE, session, TIMEOUT_MS, GRANT, principal);
    const isRight =
      outcome.kind === 'finished' &&
      isDeepStrictEqual(outcome.value, HONEST_VALUE) &&
      isDeepStrictEqual(outcome.logs, [{ level: 'info', text: 'honest' }]);
    return isRight ? [] : [`an honest program afterwards came to ${JSON.stringify(outcome)}`];
  }

  /** What the canary has seen since the last attack: a signal may take its time on a loaded machine. */
  async lookAgain(): Promise<readonly Sighting[]> {
    return await this.#canary.inspect('');
  }

  async close(): Promise<void> {
    await this.#layers.close();
    await this.#canary.close();
  }
}

function watch(event: SandboxEvent, canary: Canary): void {
  if (event.kind === 'worker-ready') canary.watchWorker(event.pid);
  if (event.kind === 'worker-ended') canary.forgetWorker(event.pid);
}

/** Whatever could steer whoever reads it, or hide from them. */
const UNSEEN =
  /(?!\n)[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2028\u2029\u2800]|(?! )\p{Zs}| {2}|\p{M}{3}/u;
const MOST_QUESTIONS = 10;
const QUESTION_CHARACTERS = 3_000;
const QUESTION_LINES = 60;

/** What a person is shown must be the server's own words, but for what stands between the only two fences. */
function findForgedQuestion(shown: string): readonly Sighting[] {
  const lines = shown.split('\n');
  const [start, end, ...more] = lines.flatMap((line, at) => (line.includes('`') ? [at] : []));
  const own = [...lines.slice(0, start), ...lines.slice((end ?? 0) + 1)].join('\n');
  return [
    ...(lines[start ?? -1] !== '```json' || lines[end ?? -1] !== '```' || more.length > 0
      ? [`a question with fences of its own ${shown}`]
      : []),
    ...(own.includes(MARK) ? ['words of a program among the server’s own, in a question'] : []),
    ...(UNSEEN.test(shown) ? [`a question that steers or hides ${JSON.stringify(shown)}`] : []),
    ...(shown.length > QUESTION_CHARACTERS || lines.length > QUESTION_LINES
      ? [`a question of ${shown.length} characters in ${lines.length} lines`]
      : []),
  ];
}

/** A snippet is the agent's own line. */
function dropSnippet(key: string, value: unknown): unknown {
  return key === 'snippet' ? undefined : value;
}

/** What every reply must be, whoever made it come about: within its size, in the server's own words. */
function findForgery(outcome: Outcome): readonly Sighting[] {
  const reply = composeReply(outcome, LIMITS.replyCharacters);
  const { length } = JSON.stringify(reply);
  const { value: _, logs: __, error, ...own } = reply;
  return [
    ...(JSON.stringify(reply).includes(TOKEN) ? ['a token in a reply'] : []),
    ...(length > LIMITS.replyCharacters ? [`a reply of ${length} characters`] : []),
    ...(JSON.stringify(own, dropSnippet).includes(MARK) ? ['words of a program among the server’s own'] : []),
    ...(STEERS.test(error?.message ?? '') ? [`a message that steers ${JSON.stringify(error?.message)}`] : []),
    ...outcome.logs
      .filter(({ text }) => CONTROL.test(text))
      .map(({ text }) => `a forged line ${JSON.stringify(text)}`),
  ];
}
