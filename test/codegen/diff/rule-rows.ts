import type { RuleId } from '../../../codegen/diff/rules.ts';
import { soundOperation, soundTool } from '../one-tool.ts';

/** A change of the sample, and the one line that must come of it. */
export interface Row {
  readonly kind: 'breaking' | 'additive' | 'documentation';
  /** Makes the old state from the sample; left out where the sample is it. */
  readonly before?: (sample: any) => void;
  /** Makes the new state. */
  readonly after: (sample: any) => void;
  readonly operation?: string;
  readonly pointer: string;
  readonly values?: readonly [before: string | undefined, after: string | undefined];
}

/** A tool with an operation that has something for every rule, and another one. */
export function sampleTool(): any {
  const tool = soundTool();
  const find = soundOperation('find_things');
  find.parameters.properties = {
    query: { type: 'string', description: 'What to look for', minLength: 1, maxLength: 100 },
    limit: { type: 'integer', description: 'Most things found', minimum: 1, maximum: 50, default: 10 },
    sort: { description: 'The order', enum: ['name', 'age'] },
    memory_id: { type: 'integer', description: 'The memory to begin at' },
    filter: {
      type: 'object',
      description: 'Which things',
      properties: { tag: { type: 'string', description: 'A tag' } },
      additionalProperties: false,
    },
  };
  find.parameters.required = ['query'];
  find.result.properties = {
    status: { enum: ['found', 'none'] },
    score: { type: 'number', minimum: 0, maximum: 1 },
    name: { type: 'string', description: 'Its name' },
    made_at: { type: 'string', format: 'date-time' },
    extra: { type: 'object', properties: { note: { type: 'string' } } },
  };
  find.result.required = ['status', 'score'];
  find.effect = 'write';
  find.related = ['sample.firstThing'];
  tool.operations.push(find);
  return tool;
}

/** Turns the sample into a tool that has nothing in common with it. */
function becomeOther(tool: any): void {
  const operation = soundOperation('unlike');
  operation.description = 'Use it for something that no other operation does at all.';
  operation.parameters.properties = { path: { type: 'string', description: 'A path' } };
  operation.result.properties = { size: { type: 'integer' } };
  Object.assign(tool, { tool: 'other_tools', operations: [operation] });
}

const parameters = (tool: any) => tool.operations[1].parameters.properties;
const result = (tool: any) => tool.operations[1].result.properties;
const operation = (tool: any) => tool.operations[1];

