import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { Approval, ApprovalQuestion } from '../contract/approval.ts';
import type { JudgedEffect } from '../contract/policy.ts';

/** How long a person may think, in ms. */
const PATIENCE_MS = 300_000;
/** Effects that a question lists before it only counts. */
const MOST_LISTED = 20;

/** What a person can choose beside denying. */
const DECISIONS: ReadonlyMap<string, Approval> = new Map([
  ['allow once', 'allowed-once'],
  ['allow for this session', 'allowed-for-session'],
]);
const DENY = 'deny';

/** Puts a question to the person behind the client, through MCP elicitation. Never rejects. */
export async function askPerson(
  server: Server,
  question: ApprovalQuestion,
  signal: AbortSignal,
): Promise<Approval> {
  if (server.getClientCapabilities()?.elicitation === undefined) return 'unable';
  try {
    const { action, content } = await server.elicitInput(
      {
        message: describeQuestion(question),
        requestedSchema: {
          type: 'object',
          properties: {
            decision: {
              type: 'string',
              title: 'Decision',
              enum: [...DECISIONS.keys(), DENY],
              default: DENY,
            },
          },
          required: ['decision'],
        },
      },
      { signal, timeout: PATIENCE_MS },
    );
    if (action === 'accept') return DECISIONS.get(String(content?.decision)) ?? 'denied';
    return action === 'decline' ? 'denied' : 'unable';
  } catch {
    // The client went away, took too long, or answered something else than it was asked.
    return 'unable';
  }
}

/** Names operations and effects alone: nothing in it was written by the program. */
function describeQuestion({ asked, others }: ApprovalQuestion): string {
  const lines = asked.map(({ operation, effect, because }) => `- ${operation} (${effect}): ${because}`);
  const rest =
    others.length === 0 ? [] : ['', `Without asking it may also: ${others.map(describe).join(', ')}`];
  return ['A program wants to run operations that need your consent:', ...cut(lines), ...rest].join('\n');
}

function describe({ operation, effect }: JudgedEffect): string {
  return `${operation} (${effect})`;
}

function cut(lines: readonly string[]): readonly string[] {
  if (lines.length <= MOST_LISTED) return lines;
  return [...lines.slice(0, MOST_LISTED), `- and ${lines.length - MOST_LISTED} more`];
}
