import type { BackendKind } from './backend-kind.ts';
import { checkSchema } from './check-schema.ts';
import type { Report } from './mistake.ts';
import {
  methodOf,
  nameFault,
  namespaceOf,
  RESERVED_METHODS,
  RESERVED_NAMESPACES,
  typeNamesOf,
} from './names.ts';
import { child, reachableTypes, type ToolSchema } from './schema.ts';

/**
 * The rules for one file that its meta-schema cannot express.
 * @param isKeyword whether the validators obey a keyword
 * @returns whether its names and schemas are sound enough to be compiled
 */
export function checkFile(
  file: string,
  tool: ToolSchema,
  backend: BackendKind,
  isKeyword: (keyword: string) => boolean,
  report: Report,
): boolean {
  checkFileName(file, tool, report);
  checkLayers(tool, backend, report);
  checkUses(tool, report);
  let sound = true;
  const watch: Report = (pointer, expected, found) => {
    sound = false;
    report(pointer, expected, found);
  };
  checkNames(tool, watch);
  for (const place of schemasOf(tool)) checkSchema(place, tool.$defs ?? {}, isKeyword, watch);
  return sound;
}

function schemasOf(tool: ToolSchema) {
  const types = Object.entries(tool.$defs ?? {});
  return [
    ...types.map(([name, schema]) => ({ schema, pointer: child('/$defs', name) })),
    ...tool.operations.flatMap(({ parameters, result }, i) => [
      { schema: parameters, pointer: `/operations/${i}/parameters` },
      { schema: result, pointer: `/operations/${i}/result` },
    ]),
  ];
}

/** A file is named after its namespace where it says one, else after its tool. */
function checkFileName(file: string, { tool, namespace }: ToolSchema, report: Report): void {
  if (file === `${namespace ?? tool}.json`) return;
  const pointer = namespace === undefined ? '/tool' : '/namespace';
  report(pointer, `the name of the file, ${file}, without .json`, namespace ?? tool);
}

function checkNames(tool: ToolSchema, report: Report): void {
  const fault = nameFault(namespaceOf(tool), RESERVED_NAMESPACES);
  if (fault !== undefined)
    report(tool.namespace === undefined ? '/tool' : '/namespace', fault, tool.namespace ?? tool.tool);
  const taken = new Map<string, string>();
  const types = new Set(Object.keys(tool.$defs ?? {}));
  tool.operations.forEach((schema, i) => {
    const part = schema.method === undefined ? (schema.tool === undefined ? 'operation' : 'tool') : 'method';
    const pointer = `/operations/${i}/${part}`;
    const operation = schema[part];
    const method = methodOf(schema);
    const fault = nameFault(method, RESERVED_METHODS);
    if (fault !== undefined) report(pointer, fault, operation);
    const other = taken.get(method);
    if (other !== undefined) report(pointer, `a name that differs from ${other} as \`${method}\``, operation);
    taken.set(method, `/operations/${i}`);
    for (const name of Object.values(typeNamesOf(method))) {
      if (types.has(name)) report(child('/$defs', name), `a name other than a type of \`${method}\``, name);
    }
  });
  const sole = tool.operations.findIndex((schema) => schema.operation === null && schema.tool === undefined);
  if (sole >= 0 && tool.operations.length > 1) {
    report(`/operations/${sole}/operation`, 'a name, or no other operations beside it', null);
  }
}

function checkUses(tool: ToolSchema, report: Report): void {
  const types = tool.$defs ?? {};
  const used = reachableTypes(
    tool.operations.flatMap(({ parameters, result }) => [parameters, result]),
    types,
  );
  for (const name of Object.keys(types)) {
    if (!used.has(name)) report(child('/$defs', name), 'a type that some operation uses', name);
  }
}

function checkLayers(tool: ToolSchema, { name, isImported }: BackendKind, report: Report): void {
  const layer = isImported ? name : tool.operations[0]?.layer;
  const whose = isImported ? 'the name of the backend' : "the layer of the tool's first operation";
  tool.operations.forEach((operation, i) => {
    if (operation.layer === layer) return;
    report(`/operations/${i}/layer`, `${whose}, "${layer}"`, operation.layer);
  });
}
