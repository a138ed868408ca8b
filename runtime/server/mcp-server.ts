import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  CallToolRequestSchema,
  type CallToolResult,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  McpError,
  type ProgressNotification,
  ReadResourceRequestSchema,
  ErrorCode as RpcErrorCode,
} from '@modelcontextprotocol/sdk/types.js';
import type { RunProgress } from '../bridge/bridge.ts';
import type { AskPerson } from '../contract/approval.ts';
import type { OperationId } from '../contract/catalogue.ts';
import type { ErrorCode } from '../contract/error-codes.ts';
import type { ExecuteRequest, ResumeRequest } from '../contract/execute-request.ts';
import type { Outcome } from '../contract/outcome.ts';
import type { Caller } from '../execute.ts';
import { shorten } from '../json/shorten.ts';
import type { Reply } from '../reply.ts';
import { DISCOVER_ARGUMENTS, describeIssues, EXECUTE_ARGUMENTS, LONGEST_NAME } from './arguments.ts';
import { findPerson } from './ask-person.ts';
import { listResources, RESOURCE_TEMPLATES, type ResourceSources, readResource } from './resources.ts';
import { type ProgressTarget, runWithProgress } from './run-with-progress.ts';
import { DISCOVER_TOOL, EXECUTE_TOOL } from './tool-definitions.ts';

export interface McpServerOptions extends ResourceSources {
  readonly version: string;
  readonly principal: string;
  /** The session of calls that name none. */
  readonly defaultSession: string;
  /** How long a run may take that does not say, in ms. */
  readonly runMs: number;
  readonly execute: (request: ExecuteRequest | ResumeRequest, caller: Caller) => Promise<Outcome>;
  readonly composeReply: (outcome: Outcome) => Reply;
  readonly onBug: (error: unknown) => void;
}

const INSTRUCTIONS =
  'Many operations behind two tools. First discover what there is (search with `query`), then write one TypeScript program with `execute` that calls several operations and returns only what you need.';

const NOT_BEGUN: RunProgress = { made: 0, wrote: 0, unanswered: 0, reported: undefined };

interface RequestExtra {
  readonly signal: AbortSignal;
  readonly progress: ProgressTarget | undefined;
  readonly ask: AskPerson | undefined;
}

/** The MCP surface of one connection: two tools, and the same knowledge as resources. */
export function createMcpServer(options: McpServerOptions): Server {
  const server = new Server(
    { name: 'athena-code-mode', title: 'Athena Code Mode', version: options.version },
    { capabilities: { tools: {}, resources: {} }, instructions: INSTRUCTIONS },
  );
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [DISCOVER_TOOL, EXECUTE_TOOL] }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra) => {
    const { name, arguments: args = {} } = params;
    const token = params._meta?.progressToken;
    const notify = (notification: ProgressNotification): Promise<void> =>
      extra.sendNotification(notification);
    const progress = token === undefined ? undefined : { token, notify };
    try {
      if (name === DISCOVER_TOOL.name) return await discover(args, options);
      if (name === EXECUTE_TOOL.name)
        return await execute(args, options, {
          signal: extra.signal,
          progress,
          ask: findPerson(server),
        });
    } catch (error) {
      options.onBug(error);
      const message = 'This is a bug in Athena Code Mode; its log says more.';
      return refuse(
        'INTERNAL_ERROR',
        message,
        'it is not known how far the program ran: look before you repeat it',
      );
    }
    throw new McpError(
      RpcErrorCode.InvalidParams,
      `There is no tool ${JSON.stringify(shorten(name, LONGEST_NAME))}; there are discover and execute.`,
    );
  });
  server.setRequestHandler(ListResourcesRequestSchema, () => ({ resources: listResources(options) }));
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({
    resourceTemplates: [...RESOURCE_TEMPLATES],
  }));
  server.setRequestHandler(ReadResourceRequestSchema, ({ params }) => readResource(params.uri, options));
  return server;
}

async function discover(args: unknown, options: McpServerOptions): Promise<CallToolResult> {
  const parsed = DISCOVER_ARGUMENTS.safeParse(args);
  if (!parsed.success) return refuse('INVALID_REQUEST', describeIssues(parsed.error));
  const { query, path, level } = parsed.data;
  const disclosed = await options.discover({
    ...(query === undefined ? {} : { query }),
    ...(path === undefined ? {} : { path }),
    ...(level === undefined ? {} : { level }),
  });
  return disclosed.ok ? { content: [text(disclosed.text)] } : refuse(disclosed.code, disclosed.message);
}

async function execute(
  args: unknown,
  options: McpServerOptions,
  extra: RequestExtra,
): Promise<CallToolResult> {
  const parsed = EXECUTE_ARGUMENTS.safeParse(args);
  if (!parsed.success) return refuse('INVALID_REQUEST', describeIssues(parsed.error));
  const { code = '', session = options.defaultSession, timeoutMs, dryRun, saveSkill, resume } = parsed.data;
  const time = timeoutMs === undefined ? {} : { timeoutMs };
  const request: ExecuteRequest | ResumeRequest =
    resume === undefined
      ? {
          code,
          session,
          ...time,
          ...(dryRun === undefined ? {} : { dryRun }),
          ...(saveSkill === undefined ? {} : { saveSkill }),
        }
      : { resume, ...time };
  let look = async (): Promise<RunProgress> => NOT_BEGUN;
  let asked: OperationId | undefined;
  const { ask } = extra;
  const caller: Caller = {
    principal: options.principal,
    signal: extra.signal,
    ...(ask !== undefined && {
      ask: async (question, signal) => {
        asked = question.asked.operation;
        return await ask(question, signal).finally(() => {
          asked = undefined;
        });
      },
    }),
    ...(extra.progress !== undefined && {
      onStart: (bridge) => {
        look = bridge.watch();
      },
    }),
  };
  const outcome = await runWithProgress(
    extra.progress,
    timeoutMs ?? options.runMs,
    async () => ({ ...(await look()), asked }),
    () => options.execute(request, caller),
  );
  const reply = options.composeReply(outcome);
  return { content: [text(JSON.stringify(reply))], structuredContent: { ...reply }, isError: !reply.ok };
}

/** A request that came to nothing, in the same form as a reply. */
function refuse(code: ErrorCode, message: string, ran = 'the program never started'): CallToolResult {
  const reply = { ok: false, error: { code, message, ran } };
  return { content: [text(JSON.stringify(reply))], structuredContent: reply, isError: true };
}

function text(value: string): { readonly type: 'text'; readonly text: string } {
  return { type: 'text', text: value };
}
