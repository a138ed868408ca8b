import type { OperationEntry } from '../contract/catalogue.ts';
import { DISCLOSURE_BYTES, type DisclosureOptions, type Shown } from './disclosed.ts';
import { fitSections, type Section } from './fit-text.ts';
import { count, discloseOperation, marksOf, purposeOf, servedRemark, writtenAs } from './operation-line.ts';

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
  const sections = groups.map(([namespace, inside]): Section => {
    const [first] = inside;
    const tool = first?.tool ?? '';
    return {
      heading: `## ${writtenAs(namespace, first, rootName)} (${tool}, ${inside.length})`,
      items: inside.map((operation) => printLine(operation, serves)),
      more: (left) => `… ${left} more: discover({path: "${tool}", level: 2})`,
    };
  });
  const head = `# ${title}: ${count(operations.length, 'operation')}${servedRemark(operations, serves)}`;
  const { text, shown } = fitSections(
    head,
    sections,
    printFoot(operations),
    DISCLOSURE_BYTES[2],
    (left) => `… ${count(left, 'more namespace')}: search with discover({query})`,
  );
  const named = groups.flatMap(([, inside], index) => inside.slice(0, shown[index]));
  return { ok: true, level: 2, text, operations: named.map((entry) => discloseOperation(entry, serves)) };
}

function printLine(operation: OperationEntry, serves: DisclosureOptions['serves']): string {
  return `- ${operation.method}${marksOf(operation, serves(operation))}: ${purposeOf(operation)}`;
}

function printFoot([first]: readonly OperationEntry[]): string {
  return first === undefined
    ? 'See discover({}) for the layers that hold some.'
    : `Signatures: discover({path: "${first.id}"}), or of a whole namespace: discover({path: "${first.tool}"}).`;
}
