import { basename } from 'node:path';
import type { FileLinks, OperationLinks } from './links.ts';
import { namespaceOf } from './names.ts';
import type { SourceFile } from './sources.ts';

/** What was expected at a JSON pointer of a file. */
export interface LinkMistake {
  readonly file: string;
  readonly pointer: string;
  readonly expected: string;
}

type ReportIn = (file: string, pointer: string, expected: string) => void;

type OperationReport = (part: string, expected: string) => void;

/**
 * What files say wrongly of each other.
 * @param files what the sources came to, in the same order: without links what could not be read
 */
export function checkLinks(
  sources: readonly SourceFile[],
  files: readonly { readonly links?: FileLinks }[],
): readonly LinkMistake[] {
  const broken = sources.flatMap(({ name }, i) =>
    files[i]?.links === undefined ? [namespaceOf({ tool: basename(name, '.json') })] : [],
  );
  return checkCatalogue(
    files.flatMap((file) => file.links ?? []),
    new Set(broken),
  );
}

/**
 * The rules between files: namespaces are distinct, ids that are named exist, an alias equals its target.
 * @param broken namespaces whose files could not be read: ids in them are left alone
 */
function checkCatalogue(files: readonly FileLinks[], broken: ReadonlySet<string>): readonly LinkMistake[] {
  const mistakes: LinkMistake[] = [];
  const report: ReportIn = (file, pointer, expected) => void mistakes.push({ file, pointer, expected });
  checkNamespaces(files, report);
  const all = files.flatMap(({ operations }) => operations);
  const byId = new Map(all.map((operation) => [operation.id, operation]));
  const isMissing = (id: string) => !byId.has(id) && !broken.has(id.slice(0, id.indexOf('.')));
  for (const { file, operations } of files) {
    operations.forEach((operation, i) => {
      const reportPart: OperationReport = (part, expected) =>
        report(file, `/operations/${i}/${part}`, expected);
      const checkId = (id: string, part: string): void => {
        if (id === operation.id) reportPart(part, 'another operation than this one');
        else if (isMissing(id)) reportPart(part, 'the id of an operation');
      };
      operation.related.forEach((related, j) => {
        checkId(related, `related/${j}`);
      });
      if (operation.use !== undefined) checkId(operation.use, 'deprecated/use');
      if (operation.aliasOf === undefined) return;
      if (isMissing(operation.aliasOf)) reportPart('aliasOf', 'the id of an operation');
      else checkAlias(operation, byId.get(operation.aliasOf), reportPart);
    });
  }
  return mistakes;
}

/** File systems may disregard case. */
function checkNamespaces(files: readonly FileLinks[], report: ReportIn): void {
  const namespaces = new Map<string, string>();
  for (const { file, namespace, namedBy } of files) {
    const other = namespaces.get(namespace.toLowerCase());
    namespaces.set(namespace.toLowerCase(), file);
    if (other === undefined) continue;
    report(file, namedBy, `a name that differs from the one in ${other} as \`${namespace}\``);
  }
}

function checkAlias(
  alias: OperationLinks,
  target: OperationLinks | undefined,
  report: OperationReport,
): void {
  if (target === undefined) return;
  if (target.aliasOf !== undefined) {
    report('aliasOf', `an operation that is not itself an alias: ${target.aliasOf}`);
    return;
  }
  for (const part of ['parameters', 'result'] as const) {
    if (alias.shapes[part] !== target.shapes[part]) report(part, `the ${part} of ${alias.aliasOf}`);
  }
}
