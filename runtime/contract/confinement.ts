/**
 * How far workers are confined, weakest first; each level includes the ones before it. `process`: a process of
 * its own under Node's permission model, with an emptied start realm. `limits`: the system limits its memory,
 * files and processes. `privileges`: it can gain no rights, and dies with the server. `namespaces`: users,
 * network, processes and IPC of the machine are out of its sight.
 */
export const CONFINEMENT_LEVELS = ['process', 'limits', 'privileges', 'namespaces'] as const;
export type ConfinementLevel = (typeof CONFINEMENT_LEVELS)[number];

/** One thing that confines workers, and how it was found out. */
export interface ConfinementLayer {
  readonly name: string;
  /** The level that cannot be reached without it. */
  readonly level: ConfinementLevel;
  readonly isHeld: boolean;
  /** What a real worker showed, for people. */
  readonly evidence: string;
}
