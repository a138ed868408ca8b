import type { OperationId } from '../../runtime/contract/catalogue.ts';
import type { Expectation } from './expectation.ts';

/** Spoofing, tampering, repudiation, information disclosure, denial of service, elevation of privilege. */
export const STRIDE = {
  S: 'Spoofing',
  T: 'Tampering',
  R: 'Repudiation',
  I: 'Information disclosure',
  D: 'Denial of service',
  E: 'Elevation of privilege',
} as const;
export type Stride = keyof typeof STRIDE;

/**
 * Which layers stand in the way. `all`: as the product joins them. `checkOff`: the code goes into the sandbox
 * as it is. `processOnly`: it runs in the start realm of a confined process, with Node in reach.
 */
export const CONFIGURATIONS = ['all', 'checkOff', 'processOnly'] as const;
export type Configuration = (typeof CONFIGURATIONS)[number];

/** One attack. Its code may name what the canary guards: `{{secretFile}}`, `{{dropDirectory}}`, `{{port}}`. */
export interface Scenario {
  readonly id: string;
  readonly stride: Stride;
  readonly technique: string;
  /** Programs run before, in the same session. How they end does not matter. */
  readonly before?: readonly string[];
  readonly code: string;
  /** 3,000 when left out: far more than an attack needs that does not go on for ever. */
  readonly timeoutMs?: number;
  /** What the program may call where no check says it. */
  readonly grant?: readonly OperationId[];
  /** A layer of confinement without which the attack is not held, and no promise is made. */
  readonly needs?: 'namespaces' | 'limits on memory';
  readonly expect: Readonly<Record<Configuration, Expectation>>;
}

/** Scenarios of one kind. */
export interface Group {
  readonly name: string;
  readonly scenarios: readonly Scenario[];
}
