import type { SourceFile } from '../../codegen/sources.ts';

/** An operation file with one sound operation, as plain data to break or to extend. */
export function soundTool(): any {
  return {
    $schema: './meta-schema.json',
    tool: 'sample_tools',
    description: 'A tool for tests, with one operation.',
    operations: [soundOperation('first_thing')],
  };
}

export function soundOperation(operation: string | null): any {
  return {
    operation,
    summary: 'Do the thing that is asked',
    description: 'Use it in tests, where a sound operation is needed. It does nothing at all.',
    parameters: {
      type: 'object',
      properties: { id: { type: 'integer', description: 'An id of something', minimum: 1 } },
      additionalProperties: false,
    },
    result: { type: 'object', properties: { id: { type: 'integer' } }, required: ['id'] },
    effect: 'read',
    layer: 'meta',
    tags: ['test'],
    examples: [{ title: 'By its id', parameters: { id: 1 } }],
    related: [],
    idempotent: true,
    timeoutMs: 1000,
  };
}

/** A tool as the file that it would be read from. */
export function fileOf(tool: any, name: string = `${tool.tool}.json`): SourceFile {
  return { name, text: JSON.stringify(tool, undefined, 2) };
}
