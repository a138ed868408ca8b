import type { Tool } from '@modelcontextprotocol/sdk/types.js';
import { LIMITS } from '../contract/limits.ts';

/**
 * The two tools. Their definitions are in the agent's prompt all the time: together at most 600 tokens
 * (o200k_base), whatever the size of the backend. A test counts.
 */
export const DISCOVER_TOOL: Tool = {
  name: 'discover',
  title: 'Find operations',
  description:
    'Find what programs can call. With `query`: search by intent or name. Without: walk down — no arguments (layers), a layer (its operations), a namespace or operation (typed signatures), level 4 (schema, examples, source).',
  inputSchema: {
    type: 'object',
    properties: {
      query: { type: 'string', description: 'What you want to do, in plain words, or an exact name' },
      path: {
        type: 'string',
        description: 'A layer, a namespace, an operation such as memory.recall, or skills',
      },
      level: { type: 'integer', minimum: 1, maximum: 4 },
    },
    additionalProperties: false,
  },
  annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
};

export const EXECUTE_TOOL: Tool = {
  name: 'execute',
  title: 'Run a program',
  description: `Run a TypeScript program in a sandbox: the body of an async function. Call \`await athena.<namespace>.<method>({...})\` (see discover), use Promise.all for parallel calls, filter and join in code, and \`return\` only what you need, as JSON. It is type-checked first. Also there: \`session.get/set/delete/keys\` (async, kept between runs; apart from others in \`session.namespace(name)\`), saved \`skills.name({...})\`, \`console.log\`, \`sleep(ms)\`. No imports, network or files. A failed operation throws an error with \`code\`.`,
  inputSchema: {
    type: 'object',
    properties: {
      code: { type: 'string' },
      session: { type: 'string', description: 'Session whose variables to use; default: one per connection' },
      timeoutMs: { type: 'integer', minimum: LIMITS.runMs.min, maximum: LIMITS.runMs.max },
      dryRun: { type: 'boolean', description: 'Only check: diagnostics and effects' },
      resume: {
        type: 'string',
        description: 'Instead of code: id of an interrupted execution to go on with',
      },
      saveSkill: {
        type: 'string',
        description:
          'After a good run, save this top-level `async function` (doc comment, typed parameter and result, nothing used from outside it) as skills.<name>',
      },
    },
    additionalProperties: false,
  },
  annotations: { readOnlyHint: false, destructiveHint: true, openWorldHint: false },
};
