import type { OperationDetails, OperationEntry } from '../contract/catalogue.ts';
import type { JsonValue } from '../contract/json.ts';
import { DISCLOSURE_BYTES, type DisclosureOptions, type Level, type Shown } from './disclosed.ts';
import { fitSections, type Section } from './fit-text.ts';
import {
  count,
  describeDeprecation,
  discloseOperation,
  marksOf,
  servedRemark,
  toolsOf,
  writtenAs,
} from './operation-line.ts';
import { readSignatures } from './show-signatures.ts';

/** JSON up to this length stays on one line. */
const LINE_CHARACTERS = 80;

/** Level 3 of one operation: signature, description, and an example to start from. */
export async function showOperation(operation: OperationEntry, options: DisclosureOptions): Promise<Shown> {
  const details = await readDetails(operation, options);
  const [signature = ''] = await readSignatures([operation], options.catalogue);
  const parts = [
    part('Signature', signature),
    ...(details === undefined ? [] : printExamples(operation, details, options.rootName).slice(0, 1)),
    printRelated(details, options),
  ];
  return showParts(operation, details, parts, 3, options);
}

/** Level 4 of one operation: everything that is known of it. */
export async function showOperationDetails(
  operation: OperationEntry,
  options: DisclosureOptions,
): Promise<Shown> {
  const details = await readDetails(operation, options);
  const parts = await printDetails(operation, details, options);
  return showParts(operation, details, parts, 4, options);
}

/** Level 4 of a namespace: everything about as many operations as fit, each whole. */
export async function showNamespaceDetails(
  operations: readonly OperationEntry[],
  options: DisclosureOptions,
): Promise<Shown> {
  const { serves, rootName } = options;
  const [first] = operations;
  const { namespace = '' } = first ?? {};
  const written = writtenAs(namespace, first, rootName);
  const items = await Promise.all(
    operations.map(async (operation) => {
      const details = await readDetails(operation, options);
      const parts = await printDetails(operation, details, options);
      const bodies = parts.flatMap(({ heading, items: [body = ''] }) => (body === '' ? [] : [heading, body]));
      return [printHead(operation, details, options), ...bodies].join('\n');
    }),
  );
  const more = (left: number): string =>
    `… ${left} more: names with discover({path: "${written}", level: 2}), one with discover({path: "${namespace}.<method>", level: 4})`;
  const head = `# ${written}: ${count(operations.length, 'operation')} of ${toolsOf(operations)}${servedRemark(operations, serves)}`;
  const { text, shown } = fitSections(
    head,
    [{ heading: '', items, more }],
    '',
    DISCLOSURE_BYTES[4],
    () => '',
  );
  const named = operations.slice(0, shown[0]);
  return { ok: true, level: 4, text, operations: named.map((entry) => discloseOperation(entry, serves)) };
}

async function readDetails(
  { id, namespace }: OperationEntry,
  { catalogue }: DisclosureOptions,
): Promise<OperationDetails | undefined> {
  return (await catalogue.details(namespace))?.[id];
}

function showParts(
  operation: OperationEntry,
  details: OperationDetails | undefined,
  parts: readonly Section[],
  level: Extract<Level, 3 | 4>,
  options: DisclosureOptions,
): Shown {
  const foot = level === 3 ? `Schema and source: discover({path: "${operation.id}", level: 4}).` : '';
  const shownParts = parts.filter(({ items }) => items.length > 0);
  const head = printHead(operation, details, options);
  const { text } = fitSections(head, shownParts, foot, DISCLOSURE_BYTES[level], () => '');
  return { ok: true, level, text, operations: [discloseOperation(operation, options.serves)] };
}

function printHead(
  operation: OperationEntry,
  details: OperationDetails | undefined,
  { serves, rootName }: DisclosureOptions,
): string {
  const { id, summary, aliasOf, tool, operation: wire, effect, idempotent, timeoutMs } = operation;
  const served = serves(operation);
  return [
    `# ${writtenAs(id, operation, rootName)}${marksOf(operation, served)}`,
    summary + (aliasOf === undefined ? '' : ` (= alias of ${aliasOf})`),
    details?.description ?? '',
    describeDeprecation(operation, rootName),
    `Effect: ${effect}${idempotent ? ', idempotent' : ''}. At most ${timeoutMs} ms. On the wire: ${tool}${wire === null ? '' : `, operation ${wire}`}.`,
    served ? '' : 'This backend does not carry it out: a call fails with OPERATION_NOT_SERVED.',
  ]
    .filter((line) => line !== '')
    .join('\n');
}

async function printDetails(
  operation: OperationEntry,
  details: OperationDetails | undefined,
  options: DisclosureOptions,
): Promise<readonly Section[]> {
  const [signature = ''] = await readSignatures([operation], options.catalogue);
  if (details === undefined) return [part('Signature', signature)];
  return [
    part('Signature', signature),
    ...printExamples(operation, details, options.rootName),
    part('Parameters (JSON Schema)', printJson(details.parameters)),
    part('Result (JSON Schema)', printJson(details.result)),
    part('Adapter', details.source.trimEnd()),
    part('Tags', details.tags.join(', ')),
    printRelated(details, options),
  ];
}

function printExamples(
  operation: OperationEntry,
  { examples }: OperationDetails,
  rootName: string,
): readonly Section[] {
  return examples.map(({ title, parameters, result }) => {
    const given = Object.keys(parameters).length === 0 ? '' : printJson(parameters);
    const call = `const result = await ${writtenAs(operation.id, operation, rootName)}(${given});`;
    const comes = result === undefined ? '' : `\n// result: ${printJson(result).replaceAll('\n', '\n// ')}`;
    return part(`Example: ${title}`, call + comes);
  });
}

function printRelated(
  details: OperationDetails | undefined,
  { catalogue, serves }: DisclosureOptions,
): Section {
  const lines = (details?.related ?? []).flatMap((id) => {
    const related = catalogue.operations.find((candidate) => candidate.id === id);
    return related === undefined ? [] : [`- ${id}${marksOf(related, serves(related))}: ${related.summary}`];
  });
  return part('Related', lines.join('\n'));
}

/** A part that is shown whole, or its size in its place. */
function part(title: string, body: string): Section {
  return {
    heading: `## ${title}`,
    items: body === '' ? [] : [body],
    more: () =>
      `left out: ${Buffer.byteLength(body)} bytes are more than fit here; all types are in the resource types`,
  };
}

function printJson(value: JsonValue): string {
  const line = JSON.stringify(value);
  return line.length <= LINE_CHARACTERS ? line : JSON.stringify(value, null, 2);
}
