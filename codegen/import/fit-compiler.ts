import { loadSchemas } from '../load.ts';
import type { Mistake } from '../mistake.ts';
import { methodOf } from '../names.ts';
import {
  mapSchema,
  type OperationSchema,
  type Properties,
  reachableTypes,
  type Schema,
  type SchemaObject,
} from '../schema.ts';
import { createSchemaCompiler, loadValidators, type SchemaCompiler } from '../schema-compiler.ts';
import { type ImportedFile, withTypes } from './imported-file.ts';

type OnWider = (place: string, what: string) => void;

/** Widening one operation can only help others: a few rounds reach what a mistake hid at first. */
const ROUNDS = 4;

/**
 * Widens what the compiler refuses, by as little as can be told: one parameter, else all of them, else the result.
 * Defaults that their own schema refuses are left out: every call that relies on them would fail.
 */
export async function fitCompiler(
  raw: ImportedFile,
  backend: string,
  onWider: OnWider,
): Promise<ImportedFile> {
  let file = dropWrongDefaults(raw, onWider);
  for (let round = 0; round < ROUNDS; round++) {
    const mistakes = await mistakesIn(file, backend);
    if (mistakes.length === 0) return file;
    const affected = affectedBy(mistakes, file);
    const operations: OperationSchema[] = [];
    for (const [i, operation] of file.operations.entries())
      operations.push(affected.has(i) ? await fitOperation(operation, file, backend, onWider) : operation);
    file = withTypes({ ...file, operations }, file.$defs ?? {});
  }
  return file;
}

async function mistakesIn(file: ImportedFile, backend: string): Promise<readonly Mistake[]> {
  const source = { name: `${file.namespace}.json`, text: JSON.stringify(file) };
  const loaded = await loadSchemas([source], { name: backend, isImported: true });
  return loaded.ok ? [] : loaded.mistakes;
}

/** The operations that mistakes are about, by index; a mistake in a type is about all that reach it. */
function affectedBy(mistakes: readonly Mistake[], file: ImportedFile): ReadonlySet<number> {
  const steps = mistakes.map(({ pointer }) => pointer.split('/').slice(1));
  const direct = steps.flatMap(([part, index]) => (part === 'operations' ? [Number(index)] : []));
  const types = steps.flatMap(([part, name]) => (part === '$defs' && name !== undefined ? [name] : []));
  const indirect = file.operations.flatMap(({ parameters, result }, i) => {
    const reached = reachableTypes([parameters, result], file.$defs ?? {});
    return types.some((name) => reached.has(name)) ? [i] : [];
  });
  return new Set([...direct, ...indirect]);
}

async function fitOperation(
  operation: OperationSchema,
  file: ImportedFile,
  backend: string,
  onWider: OnWider,
): Promise<OperationSchema> {
  const faultOf = async (candidate: OperationSchema): Promise<Mistake | undefined> => {
    const alone = withTypes({ ...file, operations: [candidate] }, file.$defs ?? {});
    return (await mistakesIn(alone, backend))[0];
  };
  const place = methodOf(operation);
  const trial = { ...operation, result: any('result') };
  const { parameters } = operation;
  const properties: Record<string, Schema> = {};
  for (const [name, schema] of Object.entries(parameters.properties ?? {})) {
    const alone = { type: 'object', properties: { [name]: schema }, additionalProperties: false } as const;
    const fault = await faultOf({ ...trial, parameters: alone });
    properties[name] = fault === undefined ? schema : any('parameter');
    if (fault !== undefined) onWider(`${place} parameters/${name}`, `any value: expected ${fault.expected}`);
  }
  const fitted = { ...parameters, properties };
  const loose = { type: 'object', properties } as const;
  const isFitting = (await faultOf({ ...trial, parameters: fitted })) === undefined;
  if (!isFitting) onWider(`${place} parameters`, 'any of them may be left out, and others may come');
  const fault = await faultOf({ ...operation, parameters: loose });
  if (fault !== undefined) onWider(`${place} result`, `any value: expected ${fault.expected}`);
  const result = fault === undefined ? operation.result : trial.result;
  return { ...operation, parameters: isFitting ? fitted : loose, result };
}

function any(part: string): SchemaObject {
  return { description: `Any JSON value: the backend's schema of the ${part} cannot be compiled.` };
}

function dropWrongDefaults(file: ImportedFile, onWider: OnWider): ImportedFile {
  const types = file.$defs ?? {};
  const check = createDefaultCheck(types);
  const clean = (schema: SchemaObject, place: string): SchemaObject =>
    mapSchema(schema, (inner) => {
      if (inner.default === undefined || check(inner)) return inner;
      const { default: value, ...rest } = inner;
      onWider(place, `default ${JSON.stringify(value)} does not fit its own schema and is left out`);
      return rest;
    }) as SchemaObject;
  const operations = file.operations.map((operation) => ({
    ...operation,
    parameters: clean(operation.parameters, `${methodOf(operation)} parameters`),
  }));
  const $defs = Object.entries(types).map(([name, schema]) => [
    name,
    typeof schema === 'boolean' ? schema : clean(schema, name),
  ]);
  return withTypes({ ...file, operations }, Object.fromEntries($defs));
}

/** Whether a schema accepts its own default; one that does not compile is judged elsewhere. */
function createDefaultCheck(types: Properties): (schema: SchemaObject) => boolean {
  let count = 0;
  let compiler: SchemaCompiler | undefined;
  return ({ default: value, ...schema }) => {
    count++;
    try {
      compiler ??= createSchemaCompiler('result', types, []);
      const name = `default${count}`;
      compiler.compile(name, schema);
      return loadValidators(compiler.emitCode([name]))[name]?.(value) === true;
    } catch {
      return true;
    }
  };
}
