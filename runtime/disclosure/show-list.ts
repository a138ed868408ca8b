import type { OperationEntry } from '../contract/catalogue.ts';
import { DISCLOSURE_BYTES, type DisclosureOptions, type Shown } from './disclosed.ts';
import { fitSections, type Section } from './fit-text.ts';
import {
  count,
  discloseOperation,
  marksOf,
  purposeOf,
  servedRemark,
  toolsOf,
  writtenAs,
} from './operation-line.ts';

/**
 * Level 2: a line an operation, grouped by namespace.
 * @param title what is listed: `episodic layer`
 */
export function showList(
  title: string,
  operations: readonly OperationEntry[],
  { serves, rootName }: DisclosureOptions,
): Shown {
  const groups = [...Map.groupBy(operations, ({ namespace }) => namespace)];
  const isAlone = groups.length === 1;
  const sections = groups.map(([namespace, inside]): Section => {
    const written = writtenAs(namespace, inside[0], rootName);
    // A namespace that is all there is does not fit better when it is asked for.
    const next = isAlone ? 'search with discover({query})' : `discover({path: "${written}", level: 2})`;
    return {
      heading: `## ${written} (${toolsOf(inside)}, ${inside.length})`,
      items: inside.map((operation) => printLine(operation, serves)),
      more: (left) => `… ${left} more: ${next}`,
    };
  });
  const head = `# ${title}: ${count(operations.length, 'operation')}${servedRemark(operations, serves)}`;
  const { text, shown } = fitSections(
    head,
    sections,
    printFoot(operations, rootName),
    DISCLOSURE_BYTES[2],
    (left) => `… ${count(left, 'more namespace')}: search with discover({query})`,
  );
  const named = groups.flatMap(([, inside], index) => inside.slice(0, shown[index]));
  return { ok: true, level: 2, text, operations: named.map((entry) => discloseOperation(entry, serves)) };
}

function printLine(operation: OperationEntry, serves: DisclosureOptions['serves']): string {
  return `- ${operation.method}${marksOf(operation, serves(operation))}: ${purposeOf(operation)}`;
}

function printFoot([first]: readonly OperationEntry[], rootName: string): string {
  if (first === undefined) return 'See discover({}) for the layers that hold some.';
  const namespace = writtenAs(first.namespace, first, rootName);
  return `Signatures: discover({path: "${first.id}"}), or of a whole namespace: discover({path: "${namespace}"}).`;
}
