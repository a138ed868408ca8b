import * as z from 'zod';
import type { BackendAnswer } from '../../runtime/contract/backend.ts';
import type { JsonValue } from '../../runtime/contract/json.ts';

/**
 * The answer to `tools/call`, read loosely: a server that sends more, or other kinds of content than MCP knows,
 * is still understood.
 */
export const TOOL_RESULT = z.looseObject({
  content: z.array(z.looseObject({ type: z.string() })).default([]),
  // It came from a JSON parser: looking into 10 MB again would only take time.
  structuredContent: z.custom<JsonValue>(() => true).optional(),
  isError: z.boolean().optional(),
});
export type ToolResult = z.infer<typeof TOOL_RESULT>;

/** What is passed on of the text of an error, or of progress. */
export const MESSAGE_CHARACTERS = 4_000;

const TEXT_BLOCK = z.looseObject({ type: z.literal('text'), text: z.string() });

/** The value of a tool's answer: structured content, else its text as JSON or as it is, else its blocks. */
export function toAnswer({ content, structuredContent, isError }: ToolResult): BackendAnswer {
  const texts = content.flatMap((block) => TEXT_BLOCK.safeParse(block).data?.text ?? []);
  const text = texts.join('\n');
  if (isError === true) {
    const message = text === '' ? JSON.stringify(structuredContent ?? content) : text;
    return { ok: false, code: 'OPERATION_FAILED', message: message.slice(0, MESSAGE_CHARACTERS) };
  }
  if (structuredContent !== undefined) return { ok: true, value: structuredContent };
  // What is no text is passed on as it came: never dropped.
  if (texts.length < content.length) return { ok: true, value: { content: content as JsonValue } };
  return { ok: true, value: content.length === 0 ? null : parseOrKeep(text) };
}

function parseOrKeep(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}
