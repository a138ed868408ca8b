import { isDeepStrictEqual } from 'node:util';
import type { ErrorObject } from 'ajv';
import type { Report } from './mistake.ts';
import { methodOf, validatorNamesOf } from './names.ts';
import { child, type OperationSchema, reachableTypes, type ToolSchema } from './schema.ts';
import {
  createSchemaCompiler,
  loadValidators,
  type SchemaCompiler,
  type Validators,
} from './schema-compiler.ts';

/** A tool whose schemas have been compiled. */
export interface CompiledTool {
  readonly tool: ToolSchema;
  /** The methods that can be called without parameters. */
  readonly takingNothing: ReadonlySet<string>;
  /** CommonJS code of the validators, with calls of `require`. */
  readonly validators: { readonly params: string; readonly result: string };
}

interface Compilers {
  readonly parameters: SchemaCompiler;
  readonly result: SchemaCompiler;
}

/** Compiles the schemas of a sound file and checks its examples; undefined when Ajv refuses a schema. */
export function compileTool(tool: ToolSchema, report: Report): CompiledTool | undefined {
  const types = tool.$defs ?? {};
  const compilers: Compilers = {
    parameters: createSchemaCompiler(
      'parameters',
      types,
      tool.operations.map(({ parameters }) => parameters),
    ),
    result: createSchemaCompiler(
      'result',
      types,
      tool.operations.map(({ result }) => result),
    ),
  };
  if (!compileTypes(tool, compilers, report)) return undefined;
  const params = compilePart(tool, 'parameters', compilers.parameters, report);
  const result = compilePart(tool, 'result', compilers.result, report);
  if (!params.isWhole || !result.isWhole) return undefined;
  const takingNothing = tool.operations.map(methodOf).filter((method) => {
    return params.validators[validatorNamesOf(method).params]?.({}) === true;
  });
  return {
    tool,
    takingNothing: new Set(takingNothing),
    validators: { params: params.code, result: result.code },
  };
}

function compileTypes(tool: ToolSchema, compilers: Compilers, report: Report): boolean {
  const refused = new Set<string>();
  for (const part of ['parameters', 'result'] as const) {
    const roots = tool.operations.map((operation) => operation[part]);
    for (const [name, schema] of reachableTypes(roots, tool.$defs ?? {})) {
      const problem = attempt(() => compilers[part].compileType(name));
      if (problem === undefined || refused.has(name)) continue;
      if (refused.size === 0) report(child('/$defs', name), `a schema that Ajv compiles: ${problem}`, schema);
      refused.add(name);
    }
  }
  return refused.size === 0;
}

interface CompiledPart {
  readonly code: string;
  readonly validators: Validators;
  /** Whether no schema was refused, and every validator runs. */
  readonly isWhole: boolean;
}

/** Compiles the parameters of all operations, or all results, and holds the examples against them. */
function compilePart(
  { operations }: ToolSchema,
  part: 'parameters' | 'result',
  compiler: SchemaCompiler,
  report: Report,
): CompiledPart {
  const nameOf = (operation: OperationSchema): string =>
    validatorNamesOf(methodOf(operation))[part === 'parameters' ? 'params' : 'result'];
  const sound = operations.filter((operation, i) => {
    const problem = attempt(() => compiler.compile(nameOf(operation), operation[part]));
    if (problem !== undefined)
      report(`/operations/${i}/${part}`, `a schema that Ajv compiles: ${problem}`, operation[part]);
    return problem === undefined;
  });
  const code = compiler.emitCode(sound.map(nameOf));
  const validators = loadValidators(code);
  let isWhole = sound.length === operations.length;
  operations.forEach((operation, i) => {
    const validate = validators[nameOf(operation)];
    // Code that is nested too deep is refused when it is first run.
    const problem = attempt(() => validate?.({}));
    if (problem !== undefined) {
      report(`/operations/${i}/${part}`, `a schema with a validator that runs: ${problem}`, operation[part]);
      isWhole = false;
      return;
    }
    operation.examples.forEach((example, j) => {
      if (validate === undefined || example[part] === undefined) return;
      if (validate(structuredClone(example[part]))) return;
      const at = `/operations/${i}/examples/${j}/${part}`;
      for (const error of validate.errors ?? []) reportExample(error, at, example[part], report);
    });
  });
  return { code, validators, isWhole };
}

function reportExample(error: ErrorObject, pointer: string, example: unknown, report: Report): void {
  const { instancePath, keyword, message, params } = error;
  const detail = isDeepStrictEqual(params, {}) ? '' : ` ${JSON.stringify(params)}`;
  report(`${pointer}${instancePath}`, `${(message ?? keyword).replace(/^must /, 'to ')}${detail}`, example);
}

/** What went wrong, as a sentence; undefined when nothing did. */
function attempt(work: () => void): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
