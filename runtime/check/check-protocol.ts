import type { OperationEntry } from '../contract/catalogue.ts';
import type { Limits } from '../contract/limits.ts';
import type { CheckResult, SkillText } from '../contract/program.ts';
import type { KnownSkills } from '../contract/skill.ts';
import type { TypeChecker } from './type-checker.ts';

export interface CheckOptions {
  /** The name under which programs reach the operations: `athena`. */
  readonly rootName: string;
  readonly operations: readonly OperationEntry[];
  /** The text of `athena.d.ts`: ambient declarations of everything that programs may name. */
  readonly typings: string;
  readonly limits: Limits;
  /** Left out: TypeScript 7 where its binary runs, else TypeScript 6. */
  readonly typeChecker?: 'native' | 'javascript';
  /** Where Node may keep the compiled check, so that the next start is faster. Left out: nowhere. */
  readonly cacheDirectory?: string;
}

/** A check's result, and whether the type step was cut short: such a result says nothing of the next time. */
export interface Verdict {
  readonly result: CheckResult;
  readonly typesChecked: boolean;
  /** What the text of a skill says by itself: there also where it does not fit the schemas or the other skills. */
  readonly text?: SkillText;
}

/** What is to be checked. */
export interface CheckTask {
  readonly code: string;
  readonly known: KnownSkills;
  /** The name of a function of the program that shall be saved as a skill. */
  readonly save?: string;
  /** The name of the skill whose text the code is. Left out: the code is a program. */
  readonly skill?: string;
}

/** To the thread: one task, or that it must end. */
export type ToCheckWorker = { readonly task: CheckTask; readonly withTypes: boolean } | 'end';

/** The type checker in the thread, for whoever must end it. */
export interface TypesState {
  readonly kind: TypeChecker['kind'];
  readonly pid: number | undefined;
}

/** From the thread. After a verdict that is not `isReady`, it says `ready` once it can check again. `failed` is a bug. */
export type FromCheckWorker =
  | ({ readonly t: 'ready' } & TypesState)
  | ({ readonly t: 'verdict'; readonly verdict: Verdict; readonly isReady: boolean } & TypesState)
  | { readonly t: 'failed'; readonly message: string };
