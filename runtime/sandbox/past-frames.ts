import type { AnsweredCall, AnsweredFrame, GuestCall } from '../contract/sandbox.ts';
import { shorten } from '../json/shorten.ts';

/** How much of two calls that differ is shown, in characters. */
const SHOWN = 500;

/** What a run was answered before, handed out again once the calls have come that it answers. */
export class PastFrames {
  readonly #frames: readonly AnsweredFrame[];
  readonly #recorded: ReadonlyMap<number, AnsweredCall>;
  readonly #made = new Set<number>();
  #next = 0;

  constructor(frames: readonly AnsweredFrame[]) {
    this.#frames = frames;
    this.#recorded = new Map(frames.flatMap(({ calls }) => calls).map((call) => [call.number, call]));
  }

  /** Whether all of it has been handed out. */
  get isOver(): boolean {
    return this.#next === this.#frames.length;
  }

  has(call: GuestCall): boolean {
    return this.#recorded.has(call.number);
  }

  /** Takes note of a call. Answers how it differs from the one that was recorded, if it does. */
  compare(call: GuestCall): string | undefined {
    const recorded = this.#recorded.get(call.number);
    this.#made.add(call.number);
    if (recorded === undefined || (recorded.name === call.name && recorded.json === call.json))
      return undefined;
    return `call ${call.number} was ${show(recorded)} and is now ${show(call)}`;
  }

  /** The next frame, if all calls that it answers have been made. */
  take(): AnsweredFrame | undefined {
    const frame = this.#frames[this.#next];
    if (frame?.calls.every(({ number }) => this.#made.has(number)) !== true) return undefined;
    this.#next += 1;
    return frame;
  }

  /** The first call that was recorded and has not been made. */
  missing(): string | undefined {
    const call = this.#recorded.values().find(({ number }) => !this.#made.has(number));
    return call === undefined ? undefined : `call ${call.number} (${show(call)}) is not made any more`;
  }
}

function show({ name, json }: GuestCall): string {
  return shorten(`${name.replace(/^@/, '')} ${json}`, SHOWN);
}
