import type { OperationEntry } from '../contract/catalogue.ts';
import type { DisclosedOperation, DisclosureOptions } from './disclosed.ts';

/** ` [write] (not served)`: what a reader must know beyond the name; empty for a read that is served. */
export function marksOf(operation: OperationEntry, served: boolean): string {
  const effect = operation.effect === 'read' ? '' : ` [${operation.effect}]`;
  return served ? effect : `${effect} (not served)`;
}

/** What programs write to reach an operation or a namespace: `athena.memory.recall`, `everything.tools`. */
export function writtenAs(name: string, operation: OperationEntry | undefined, rootName: string): string {
  return operation?.root === undefined ? `${rootName}.${name}` : name;
}

/** What an operation is for, in a line; another name says whose. */
export function purposeOf({ aliasOf, summary }: OperationEntry): string {
  return aliasOf === undefined ? summary : `= alias of ${aliasOf}`;
}

export function discloseOperation(
  operation: OperationEntry,
  serves: DisclosureOptions['serves'],
): DisclosedOperation {
  const { id, effect, summary } = operation;
  return { id, effect, summary, served: serves(operation) };
}

/** `1 operation`, `2 operations`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** What a head says of operations that the backend does not carry out; empty when it carries out all. */
export function servedRemark(
  operations: readonly OperationEntry[],
  serves: DisclosureOptions['serves'],
): string {
  const missing = operations.filter((operation) => !serves(operation)).length;
  return missing === 0 ? '' : `, ${missing} of them not served by this backend`;
}
