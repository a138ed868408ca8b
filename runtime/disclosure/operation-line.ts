import type { OperationEntry } from '../contract/catalogue.ts';
import type { DisclosedOperation, DisclosureOptions } from './disclosed.ts';

/**
 * ` [write] (deprecated, use memory.recall) (not served)`: what a reader must know beyond the name; empty for a
 * read that is served and here to stay.
 */
export function marksOf({ effect, deprecated }: OperationEntry, served: boolean): string {
  return [
    effect === 'read' ? '' : ` [${effect}]`,
    deprecated === undefined
      ? ''
      : ` (deprecated${deprecated.use === undefined ? '' : `, use ${deprecated.use}`})`,
    served ? '' : ' (not served)',
  ].join('');
}

/** The whole of what is known about an operation's end, as a sentence; empty when it is here to stay. */
export function describeDeprecation({ deprecated }: OperationEntry, rootName: string): string {
  if (deprecated === undefined) return '';
  const { since, use, reason } = deprecated;
  const when = since === undefined ? '' : ` since ${since}`;
  const instead = use === undefined ? '' : ` Use ${rootName}.${use}.`;
  return `Deprecated${when}.${instead}${reason === undefined ? '' : ` ${reason}`}`;
}

/** What programs write to reach an operation or a namespace: `athena.memory.recall`, `everything.tools`. */
export function writtenAs(name: string, operation: OperationEntry | undefined, rootName: string): string {
  return operation?.root === undefined ? `${rootName}.${name}` : name;
}

/** The tool of a namespace's operations, or how many they are where each has its own. */
export function toolsOf(operations: readonly OperationEntry[]): string {
  const tools = new Set(operations.map(({ tool }) => tool));
  return tools.size === 1 ? [...tools].join('') : count(tools.size, 'tool');
}

/** What an operation is for, in a line; another name says whose. */
export function purposeOf({ aliasOf, summary }: OperationEntry): string {
  return aliasOf === undefined ? summary : `= alias of ${aliasOf}`;
}

export function discloseOperation(
  operation: OperationEntry,
  serves: DisclosureOptions['serves'],
): DisclosedOperation {
  const { id, effect, summary, deprecated } = operation;
  return { id, effect, summary, served: serves(operation), ...(deprecated && { deprecated: true }) };
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
