/** One diagnostic of a type checker. */
export interface TypeFinding {
  /** TypeScript's number. */
  readonly code: number;
  /** UTF-16 offset into the text that was checked. */
  readonly start: number;
  /** The message's lines, from the whole down to the cause. */
  readonly lines: readonly string[];
}

/** Checks one program at a time against typings that never change. */
export interface TypeChecker {
  readonly kind: 'native' | 'javascript';
  /** The process that does the work, when it is another one: whoever sets a time limit ends it. */
  readonly pid: number | undefined;
  /**
   * @param text a module
   * @throws when the checker broke; it can be asked again
   */
  check(text: string): readonly TypeFinding[];
  close(): void;
}
