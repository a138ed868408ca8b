import type { LogLevel } from '../../contract/sandbox.ts';

/**
 * What one run's scope is made from. What crosses is strings and numbers, but for `locate`, which takes
 * whatever was thrown.
 */
export interface ScopeSpec {
  /** The names that programs reach operations by; the ids of all but the first begin with theirs. */
  readonly roots: readonly string[];
  readonly operations: readonly string[];
  /** The names of the skills. */
  readonly skills: readonly string[];
  /** Evaluates a skill beside the program. What it answers makes the function when it is called. */
  readonly loadSkill: (name: string) => unknown;
  /** 32 hex digits. */
  readonly seed: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly resultBytes: number;
  readonly jsonDepth: number;
  /** Never rejects. Resolves to `+` and JSON text, or `-` and a `CallRefusal` as JSON. */
  readonly call: (name: string, json: string) => Promise<string>;
  readonly log: (level: LogLevel, text: string) => void;
  /** Where an error was made, as `locateError` writes it. */
  readonly locate: (error: unknown) => string;
  readonly byteLength: (text: string) => number;
}

/** One run's scope: what a program sees, and how its host steers it. */
export interface Scope {
  readonly globals: Readonly<Record<string, unknown>>;
  /** Moves the program's clock. */
  readonly advance: (now: number) => void;
  /** Loads and runs a program. Resolves to how it ended, as JSON; never rejects. */
  readonly execute: (load: () => unknown) => Promise<string>;
  /** Tells of a rejection that nobody handled. */
  readonly rejected: (reason: unknown) => void;
}

export type CreateScope = (spec: ScopeSpec) => Scope;
