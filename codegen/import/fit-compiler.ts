import { checkFile } from '../check-file.ts';
import { compileTool } from '../compile-tool.ts';
import { methodOf } from '../names.ts';
import {
  mapSchema,
  type OperationSchema,
  type Properties,
  type Schema,
  type SchemaObject,
} from '../schema.ts';
import { createKeywordTest, createSchemaCompiler, type SchemaCompiler } from '../schema-compiler.ts';
import { type ImportedFile, withTypes } from './imported-file.ts';

type OnWider = (place: string, what: string) => void;

const isKeyword = createKeywordTest();

/**
 * Widens what the compiler refuses, by as little as can be told: one parameter, else all of them, else the result.
 * Defaults that their own schema refuses are left out: every call that relies on them would fail.
 */
export function fitCompiler(raw: ImportedFile, backend: string, onWider: OnWider): ImportedFile {
  const file = dropWrongDefaults(raw, onWider);
  if (faultIn(file, backend) === undefined) return file;
  const types = file.$defs ?? {};
  const operations = file.operations.map((operation) => fitOperation(operation, file, backend, onWider));
  return withTypes({ ...file, operations }, types);
}

/** The first thing that the compiler refuses in a file. */
function faultIn(file: ImportedFile, backend: string): string | undefined {
  let fault: string | undefined;
  const report = (pointer: string, expected: string): void => {
    fault ??= `${pointer}: expected ${expected}`;
  };
  const name = `${file.namespace}.json`;
  const sound = checkFile(name, file, { name: backend, isImported: true }, isKeyword, report);
  if (sound) compileTool(file, report);
  return fault;
}

function fitOperation(
  operation: OperationSchema,
  file: ImportedFile,
  backend: string,
  onWider: OnWider,
): OperationSchema {
  const types = file.$defs ?? {};
  const faultOf = (candidate: OperationSchema): string | undefined =>
    faultIn(withTypes({ ...file, operations: [candidate] }, types), backend);
  if (faultOf(operation) === undefined) return operation;
  const any = (part: string): SchemaObject => ({
    description: `Any JSON value: the schema of the ${part} is too much.`,
  });
  const place = methodOf(operation);
  const trial = { ...operation, result: any('result') };
  const { parameters } = operation;
  const widened = Object.entries(parameters.properties ?? {}).map(([name, schema]): [string, Schema] => {
    const alone = { type: 'object', properties: { [name]: schema }, additionalProperties: false } as const;
    const fault = faultOf({ ...trial, parameters: alone });
    if (fault === undefined) return [name, schema];
    onWider(`${place} parameters/properties/${name}`, `any value, since ${fault}`);
    return [name, any('parameter')];
  });
  const properties = Object.fromEntries(widened);
  const fitted = { ...parameters, properties };
  const { required } = parameters;
  const loose = { type: 'object', properties, ...(required === undefined ? {} : { required }) } as const;
  const isFitting = faultOf({ ...trial, parameters: fitted }) === undefined;
  if (!isFitting) onWider(`${place} parameters`, 'only the names and types of parameters are checked');
  const result =
    faultOf({ ...operation, parameters: loose }) === undefined ? operation.result : any('result');
  if (result !== operation.result) onWider(`${place} result`, 'any value');
  return { ...operation, parameters: isFitting ? fitted : loose, result };
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
      compiler ??= createSchemaCompiler('result', types);
      return compiler.compile(`default${count}`, schema)(value);
    } catch {
      return true;
    }
  };
}
