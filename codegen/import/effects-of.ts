import type { Effect } from '../../runtime/contract/catalogue.ts';
import { type RawSchema, recordOf } from '../raw-schema.ts';

/** What an operation does, and how sure that is. */
export interface Traits {
  readonly effect: Effect;
  readonly idempotent: boolean;
  readonly tags: readonly string[];
}

/**
 * What a tool's annotations say. MCP has a tool destroy things unless it says otherwise; of a tool that says nothing
 * at all, `write` and the tag `unannotated` are what a person can act on.
 */
export function effectsOf(tool: RawSchema): Traits {
  const { readOnlyHint, destructiveHint, idempotentHint, openWorldHint } = recordOf(tool, 'annotations');
  const isSilent = typeof readOnlyHint !== 'boolean' && typeof destructiveHint !== 'boolean';
  const tags = [...(isSilent ? ['unannotated'] : []), ...(openWorldHint === true ? ['open-world'] : [])];
  if (readOnlyHint === true) return { effect: 'read', idempotent: idempotentHint !== false, tags };
  const isDestructive = destructiveHint === true || (!isSilent && destructiveHint !== false);
  return { effect: isDestructive ? 'delete' : 'write', idempotent: idempotentHint === true, tags };
}

const VERBS: Readonly<Record<string, Pick<Traits, 'effect' | 'idempotent'>>> = {
  get: { effect: 'read', idempotent: true },
  head: { effect: 'read', idempotent: true },
  options: { effect: 'read', idempotent: true },
  trace: { effect: 'read', idempotent: true },
  query: { effect: 'read', idempotent: true },
  put: { effect: 'write', idempotent: true },
  delete: { effect: 'delete', idempotent: true },
};

/** What HTTP says of a verb (RFC 9110, section 9.2); any other verb writes, and twice is twice. */
export function effectsOfVerb(verb: string): Traits {
  const known = VERBS[verb];
  return { effect: known?.effect ?? 'write', idempotent: known?.idempotent ?? false, tags: [] };
}
