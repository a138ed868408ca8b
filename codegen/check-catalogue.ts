import { isDeepStrictEqual } from 'node:util';
import type { Report } from './mistake.ts';
import { methodOf, namespaceOf } from './names.ts';
import {
  type OperationSchema,
  reachableTypes,
  type Schema,
  type SchemaObject,
  type ToolSchema,
} from './schema.ts';

export interface LoadedTool {
  readonly file: string;
  readonly tool: ToolSchema;
  readonly report: Report;
}

interface KnownOperation {
  readonly operation: OperationSchema;
  readonly tool: ToolSchema;
}

/**
 * The rules between files: namespaces are distinct, ids that are named exist, an alias equals its target.
 * @param broken namespaces whose files could not be read: ids in them are left alone
 */
export function checkCatalogue(files: readonly LoadedTool[], broken: ReadonlySet<string>): void {
  checkNamespaces(files);
  const operations = new Map<string, KnownOperation>();
  for (const { tool } of files) {
    for (const operation of tool.operations) {
      operations.set(`${namespaceOf(tool)}.${methodOf(operation)}`, { operation, tool });
    }
  }
  const isMissing = (id: string) => !operations.has(id) && !broken.has(id.slice(0, id.indexOf('.')));
  for (const { tool, report } of files) {
    tool.operations.forEach((operation, i) => {
      const id = `${namespaceOf(tool)}.${methodOf(operation)}`;
      operation.related.forEach((related, j) => {
        const pointer = `/operations/${i}/related/${j}`;
        if (related === id) report(pointer, 'another operation than this one', related);
        else if (isMissing(related)) report(pointer, 'the id of an operation', related);
      });
      checkSuccessor(operation, id, `/operations/${i}/deprecated/use`, isMissing, report);
      const { aliasOf } = operation;
      if (aliasOf === undefined) return;
      const pointer = `/operations/${i}/aliasOf`;
      if (isMissing(aliasOf)) report(pointer, 'the id of an operation', aliasOf);
      else checkAlias({ operation, tool }, operations.get(aliasOf), pointer, report);
    });
  }
}

/** What a deprecated operation names in its place. */
function checkSuccessor(
  { deprecated }: OperationSchema,
  id: string,
  pointer: string,
  isMissing: (id: string) => boolean,
  report: Report,
): void {
  const use = typeof deprecated === 'object' ? deprecated.use : undefined;
  if (use === undefined) return;
  if (use === id) report(pointer, 'another operation than this one', use);
  else if (isMissing(use)) report(pointer, 'the id of an operation', use);
}

/** File systems may disregard case. */
function checkNamespaces(files: readonly LoadedTool[]): void {
  const namespaces = new Map<string, string>();
  for (const { file, tool, report } of files) {
    const namespace = namespaceOf(tool);
    const other = namespaces.get(namespace.toLowerCase());
    namespaces.set(namespace.toLowerCase(), file);
    if (other === undefined) continue;
    const pointer = tool.namespace === undefined ? '/tool' : '/namespace';
    report(
      pointer,
      `a name that differs from the one in ${other} as \`${namespace}\``,
      tool.namespace ?? tool.tool,
    );
  }
}

function checkAlias(
  alias: KnownOperation,
  target: KnownOperation | undefined,
  pointer: string,
  report: Report,
): void {
  if (target === undefined) return;
  if (target.operation.aliasOf !== undefined) {
    report(
      pointer,
      `an operation that is not itself an alias: ${target.operation.aliasOf}`,
      alias.operation.aliasOf,
    );
    return;
  }
  for (const part of ['parameters', 'result'] as const) {
    const own = alias.operation[part];
    const wanted = target.operation[part];
    const equal =
      isDeepStrictEqual(own, wanted) && isDeepStrictEqual(typesOf(own, alias), typesOf(wanted, target));
    if (!equal) report(pointer.replace(/aliasOf$/, part), `the ${part} of ${alias.operation.aliasOf}`, own);
  }
}

function typesOf(schema: SchemaObject, { tool }: KnownOperation): ReadonlyMap<string, Schema> {
  return reachableTypes([schema], tool.$defs ?? {});
}
