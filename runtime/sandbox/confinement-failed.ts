/** The sandbox does not hold on this machine, or cannot be tried: no program may be run. */
export class ConfinementFailed extends Error {
  override readonly name = 'ConfinementFailed';
}
