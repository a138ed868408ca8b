import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { AskPerson, PersonAnswer } from '../contract/approval.ts';
import { describeQuestion } from './describe-question.ts';

/** The longest that a timer can wait, in ms. Who asks has a patience of its own, and takes the question back. */
const NO_TIMEOUT_MS = 2 ** 31 - 1;

/** What a person can choose beside denying. */
const DECISIONS: ReadonlyMap<string, PersonAnswer> = new Map([
  ['allow once', 'allowed-once'],
  ['allow for this session', 'allowed-for-session'],
]);
const DENY = 'deny';
const SCHEMA = {
  type: 'object' as const,
  properties: {
    decision: {
      type: 'string' as const,
      title: 'Decision',
      enum: [...DECISIONS.keys(), DENY],
      default: DENY,
    },
  },
  required: ['decision'],
};

/**
 * How the person behind a client is reached, through MCP elicitation.
 * @returns undefined where the client offers no form to ask with
 */
export function findPerson(server: Server): AskPerson | undefined {
  if (server.getClientCapabilities()?.elicitation?.form === undefined) return undefined;
  return async (question, signal) => {
    try {
      const { action, content } = await server.elicitInput(
        { message: describeQuestion(question), requestedSchema: SCHEMA },
        { signal, timeout: NO_TIMEOUT_MS },
      );
      if (action === 'accept') return DECISIONS.get(String(content?.decision)) ?? 'denied';
      return action === 'decline' ? 'denied' : 'undecided';
    } catch {
      // The client went away, the question was taken back, or the answer was to something else.
      return 'undecided';
    }
  };
}
