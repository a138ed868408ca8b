import type {
  Catalogue,
  Effect,
  Layer,
  OperationDetails,
  OperationEntry,
  OperationId,
} from '../../runtime/contract/catalogue.ts';

interface FixtureOperation {
  readonly name: string;
  readonly effect?: Effect;
  readonly summary: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly parameters?: Readonly<Record<string, 'string' | 'integer' | 'boolean'>>;
  readonly aliasOf?: OperationId;
}

export interface FixtureTool {
  readonly tool: string;
  readonly layer: Layer;
  readonly operations: readonly FixtureOperation[];
}

/** Some 40 operations in the style of Athena's own. */
export const FIXTURE_TOOLS: readonly FixtureTool[] = [
  {
    tool: 'memory_tools',
    layer: 'semantic',
    operations: [
      {
        name: 'recall',
        summary: 'Find memories by meaning',
        description: 'Use it to look up what was remembered. It ranks memories by how well they match.',
        tags: ['search', 'memories'],
        parameters: { query: 'string', k: 'integer' },
      },
      {
        name: 'remember',
        effect: 'write',
        summary: 'Store a fact, pattern, decision or context',
        tags: ['store', 'fact'],
        parameters: { content: 'string', memory_type: 'string' },
      },
      {
        name: 'forget',
        effect: 'delete',
        summary: 'Delete a memory for good',
        tags: ['delete'],
        parameters: { memory_id: 'integer' },
      },
      {
        name: 'list_memories',
        summary: 'List memories, most useful first',
        parameters: { limit: 'integer' },
      },
      {
        name: 'get_working_memory',
        summary: 'Read what working memory holds',
        parameters: { component: 'string' },
      },
      { name: 'clear_working_memory', effect: 'delete', summary: 'Empty working memory' },
      { name: 'detect_knowledge_gaps', summary: 'Find contradictions and missing knowledge' },
      {
        name: 'record_event',
        effect: 'write',
        summary: 'Record something that happened',
        aliasOf: 'episodic.recordEvent',
        parameters: { content: 'string' },
      },
      {
        name: 'recall_events',
        summary: 'Find past events by time, type or words',
        aliasOf: 'episodic.recallEvents',
        parameters: { timeframe: 'string' },
      },
    ],
  },
  {
    tool: 'episodic_tools',
    layer: 'episodic',
    operations: [
      {
        name: 'record_event',
        effect: 'write',
        summary: 'Record something that happened',
        parameters: { content: 'string' },
      },
      {
        name: 'recall_events',
        summary: 'Find past events by time, type or words',
        parameters: { timeframe: 'string' },
      },
      { name: 'get_timeline', summary: 'List events in order of time', parameters: { days: 'integer' } },
      { name: 'batch_record_events', effect: 'write', summary: 'Record many events in one call' },
    ],
  },
  {
    tool: 'conversation_tools',
    layer: 'episodic',
    operations: [
      {
        name: 'start_new_conversation',
        effect: 'write',
        summary: 'Open a conversation',
        parameters: { title: 'string' },
      },
      { name: 'get_conversation_history', summary: 'Read the messages of a conversation' },
      { name: 'list_active_conversations', summary: 'List conversations that are open' },
    ],
  },
  {
    tool: 'graph_tools',
    layer: 'graph',
    operations: [
      {
        name: 'create_entity',
        effect: 'write',
        summary: 'Add an entity to the knowledge graph',
        parameters: { name: 'string' },
      },
      { name: 'create_relation', effect: 'write', summary: 'Connect two entities' },
      {
        name: 'search_graph',
        summary: 'Find entities and what surrounds them',
        parameters: { query: 'string' },
      },
    ],
  },
  {
    tool: 'code_search_tools',
    layer: 'graph',
    operations: [
      {
        name: 'search_code_semantically',
        summary: 'Find code by what it does',
        parameters: { query: 'string' },
      },
      { name: 'analyze_code_file', summary: 'Count the units of one source file' },
    ],
  },
  {
    tool: 'task_management_tools',
    layer: 'prospective',
    operations: [
      { name: 'create_task', effect: 'write', summary: 'Add a task', parameters: { content: 'string' } },
      { name: 'list_tasks', summary: 'List tasks by status and priority', parameters: { status: 'string' } },
      {
        name: 'update_task_status',
        effect: 'write',
        summary: 'Move a task to another status',
        parameters: { task_id: 'integer', status: 'string' },
      },
      { name: 'start_task', effect: 'write', summary: 'Begin work on a task' },
      {
        name: 'get_project_status',
        summary: 'Sum up how a project stands',
        aliasOf: 'monitoring.getProjectStatus',
      },
    ],
  },
  {
    tool: 'planning_tools',
    layer: 'prospective',
    operations: [
      { name: 'decompose_with_strategy', summary: 'Break a task into steps by a named strategy' },
      { name: 'validate_plan', summary: 'Check the plans of a project for mistakes' },
      { name: 'recommend_strategy', summary: 'Choose a way to approach a task' },
    ],
  },
  {
    tool: 'monitoring_tools',
    layer: 'meta',
    operations: [
      { name: 'get_project_status', summary: 'Sum up how a project stands' },
      { name: 'detect_bottlenecks', summary: 'Find what holds a project up' },
    ],
  },
  {
    tool: 'ml_integration_tools',
    layer: 'meta',
    operations: [{ name: 'recommend_strategy', summary: 'Pick the strategy that worked for similar tasks' }],
  },
  {
    tool: 'performance_tools',
    layer: 'meta',
    operations: [{ name: 'manage_cache', effect: 'admin', summary: 'Empty or inspect the caches' }],
  },
  {
    tool: 'hooks_tools',
    layer: 'procedural',
    operations: [
      { name: 'register_hook', effect: 'admin', summary: 'Turn a hook on' },
      { name: 'list_hooks', summary: 'List hooks and how often they ran' },
    ],
  },
  {
    tool: 'consolidation_tools',
    layer: 'consolidation',
    operations: [
      { name: 'run_consolidation', effect: 'write', summary: 'Turn events into lasting patterns' },
    ],
  },
  {
    tool: 'rag_tools',
    layer: 'rag',
    operations: [{ name: 'retrieve_smart', summary: 'Search all layers and merge the results' }],
  },
];

