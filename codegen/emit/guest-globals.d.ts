/**
 * Variables that outlive the execution: kept on disk with the session, at most 512 KB each as JSON. One that the
 * program has read is changed only if no other program changed it since: else `VARIABLE_CONFLICT` is thrown.
 */
interface AthenaVariables {
  /** The value stored under `key`, or undefined. */
  get<T = any>(key: string): Promise<T | undefined>;
  /** Stores a JSON value. It is on disk when the promise resolves. */
  set(key: string, value: unknown): Promise<void>;
  /** Removes a variable; false when there was none. */
  delete(key: string): Promise<boolean>;
  /** The keys in use, sorted. */
  keys(): Promise<string[]>;
}

interface AthenaSession extends AthenaVariables {
  /**
   * Variables apart from all others of the session, under a name of letters, digits, dots, dashes and underscores.
   * The session's limits count them too.
   */
  namespace(name: string): AthenaVariables;
}

/** What a failed operation throws. Catch it and look at `code`. */
interface AthenaError extends Error {
  readonly name: 'AthenaError';
  /** A stable code: `INVALID_PARAMETERS`, `OPERATION_FAILED`, `CALL_TIMEOUT`, … */
  readonly code: string;
  /** The operation that failed: `memory.recall`. */
  readonly operation: string;
  /** The limit that was hit, where one was. */
  readonly limit?: { readonly name: string; readonly value: number };
}

declare const session: AthenaSession;

/** The functions that were saved from programs that worked. `discover({ path: "skills" })` lists them. */
interface AthenaSkills {
  /** No skill is called so: `skills` can be awaited. */
  readonly then?: never;
}

/** Called as `await skills.name(params)`; what they do counts as the program's own. */
declare const skills: Readonly<AthenaSkills>;

/** Each call adds one line to the reply's `logs`. */
declare const console: Readonly<
  Record<'log' | 'info' | 'debug' | 'warn' | 'error' | 'trace', (...values: unknown[]) => void>
>;

/** Resolves after `ms` milliseconds, which count towards the run's time. */
declare function sleep(ms: number): Promise<void>;
/** Runs `callback` after `ms` milliseconds, unless the program has ended by then. */
declare function setTimeout(callback: (...args: any[]) => void, ms?: number, ...args: unknown[]): number;
/** Forgets a callback that has not run yet. */
declare function clearTimeout(timer: number | undefined): void;