/** One row a rule: a rule without one does not compile. */
export const ROWS: Readonly<Record<RuleId, Row>> = {
  'tool-removed': {
    kind: 'breaking',
    after: (t) => becomeOther(t),
    operation: 'sample',
    pointer: '',
    values: ['2 operations', undefined],
  },
  'tool-renamed': {
    kind: 'breaking',
    after: (t) => Object.assign(t, { tool: 'example_tools' }),
    operation: 'example',
    pointer: '',
    values: ['sample', 'example'],
  },
  'tool-added': {
    kind: 'additive',
    before: (t) => becomeOther(t),
    after: () => {},
    operation: 'sample',
    pointer: '',
    values: [undefined, '2 operations'],
  },
  'operation-removed': {
    kind: 'breaking',
    after: (t) => t.operations.pop(),
    pointer: '',
    values: ['Do the thing that is asked', undefined],
  },
  'operation-replaced': {
    kind: 'breaking',
    before: (t) => Object.assign(operation(t), { deprecated: { use: 'sample.firstThing' } }),
    after: (t) => t.operations.pop(),
    pointer: '',
    values: ['sample.findThings', 'sample.firstThing'],
  },
  'operation-renamed': {
    kind: 'breaking',
    after: (t) => Object.assign(operation(t), { operation: 'search_things' }),
    operation: 'sample.searchThings',
    pointer: '',
    values: ['sample.findThings', 'sample.searchThings'],
  },
  'operation-added': {
    kind: 'additive',
    before: (t) => t.operations.pop(),
    after: () => {},
    pointer: '',
    values: [undefined, 'Do the thing that is asked'],
  },
  'effect-raised': {
    kind: 'breaking',
    after: (t) => Object.assign(operation(t), { effect: 'delete' }),
    pointer: '/effect',
    values: ['write', 'delete'],
  },
  'effect-lowered': {
    kind: 'additive',
    after: (t) => Object.assign(operation(t), { effect: 'read' }),
    pointer: '/effect',
    values: ['write', 'read'],
  },
  'bulk-gained': { kind: 'breaking', after: (t) => operation(t).tags.push('bulk'), pointer: '/tags' },
  'bulk-lost': {
    kind: 'additive',
    before: (t) => operation(t).tags.push('bulk'),
    after: () => {},
    pointer: '/tags',
  },
  'idempotent-lost': {
    kind: 'breaking',
    after: (t) => Object.assign(operation(t), { idempotent: false }),
    pointer: '/idempotent',
    values: ['true', 'false'],
  },
  'idempotent-gained': {
    kind: 'additive',
    before: (t) => Object.assign(operation(t), { idempotent: false }),
    after: () => {},
    pointer: '/idempotent',
    values: ['false', 'true'],
  },
  'timeout-lowered': {
    kind: 'breaking',
    after: (t) => Object.assign(operation(t), { timeoutMs: 500 }),
    pointer: '/timeoutMs',
    values: ['1000', '500'],
  },
  'timeout-raised': {
    kind: 'additive',
    after: (t) => Object.assign(operation(t), { timeoutMs: 2000 }),
    pointer: '/timeoutMs',
    values: ['1000', '2000'],
  },
  'operation-deprecated': {
    kind: 'additive',
    after: (t) => Object.assign(operation(t), { deprecated: true }),
    pointer: '/deprecated',
    values: [undefined, 'true'],
  },
  'operation-undeprecated': {
    kind: 'documentation',
    before: (t) => Object.assign(operation(t), { deprecated: true }),
    after: (t) => Object.assign(operation(t), { deprecated: false }),
    pointer: '/deprecated',
  },
  'deprecation-text': {
    kind: 'documentation',
    before: (t) => Object.assign(operation(t), { deprecated: true }),
    after: (t) => Object.assign(operation(t), { deprecated: { since: '2.0.0' } }),
    pointer: '/deprecated',
    values: ['true', '{"since":"2.0.0"}'],
  },
  'alias-target-changed': {
    kind: 'breaking',
    before: (t) => Object.assign(operation(t), { aliasOf: 'memory.recall' }),
    after: (t) => Object.assign(operation(t), { aliasOf: 'rag.recall' }),
    pointer: '/aliasOf',
    values: ['memory.recall', 'rag.recall'],
  },
  'alias-gained': {
    kind: 'documentation',
    after: (t) => Object.assign(operation(t), { aliasOf: 'memory.recall' }),
    pointer: '/aliasOf',
    values: [undefined, 'memory.recall'],
  },
  'alias-lost': {
    kind: 'documentation',
    before: (t) => Object.assign(operation(t), { aliasOf: 'memory.recall' }),
    after: () => {},
    pointer: '/aliasOf',
    values: ['memory.recall', undefined],
  },
  'parameter-removed': {
    kind: 'breaking',
    after: (t) => Reflect.deleteProperty(parameters(t), 'sort'),
    pointer: '/parameters/properties/sort',
    values: ['sort: "name" | "age"', undefined],
  },
  'parameter-renamed': {
    kind: 'breaking',
    after: (t) => {
      parameters(t).most = parameters(t).limit;
      Reflect.deleteProperty(parameters(t), 'limit');
    },
    pointer: '/parameters/properties/most',
    values: ['limit', 'most'],
  },
  'parameter-added-required': {
    kind: 'breaking',
    after: (t) => {
      parameters(t).exact = { type: 'boolean', description: 'Whole words only' };
      operation(t).parameters.required.push('exact');
    },
    pointer: '/parameters/properties/exact',
    values: [undefined, 'exact: boolean'],
  },
  'parameter-required': {
    kind: 'breaking',
    after: (t) => operation(t).parameters.required.push('sort'),
    pointer: '/parameters/properties/sort',
  },
  'parameter-optional': {
    kind: 'additive',
    after: (t) => Object.assign(operation(t).parameters, { required: [] }),
    pointer: '/parameters/properties/query',
  },
  'parameter-added': {
    kind: 'additive',
    after: (t) => {
      parameters(t).exact = { type: 'boolean', description: 'Whole words only', default: false };
      operation(t).parameters.required.push('exact');
    },
    pointer: '/parameters/properties/exact',
    values: [undefined, 'exact: boolean'],
  },
  'parameter-type-narrowed': {
    kind: 'breaking',
    after: (t) => Object.assign(parameters(t).query, { enum: ['all', 'some'] }),
    pointer: '/parameters/properties/query',
    values: ['string', '"all" | "some"'],
  },
  'parameter-type-changed': {
    kind: 'breaking',
    after: (t) => Object.assign(parameters(t).memory_id, { type: 'string' }),
    pointer: '/parameters/properties/memory_id',
    values: ['integer', 'string'],
  },
  'parameter-type-widened': {
    kind: 'additive',
    after: (t) => Object.assign(parameters(t).memory_id, { type: ['number', 'null'] }),
    pointer: '/parameters/properties/memory_id',
    values: ['integer', 'number | null'],
  },
  'parameter-value-removed': {
    kind: 'breaking',
    after: (t) => parameters(t).sort.enum.pop(),
    pointer: '/parameters/properties/sort',
    values: ['age', undefined],
  },
  'parameter-value-added': {
    kind: 'additive',
    after: (t) => parameters(t).sort.enum.push('size'),
    pointer: '/parameters/properties/sort',
    values: [undefined, 'size'],
  },
  'parameter-limit-tightened': {
    kind: 'breaking',
    after: (t) => Object.assign(parameters(t).limit, { maximum: 20 }),
    pointer: '/parameters/properties/limit/maximum',
    values: ['50', '20'],
  },
  'parameter-limit-changed': {
    kind: 'breaking',
    before: (t) => Object.assign(parameters(t).query, { pattern: '^a' }),
    after: (t) => Object.assign(parameters(t).query, { pattern: '^b' }),
    pointer: '/parameters/properties/query/pattern',
    values: ['^a', '^b'],
  },
  'parameter-limit-loosened': {
    kind: 'additive',
    after: (t) => Reflect.deleteProperty(parameters(t).query, 'minLength'),
    pointer: '/parameters/properties/query/minLength',
    values: ['1', undefined],
  },
  'parameter-default-changed': {
    kind: 'breaking',
    after: (t) => Object.assign(parameters(t).limit, { default: 20 }),
    pointer: '/parameters/properties/limit',
    values: ['10', '20'],
  },
  'parameter-default-removed': {
    kind: 'breaking',
    after: (t) => Reflect.deleteProperty(parameters(t).limit, 'default'),
    pointer: '/parameters/properties/limit',
    values: ['10', undefined],
  },
  'parameter-default-added': {
    kind: 'additive',
    after: (t) => Object.assign(parameters(t).sort, { default: 'name' }),
    pointer: '/parameters/properties/sort',
    values: [undefined, 'name'],
  },
  'parameter-closed': {
    kind: 'breaking',
    before: (t) => Reflect.deleteProperty(parameters(t).filter, 'additionalProperties'),
    after: () => {},
    pointer: '/parameters/properties/filter/additionalProperties',
    values: ['true', 'false'],
  },
  'parameter-opened': {
    kind: 'additive',
    after: (t) => Reflect.deleteProperty(parameters(t).filter, 'additionalProperties'),
    pointer: '/parameters/properties/filter/additionalProperties',
    values: ['false', 'true'],
  },
  'parameter-condition-changed': {
    kind: 'breaking',
    after: (t) => Object.assign(parameters(t).query, { not: { const: '*' } }),
    pointer: '/parameters/properties/query/not',
    values: [undefined, '{"const":"*"}'],
  },
  'parameter-deprecated': {
    kind: 'additive',
    after: (t) => Object.assign(parameters(t).sort, { deprecated: true }),
    pointer: '/parameters/properties/sort',
  },
  'parameter-undeprecated': {
    kind: 'documentation',
    before: (t) => Object.assign(parameters(t).sort, { deprecated: true }),
    after: () => {},
    pointer: '/parameters/properties/sort',
  },
  'parameter-description': {
    kind: 'documentation',
    after: (t) => Object.assign(parameters(t).sort, { description: 'By what to sort' }),
    pointer: '/parameters/properties/sort',
    values: ['The order', 'By what to sort'],
  },
  'result-removed': {
    kind: 'breaking',
    after: (t) => Reflect.deleteProperty(result(t), 'extra'),
    pointer: '/result/properties/extra',
    values: ['extra: object', undefined],
  },
  'result-renamed': {
    kind: 'breaking',
    after: (t) => {
      result(t).created_at = result(t).made_at;
      Reflect.deleteProperty(result(t), 'made_at');
    },
    pointer: '/result/properties/created_at',
    values: ['made_at', 'created_at'],
  },
  'result-optional': {
    kind: 'breaking',
    after: (t) => operation(t).result.required.pop(),
    pointer: '/result/properties/score',
  },
  'result-required': {
    kind: 'additive',
    after: (t) => operation(t).result.required.push('name'),
    pointer: '/result/properties/name',
  },
  'result-added': {
    kind: 'additive',
    after: (t) => Object.assign(result(t), { pages: { type: 'integer' } }),
    pointer: '/result/properties/pages',
    values: [undefined, 'pages: integer'],
  },
  'result-type-widened': {
    kind: 'breaking',
    after: (t) => Object.assign(result(t).name, { type: ['string', 'null'] }),
    pointer: '/result/properties/name',
    values: ['string', 'string | null'],
  },
  'result-type-changed': {
    kind: 'breaking',
    after: (t) => Object.assign(result(t).name, { type: 'integer' }),
    pointer: '/result/properties/name',
    values: ['string', 'integer'],
  },
  'result-type-narrowed': {
    kind: 'additive',
    after: (t) => Object.assign(result(t).score, { type: 'integer' }),
    pointer: '/result/properties/score',
    values: ['number', 'integer'],
  },
  'result-value-added': {
    kind: 'additive',
    after: (t) => result(t).status.enum.push('partial'),
    pointer: '/result/properties/status',
    values: [undefined, 'partial'],
  },
  'result-value-removed': {
    kind: 'additive',
    after: (t) => result(t).status.enum.pop(),
    pointer: '/result/properties/status',
    values: ['none', undefined],
  },
  'result-limit-loosened': {
    kind: 'breaking',
    after: (t) => Reflect.deleteProperty(result(t).made_at, 'format'),
    pointer: '/result/properties/made_at/format',
    values: ['date-time', undefined],
  },
  'result-limit-changed': {
    kind: 'breaking',
    after: (t) => Object.assign(result(t).made_at, { format: 'date' }),
    pointer: '/result/properties/made_at/format',
    values: ['date-time', 'date'],
  },
  'result-limit-tightened': {
    kind: 'additive',
    after: (t) => Object.assign(result(t).score, { minimum: 0.5 }),
    pointer: '/result/properties/score/minimum',
    values: ['0', '0.5'],
  },
  'result-rest-changed': {
    kind: 'additive',
    after: (t) => Object.assign(result(t).extra, { additionalProperties: false }),
    pointer: '/result/properties/extra/additionalProperties',
    values: ['true', 'false'],
  },
  'result-condition-changed': {
    kind: 'breaking',
    after: (t) => Object.assign(result(t).extra, { propertyNames: { maxLength: 9 } }),
    pointer: '/result/properties/extra/propertyNames',
    values: [undefined, '{"maxLength":9}'],
  },
  'result-deprecated': {
    kind: 'additive',
    after: (t) => Object.assign(result(t).name, { deprecated: true }),
    pointer: '/result/properties/name',
  },
  'result-undeprecated': {
    kind: 'documentation',
    before: (t) => Object.assign(result(t).name, { deprecated: true }),
    after: () => {},
    pointer: '/result/properties/name',
  },
  'result-description': {
    kind: 'documentation',
    after: (t) => Object.assign(result(t).name, { description: 'What it is called' }),
    pointer: '/result/properties/name',
    values: ['Its name', 'What it is called'],
  },
  'id-kind-changed': {
    kind: 'breaking',
    before: (t) => Object.assign(parameters(t).memory_id, { 'x-id': 'memory' }),
    after: (t) => Object.assign(parameters(t).memory_id, { 'x-id': 'task' }),
    pointer: '/parameters/properties/memory_id',
    values: ['memory', 'task'],
  },
  'id-kind-added': {
    kind: 'additive',
    after: (t) => Object.assign(parameters(t).memory_id, { 'x-id': 'memory' }),
    pointer: '/parameters/properties/memory_id',
    values: [undefined, 'memory'],
  },
  'id-kind-removed': {
    kind: 'documentation',
    before: (t) => Object.assign(parameters(t).memory_id, { 'x-id': 'memory' }),
    after: () => {},
    pointer: '/parameters/properties/memory_id',
    values: ['memory', undefined],
  },
  summary: {
    kind: 'documentation',
    after: (t) => Object.assign(operation(t), { summary: 'Find what is asked for' }),
    pointer: '/summary',
    values: ['Do the thing that is asked', 'Find what is asked for'],
  },
  description: {
    kind: 'documentation',
    before: (t) => Object.assign(operation(t), { description: 'Old words' }),
    after: (t) => Object.assign(operation(t), { description: 'New words' }),
    pointer: '/description',
    values: ['Old words', 'New words'],
  },
  examples: {
    kind: 'documentation',
    after: (t) => Object.assign(operation(t), { examples: [] }),
    pointer: '/examples',
    values: ['[{"title":"By its id","parameters":{"id":1}}]', '[]'],
  },
  related: {
    kind: 'documentation',
    after: (t) => Object.assign(operation(t), { related: [] }),
    pointer: '/related',
    values: ['["sample.firstThing"]', '[]'],
  },
  tags: {
    kind: 'documentation',
    after: (t) => operation(t).tags.push('search'),
    pointer: '/tags',
    values: ['["test"]', '["test","search"]'],
  },
  layer: {
    kind: 'documentation',
    after: (t) => {
      for (const each of t.operations) each.layer = 'rag';
    },
    operation: 'sample',
    pointer: '/layer',
    values: ['meta', 'rag'],
  },
};
