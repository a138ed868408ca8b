import type { Effect, OperationEntry, OperationId } from '../contract/catalogue.ts';
import type { Failure, Warning } from '../contract/outcome.ts';
import type { Program, ProgramEffect } from '../contract/program.ts';

/** What an operator allows: a set of effects. Everything else is denied. */
export interface Policy {
  readonly allowedEffects: ReadonlySet<Effect>;
}

export interface Grant {
  /** What this execution may call: its effects, less what policy denies. Nothing else exists in the sandbox. */
  readonly operations: readonly OperationId[];
  /** Operations that the program names and policy denies: the program is not started. */
  readonly denied: readonly Failure[];
  readonly warnings: readonly Warning[];
}

/**
 * Effects ∩ policy. An operation that the program names and may not call is a refusal before the start;
 * one that it merely might reach, through computed access, is left out of the grant.
 * @param serves whether the backend carries an operation out
 */
export function decideGrant(
  program: Program,
  policy: Policy,
  serves: (id: OperationId) => boolean,
  find: (id: OperationId) => OperationEntry | undefined,
): Grant {
  const isOpen = (id: OperationId): boolean => program.openNamespaces.includes(find(id)?.namespace ?? '');
  const isAllowed = ({ effect }: ProgramEffect): boolean => policy.allowedEffects.has(effect);
  const named = program.effects.filter(({ operation }) => !isOpen(operation));
  return {
    operations: program.effects.filter(isAllowed).map(({ operation }) => operation),
    denied: named.filter((effect) => !isAllowed(effect)).map((effect) => deny(effect, policy)),
    warnings: [
      ...program.openNamespaces.map(warnOpen),
      ...named.filter(({ operation }) => !serves(operation)).map(({ operation }) => warnNotServed(operation)),
    ],
  };
}

function deny({ operation, effect }: ProgramEffect, { allowedEffects }: Policy): Failure {
  const allowed = [...allowedEffects];
  return {
    code: 'OPERATION_DENIED',
    message: `\`${operation}\` has the effect \`${effect}\`; this server allows ${allowed.join(', ')}.`,
    suggestion: `leave it out, or ask the operator to start the server with --allow ${[...allowed, effect].join(',')}`,
  };
}

function warnOpen(namespace: string): Warning {
  return {
    code: 'COMPUTED_ACCESS',
    message: `\`${namespace}\` is reached by computed access, so all of its operations were granted that policy allows; name them to be granted less.`,
  };
}

function warnNotServed(operation: OperationId): Warning {
  return {
    code: 'OPERATION_NOT_SERVED',
    message: `\`${operation}\` is not served by this backend: the call will throw.`,
  };
}
