import { describeMistake, type Mistake, quote } from '../mistake.ts';
import { normalise } from '../normalise.ts';
import { isRecord } from '../raw-schema.ts';
import type { ToolSchema } from '../schema.ts';
import type { SourceFile } from '../sources.ts';

/** Operation files that cannot be compared; the message names every mistake. */
export class UnreadableSchemas extends Error {
  override readonly name = 'UnreadableSchemas';
}

/**
 * Parses operation files as far as a comparison needs them. Not against the meta-schema: an older version obeyed
 * an older one.
 * @param side what the files are of, for the message
 * @throws {UnreadableSchemas}
 */
export function readTools(sources: readonly SourceFile[], side: string): readonly ToolSchema[] {
  const mistakes: Mistake[] = [];
  const tools = sources.flatMap((source) => {
    const { tool, found } = readTool(source);
    mistakes.push(...found);
    return tool === undefined ? [] : [tool];
  });
  if (mistakes.length === 0) return tools;
  throw new UnreadableSchemas(`${side} cannot be compared:\n\n${mistakes.map(describeMistake).join('\n\n')}`);
}

interface Parsed {
  readonly tool?: ToolSchema;
  readonly found: readonly Mistake[];
}

function readTool({ name: file, text }: SourceFile): Parsed {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    return { found: [{ file, pointer: '', expected: 'JSON', found }] };
  }
  const found = faultsOf(document, file);
  if (found.length > 0) return { found };
  const mistakes: Mistake[] = [];
  const normalised = normalise(document, (pointer, expected, value) => {
    mistakes.push({ file, pointer, expected, found: quote(value) });
  });
  return { tool: normalised.document as ToolSchema, found: mistakes };
}

/** What a document must have before anything can be read from it. */
function faultsOf(document: unknown, file: string): readonly Mistake[] {
  const fault = (pointer: string, expected: string, value: unknown) => [
    { file, pointer, expected, found: quote(value) },
  ];
  if (!isRecord(document)) return fault('', 'an object with a tool and its operations', document);
  if (typeof document.tool !== 'string' && typeof document.namespace !== 'string')
    return fault('/tool', 'the name of a tool, or of a namespace beside it', document.tool);
  if (!Array.isArray(document.operations)) return fault('/operations', 'a list', document.operations);
  return document.operations.flatMap((operation: unknown, i: number) => {
    const at = `/operations/${i}`;
    if (!isRecord(operation)) return fault(at, 'an operation', operation);
    const { operation: name, parameters, result, tags } = operation;
    return [
      ...(typeof name === 'string' || name === null ? [] : fault(`${at}/operation`, 'a name or null', name)),
      ...(isRecord(parameters) ? [] : fault(`${at}/parameters`, 'a schema', parameters)),
      ...(isRecord(result) ? [] : fault(`${at}/result`, 'a schema', result)),
      ...(Array.isArray(tags) ? [] : fault(`${at}/tags`, 'a list', tags)),
    ];
  });
}
