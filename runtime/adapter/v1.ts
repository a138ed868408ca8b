import type { OperationAdapter, OperationEntry } from '../contract/catalogue.ts';
import type { JsonObject } from '../contract/json.ts';

export type { Catalogue, OperationAdapter, OperationEntry, Validator } from '../contract/catalogue.ts';

/**
 * The one door through which generated code enters the runtime. Its version is in its path: code generated
 * for v1 keeps working when a v2 stands beside it.
 */
export function defineOperation<P, R>(adapter: OperationAdapter<P, R>): OperationAdapter<P, R> {
  return Object.freeze(adapter);
}

/** An MCP `tools/call` request body. */
export interface ToolCall {
  readonly name: string;
  readonly arguments: JsonObject;
}

type WireNames = Pick<OperationEntry, 'tool' | 'operation' | 'argument'>;

/**
 * Athena's convention: the tool, with the operation as one of its arguments.
 * @param operation the tool and its `operation` argument, which may have another name, null for a tool that is one operation itself
 * @param params the parameters under their wire names
 */
export function toToolCall(
  { tool, operation, argument = 'operation' }: WireNames,
  params: JsonObject,
): ToolCall {
  return { name: tool, arguments: operation === null ? params : { ...params, [argument]: operation } };
}
