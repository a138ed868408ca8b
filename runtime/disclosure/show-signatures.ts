import type { Catalogue, OperationEntry } from '../contract/catalogue.ts';
import { DISCLOSURE_BYTES, type DisclosureOptions, type Shown } from './disclosed.ts';
import { type FittedText, fitSections, type Section } from './fit-text.ts';
import {
  count,
  discloseOperation,
  marksOf,
  purposeOf,
  servedRemark,
  toolsOf,
  writtenAs,
} from './operation-line.ts';

/** The typed signatures of operations of any namespaces, in their order. */
export async function readSignatures(
  operations: readonly OperationEntry[],
  catalogue: Catalogue,
): Promise<readonly string[]> {
  return Promise.all(
    operations.map(async ({ id, namespace }) => (await catalogue.signatures(namespace))?.[id] ?? ''),
  );
}

/** Level 3 of a namespace: typed signatures, with summaries if all of it fits with them. */
export async function showNamespaceSignatures(
  operations: readonly OperationEntry[],
  options: DisclosureOptions,
): Promise<Shown> {
  const signatures = await readSignatures(operations, options.catalogue);
  const rich = fitNamespace(operations, signatures, options, true);
  const fitted =
    rich.shown[0] === operations.length ? rich : fitNamespace(operations, signatures, options, false);
  const named = operations.slice(0, fitted.shown[0]);
  return {
    ok: true,
    level: 3,
    text: fitted.text,
    operations: named.map((entry) => discloseOperation(entry, options.serves)),
  };
}

function fitNamespace(
  operations: readonly OperationEntry[],
  signatures: readonly string[],
  { serves, rootName }: DisclosureOptions,
  withPurpose: boolean,
): FittedText {
  const [first] = operations;
  const { namespace = '', layer = '' } = first ?? {};
  const written = writtenAs(namespace, first, rootName);
  const section: Section = {
    heading: '',
    items: nameTypesOnce(signatures).map((signature, index) => {
      const operation = operations[index];
      return operation === undefined
        ? signature
        : `${printComment(operation, serves(operation), withPurpose)}${signature}`;
    }),
    more: (left) =>
      `… ${left} more: names with discover({path: "${written}", level: 2}), one with discover({path: "${namespace}.<method>"})`,
  };
  const head = `# ${written}: ${count(operations.length, 'operation')} of ${toolsOf(operations)}, ${layer} layer${servedRemark(operations, serves)}`;
  const foot = `Call: await ${written}.<method>({...}). Level 4 adds schema, examples, source.`;
  return fitSections(head, [section], foot, DISCLOSURE_BYTES[3], () => '');
}

function printComment(operation: OperationEntry, served: boolean, withPurpose: boolean): string {
  const marks = marksOf(operation, served).trim();
  const remark = withPurpose ? `${marks} ${purposeOf(operation)}`.trim() : marks;
  return remark === '' ? '' : `// ${remark}\n`;
}

/** A type that several signatures use is told with the first of them. */
export function nameTypesOnce(signatures: readonly string[]): readonly string[] {
  const told = new Set<string>();
  return signatures.map((signature) =>
    signature
      .split('\n')
      .filter((line) => {
        if (!line.startsWith('type ') || !line.endsWith(';')) return true;
        const isNew = !told.has(line);
        told.add(line);
        return isNew;
      })
      .join('\n'),
  );
}
