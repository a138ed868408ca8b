import { isDeepStrictEqual } from 'node:util';
import type { ErrorObject } from 'ajv';
import type { Report } from './mistake.ts';
import { methodOf, validatorNamesOf } from './names.ts';
import { child, type OperationSchema, reachableTypes, type ToolSchema } from './schema.ts';
import { createSchemaCompiler, type SchemaCompiler } from './schema-compiler.ts';

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
  const takingNothing = new Set<string>();
  let sound = true;
  tool.operations.forEach((operation, i) => {
    const compiled = compileOperation(operation, `/operations/${i}`, compilers, report);
    if (compiled?.takesNothing === true) takingNothing.add(methodOf(operation));
    sound &&= compiled !== undefined;
  });
  if (!sound) return undefined;
  const names = tool.operations.map((operation) => validatorNamesOf(methodOf(operation)));
  const params = compilers.parameters.emitCode(names.map((name) => name.params));
  const result = compilers.result.emitCode(names.map((name) => name.result));
  return { tool, takingNothing, validators: { params, result } };
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

/** Undefined when a schema of the operation is refused. */
function compileOperation(
  operation: OperationSchema,
  pointer: string,
  compilers: Compilers,
  report: Report,
): { readonly takesNothing: boolean } | undefined {
  const names = validatorNamesOf(methodOf(operation));
  let takesNothing = false;
  const problems = (['parameters', 'result'] as const).map((part) => {
    const name = part === 'parameters' ? names.params : names.result;
    const problem = attempt(() => {
      const validate = compilers[part].compile(name, operation[part]);
      operation.examples.forEach((example, i) => {
        if (example[part] === undefined || validate(structuredClone(example[part]))) return;
        const at = `${pointer}/examples/${i}/${part}`;
        for (const error of validate.errors ?? []) reportExample(error, at, example[part], report);
      });
      if (part === 'parameters') takesNothing = validate({});
    });
    if (problem !== undefined) {
      report(`${pointer}/${part}`, `a schema that Ajv compiles: ${problem}`, operation[part]);
    }
    return problem;
  });
  return problems.every((problem) => problem === undefined) ? { takesNothing } : undefined;
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
