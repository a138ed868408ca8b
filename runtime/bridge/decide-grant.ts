import type { OperationEntry, OperationId } from '../contract/catalogue.ts';
import type { Failure, Warning } from '../contract/outcome.ts';
import type { JudgedEffect, Policy } from '../contract/policy.ts';
import type { Program } from '../contract/program.ts';

export interface Grant {
  /** What this execution may call: its effects, less what policy denies. Nothing else exists in the sandbox. */
  readonly operations: readonly OperationId[];
  /** Those of them that the program names and a person must agree to first. */
  readonly asked: readonly JudgedEffect[];
  /** Operations that the program names and policy denies: the program is not started. */
  readonly denied: readonly Failure[];
  /** What policy says of everything that the program can reach. */
  readonly judged: readonly JudgedEffect[];
  readonly warnings: readonly Warning[];
}

/** Operations that a warning names before it only counts. */
const MOST_NAMED = 5;

/**
 * Effects ∩ policy. An operation that the program names and may not call is a refusal before the start;
 * one that it merely might reach, through computed access, is left out of the grant unless it is plainly allowed.
 * @param serves whether the backend carries an operation out
 */
export function decideGrant(
  program: Program,
  policy: Policy,
  serves: (id: OperationId) => boolean,
  find: (id: OperationId) => OperationEntry | undefined,
): Grant {
  const judged = program.effects.map((effect) => ({ ...effect, ...policy(effect.operation) }));
  const isOpen = ({ operation }: JudgedEffect): boolean =>
    program.openNamespaces.includes(find(operation)?.namespace ?? '');
  const named = judged.filter((effect) => !isOpen(effect));
  const asked = named.filter(({ verdict }) => verdict === 'ask');
  return {
    operations: judged
      .filter((effect) => effect.verdict === 'allow' || asked.includes(effect))
      .map(({ operation }) => operation),
    asked,
    denied: named.filter(({ verdict }) => verdict === 'deny').map(deny),
    judged,
    warnings: [
      ...program.openNamespaces.map((namespace) =>
        warnOpen(
          namespace,
          judged.filter(({ operation }) => find(operation)?.namespace === namespace),
        ),
      ),
      ...named.filter(({ operation }) => !serves(operation)).map(({ operation }) => warnNotServed(operation)),
    ],
  };
}

function deny({ operation, effect, because }: JudgedEffect): Failure {
  return {
    code: 'OPERATION_DENIED',
    message: `\`${operation}\`, which has the effect \`${effect}\`, is denied by policy: ${because}.`,
    suggestion: 'leave it out, or ask the operator to allow it with --policy',
  };
}

function warnOpen(namespace: string, reached: readonly JudgedEffect[]): Warning {
  const left = reached.filter(({ verdict }) => verdict !== 'allow');
  const shown = left.slice(0, MOST_NAMED).map(({ operation }) => `\`${operation}\``);
  const more = left.length > shown.length ? ` and ${left.length - shown.length} more` : '';
  const granted =
    left.length === 0
      ? `all ${reached.length} of its operations were granted`
      : `${reached.length - left.length} of its ${reached.length} operations were granted, those that policy allows; left out: ${shown.join(', ')}${more}`;
  return {
    code: 'COMPUTED_ACCESS',
    message: `\`${namespace}\` is reached by computed access, so ${granted}. Name them to be granted less.`,
  };
}

function warnNotServed(operation: OperationId): Warning {
  return {
    code: 'OPERATION_NOT_SERVED',
    message: `\`${operation}\` is not served by this backend: the call will throw.`,
  };
}
