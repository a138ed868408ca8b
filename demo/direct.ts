import { join } from 'node:path';
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { openEmbeddedAthena } from '../backend/embedded/athena.ts';
import { catalogue } from '../generated/catalogue.ts';
import { toToolCall } from '../runtime/adapter/v1.ts';
import type { OperationId } from '../runtime/contract/catalogue.ts';
import type { JsonObject, JsonValue } from '../runtime/contract/json.ts';

export const countTokens = (text: string): number => encode(text).length;

/** Tokens of a conversation that calls the backend's tools one by one. */
export interface DirectCost {
  /** The definitions of all tools, which stand in the prompt. */
  readonly definitions: number;
  /** What the agent sends and what it gets back, each once, though later turns read them again. */
  readonly requests: number;
  readonly results: number;
  readonly calls: number;
}

/**
 * Makes the calls of a program directly, on an Athena of its own, and counts the real payloads.
 * @param directory where the second Athena may keep its file
 */
export async function measureDirect(
  directory: string,
  calls: readonly { readonly id: OperationId; readonly params: JsonObject }[],
): Promise<DirectCost> {
  const backend = await openEmbeddedAthena(join(directory, 'direct.sqlite'), (error) => {
    throw error;
  });
  let requests = 0;
  let results = 0;
  for (const { id, params } of calls) {
    const entry = catalogue.operations.find((operation) => operation.id === id);
    if (entry === undefined) throw new Error(`${id} is not in the catalogue`);
    const adapter = (await catalogue.adapters(entry.namespace))?.[entry.method];
    if (adapter?.validateParams(params) !== true) throw new Error(`${id}: the parameters are not valid`);
    const answer = await backend.call({
      ...entry,
      params,
      context: { principal: 'demo', session: 'direct', execution: 'direct' },
      signal: new AbortController().signal,
    });
    if (!answer.ok) throw new Error(answer.message);
    requests += countTokens(JSON.stringify(toToolCall(entry, params)));
    results += countTokens(JSON.stringify(answer.value));
  }
  await backend.close();
  return {
    definitions: countTokens(JSON.stringify(await defineTools())),
    requests,
    results,
    calls: calls.length,
  };
}

/**
 * The backend's tools as a lean `tools/list` would define them: an `operation` argument with a line for each
 * value, and all parameters with their types alone.
 */
async function defineTools(): Promise<readonly JsonObject[]> {
  const byTool = Map.groupBy(catalogue.operations, ({ tool }) => tool);
  return Promise.all(
    [...byTool].map(async ([name, operations]): Promise<JsonObject> => {
      const details = await catalogue.details(operations[0]?.namespace ?? '');
      const properties: Record<string, JsonValue> = {
        operation: { type: 'string', enum: operations.map(({ operation }) => operation ?? name) },
      };
      for (const { id } of operations) {
        const parameters = (details?.[id]?.parameters.properties ?? {}) as Record<string, JsonObject>;
        for (const [parameter, { type = 'string' }] of Object.entries(parameters))
          properties[parameter] = { type };
      }
      const description = operations.map(({ operation, summary }) => `${operation}: ${summary}`).join('\n');
      return { name, description, inputSchema: { type: 'object', properties, required: ['operation'] } };
    }),
  );
}
