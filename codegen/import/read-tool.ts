import { isRecord, type RawSchema, recordOf } from '../raw-schema.ts';
import { effectsOf } from './effects-of.ts';
import type { Found, FoundOperation, LeftOut } from './found-operation.ts';
import { splitTool } from './split-tool.ts';

/** The namespace of the tools that are one operation each. */
const COLLECTION = 'tools';

/** Reads what `tools/list` holds: a tool that is none is left out and hides no other. */
export function readTools(tools: readonly unknown[], server: string): Found {
  const operations: FoundOperation[] = [];
  const leftOut: LeftOut[] = [];
  const seen = new Set<string>();
  tools.forEach((tool, i) => {
    const why = faultOf(tool, seen);
    if (why !== undefined) leftOut.push({ what: nameOf(tool) ?? `the tool at ${i}`, why });
    else if (isRecord(tool)) operations.push(...readTool(tool, server));
  });
  return { operations, leftOut };
}

function nameOf(tool: unknown): string | undefined {
  return isRecord(tool) && typeof tool.name === 'string' && tool.name !== '' ? tool.name : undefined;
}

function faultOf(tool: unknown, seen: Set<string>): string | undefined {
  if (!isRecord(tool)) return `it is ${JSON.stringify(tool)}, which is no tool`;
  const name = nameOf(tool);
  if (name === undefined) return 'it has no name';
  if (seen.has(name)) return 'the server lists it twice; the first is imported';
  seen.add(name);
  return isRecord(tool.inputSchema)
    ? undefined
    : `its inputSchema is ${JSON.stringify(tool.inputSchema) ?? 'missing'}, which is no schema`;
}

function readTool(tool: RawSchema, server: string): readonly FoundOperation[] {
  const name = nameOf(tool) ?? '';
  const parameters = recordOf(tool, 'inputSchema');
  const result = tool.outputSchema;
  const shared = {
    ...effectsOf(tool),
    tool: name,
    title: textOf(tool.title ?? recordOf(tool, 'annotations').title),
    description: textOf(tool.description),
    isDeprecated: false,
    documents: { parameters, result: isRecord(result) ? result : {} },
    result,
  };
  const split = splitTool(parameters, parameters);
  if (split === undefined) {
    const group = { kind: 'collection', name: COLLECTION, description: `The tools of ${server}.` } as const;
    return [
      {
        ...shared,
        operation: null,
        group,
        name,
        parameters,
        description: withTaskRemark(tool, shared.description),
      },
    ];
  }
  const group = { kind: 'tool', name, description: shared.description } as const;
  return split.operations.map(({ value, schema }) => ({
    ...shared,
    title: '',
    operation: value,
    ...(split.argument === 'operation' ? {} : { argument: split.argument }),
    group,
    name: value,
    parameters: schema,
  }));
}

function withTaskRemark(tool: RawSchema, description: string): string {
  const mustBeTask = recordOf(tool, 'execution').taskSupport === 'required';
  return mustBeTask
    ? `${description} (The server runs it as an MCP task only, and refuses a plain call.)`
    : description;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}
