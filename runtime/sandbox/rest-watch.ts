/** How long a worker that rests is believed, and how long it may take to say so again, in ms. */
const BELIEVED_MS = 1_000;

/**
 * Finds out whether a run has nothing left to do until a call of it is answered. A program that computes beside its
 * calls looks the same from the parent, so its worker is asked, and again every second: one that computes reads no
 * frame. A worker in the hands of its program may lie between two questions.
 */
export class RestWatch {
  readonly #ask: (question: number) => void;
  readonly #onRest: (isAtRest: boolean) => void;
  #asked = 0;
  #answered = 0;
  #isWanted = false;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param ask sends a question to the worker
   * @param onRest told whether the run rests
   */
  constructor(ask: (question: number) => void, onRest: (isAtRest: boolean) => void) {
    this.#ask = ask;
    this.#onRest = onRest;
  }

  /** Asks from now on. What the worker has said before counts no more. */
  begin(): void {
    this.end();
    this.#isWanted = true;
    this.#askOnce();
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#isWanted = false;
    this.#onRest(false);
  }

  /** Takes the worker's answer. Answers what is wrong with it, if anything is. */
  receive(question: number): string | undefined {
    if (question <= this.#answered || question > this.#asked) return 'a rest that nobody asked about';
    this.#answered = question;
    if (question < this.#asked || !this.#isWanted) return undefined;
    this.#onRest(true);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#askAgain(), BELIEVED_MS);
    return undefined;
  }

  #askAgain(): void {
    this.#timer = setTimeout(() => this.#onRest(false), BELIEVED_MS);
    this.#askOnce();
  }

  #askOnce(): void {
    this.#asked += 1;
    this.#ask(this.#asked);
  }
}