/** A catalogue made from literals, complete enough for disclosure: it has no adapters. */
export function createFixtureCatalogue(tools: readonly FixtureTool[] = FIXTURE_TOOLS): Catalogue {
  const operations = tools.flatMap((tool) => tool.operations.map((operation) => ({ tool, operation })));
  const pick = async <T>(
    namespace: string,
    make: (operation: FixtureOperation, tool: FixtureTool) => T,
  ): Promise<Record<OperationId, T> | undefined> => {
    const inside = operations.filter(({ tool }) => namespaceOf(tool) === namespace);
    if (inside.length === 0) return undefined;
    return Object.fromEntries(
      inside.map(({ tool, operation }) => [idOf(tool, operation), make(operation, tool)]),
    );
  };
  return {
    name: 'athena',
    schemaHash: '0'.repeat(64),
    generatorVersion: '0.0.0',
    operations: operations.map(({ tool, operation }) => entryOf(tool, operation)),
    tree: { layers: [] },
    signatures: (namespace) => pick(namespace, signatureOf),
    details: (namespace) => pick(namespace, detailsOf),
    searchDocuments: async () =>
      operations.map(({ tool, operation }) => ({
        id: idOf(tool, operation),
        summary: operation.summary,
        description: operation.description ?? '',
        tags: operation.tags ?? [],
        parameters: Object.keys(operation.parameters ?? {}),
      })),
    adapters: async () => undefined,
    typings: async () => '',
  };
}

function entryOf(tool: FixtureTool, operation: FixtureOperation): OperationEntry {
  return {
    id: idOf(tool, operation),
    tool: tool.tool,
    operation: operation.name,
    namespace: namespaceOf(tool),
    method: camel(operation.name),
    layer: tool.layer,
    effect: operation.effect ?? 'read',
    idempotent: operation.effect === undefined,
    timeoutMs: 5_000,
    summary: operation.summary,
    ...(operation.aliasOf === undefined ? {} : { aliasOf: operation.aliasOf }),
  };
}

function signatureOf(operation: FixtureOperation): string {
  const members = Object.entries(operation.parameters ?? {}).map(
    ([name, type]) => `${name}: ${type === 'integer' ? 'number' : type}`,
  );
  return `${camel(operation.name)}(params: { ${members.join('; ')} }): Promise<Answer>;\ntype Answer = { status: string };`;
}

function detailsOf(operation: FixtureOperation, tool: FixtureTool): OperationDetails {
  const parameters = operation.parameters ?? {};
  return {
    description: operation.description ?? `${operation.summary}, and nothing else.`,
    tags: operation.tags ?? [],
    parameters: {
      type: 'object',
      properties: Object.fromEntries(Object.entries(parameters).map(([name, type]) => [name, { type }])),
      additionalProperties: false,
    },
    result: { type: 'object', properties: { status: { type: 'string' } } },
    examples: [
      {
        title: `Call ${operation.name}`,
        parameters: Object.fromEntries(
          Object.entries(parameters).map(([name, type]) => [name, type === 'string' ? 'words' : 7]),
        ),
        result: { status: 'ok' },
      },
    ],
    related: ['memory.forget'],
    source: `export const ${camel(operation.name)} = defineOperation({ tool: '${tool.tool}' });\n`,
  };
}

function idOf(tool: FixtureTool, operation: FixtureOperation): OperationId {
  return `${namespaceOf(tool)}.${camel(operation.name)}`;
}

function namespaceOf({ tool }: FixtureTool): string {
  return camel(tool.replace(/_tools$/, ''));
}

function camel(name: string): string {
  return name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}
