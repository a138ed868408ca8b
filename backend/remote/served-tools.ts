import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import * as z from 'zod';
import type { WireOperation } from '../../runtime/contract/backend.ts';

/** A list longer than this comes from a server that never ends it, and more than this is not kept of it. */
const MAX_PAGES = 1_000;
const MAX_TOOLS = 10_000;
const MAX_OPERATIONS = 10_000;
const NAME_CHARACTERS = 256;

/** `tools/list`, read loosely: one odd tool must not hide the others. */
const TOOL_LIST = z.looseObject({ tools: z.array(z.unknown()), nextCursor: z.string().optional() });

const TOOL = z.looseObject({
  name: z.string(),
  inputSchema: z
    .looseObject({
      properties: z
        .looseObject({
          operation: z
            .looseObject({ enum: z.array(z.unknown()).optional(), const: z.unknown().optional() })
            .optional()
            .catch(undefined),
        })
        .optional()
        .catch(undefined),
    })
    .optional()
    .catch(undefined),
});

/** The tools of a server; for those that list their operations, which. */
export type ServedTools = ReadonlyMap<string, ReadonlySet<unknown> | 'any operation'>;

/**
 * Reads all pages of `tools/list`.
 * @throws {Error} when the server does not answer, or has no tools to list
 */
export async function listServedTools(client: Client, timeoutMs: number): Promise<ServedTools> {
  const served = new Map<string, ReadonlySet<unknown> | 'any operation'>();
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const params = cursor === undefined ? {} : { cursor };
    const list = await client
      .request({ method: 'tools/list', params }, TOOL_LIST, { timeout: timeoutMs })
      .catch((cause: Error) => {
        throw new Error(`it does not list its tools: ${cause.message}`, { cause });
      });
    for (const candidate of list.tools) {
      const tool = TOOL.safeParse(candidate).data;
      if (served.size >= MAX_TOOLS) return served;
      if (tool !== undefined && tool.name.length <= NAME_CHARACTERS)
        served.set(tool.name, operationsOf(tool));
    }
    cursor = list.nextCursor;
    if (cursor === undefined) break;
  }
  return served;
}

/** A tool that does not say which operations it has may have any. */
export function isServed({ tool, operation, argument }: WireOperation, served: ServedTools): boolean {
  const operations = served.get(tool);
  // Only the argument `operation` is looked into, and a tool that is one operation itself may have it as well.
  if (operation === null || (argument ?? 'operation') !== 'operation') return operations !== undefined;
  return operations === 'any operation' || (operations?.has(operation) ?? false);
}

function operationsOf({ inputSchema }: z.infer<typeof TOOL>): ReadonlySet<unknown> | 'any operation' {
  const operation = inputSchema?.properties?.operation;
  if (operation?.enum !== undefined) return new Set(operation.enum.slice(0, MAX_OPERATIONS));
  return operation?.const === undefined ? 'any operation' : new Set([operation.const]);
}
