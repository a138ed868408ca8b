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

/** Who ran the programs before: the attacker's own session, another session of the same principal, or another principal. */
export type Before = 'the same session' | 'another session' | 'another principal';

/**
 * One attack. Its code may name what the canary guards: `{{secretFile}}`, `{{dropDirectory}}`, `{{sessionsFile}}`,
 * `{{port}}`, `{{udpPort}}`, `{{socketFile}}`, `{{socketName}}`, and `{{name}}` for a file anywhere else.
 */
export interface Scenario {
  readonly id: string;
  readonly stride: Stride;
  readonly technique: string;
  /** Programs run before. How they end does not matter. */
  readonly before?: readonly string[];
  /** `the same session` when left out. */
  readonly beforeIn?: Before;
  readonly code: string;
  /** 30,000 when left out. */
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
