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
  isKeyword: (keyword: string) => boolean,
  report: Report,
): boolean {
  if (file !== `${tool.tool}.json`) {
    report('/tool', `the name of the file, ${file}, without .json`, tool.tool);
  }
  checkLayers(tool, report);
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

function checkNames(tool: ToolSchema, report: Report): void {
  const fault = nameFault(namespaceOf(tool.tool), RESERVED_NAMESPACES);
  if (fault !== undefined) report('/tool', fault, tool.tool);
  const taken = new Map<string, string>();
  const types = new Set(Object.keys(tool.$defs ?? {}));
  tool.operations.forEach(({ operation }, i) => {
    const pointer = `/operations/${i}/operation`;
    const method = methodOf(operation);
    const fault = nameFault(method, RESERVED_METHODS);
    if (fault !== undefined) report(pointer, fault, operation);
    const other = taken.get(method);
    if (other !== undefined) report(pointer, `a name that differs from ${other} as \`${method}\``, operation);
    taken.set(method, `/operations/${i}`);
    for (const name of Object.values(typeNamesOf(method))) {
      if (types.has(name)) report(child('/$defs', name), `a name other than a type of \`${method}\``, name);
    }
  });
  const sole = tool.operations.findIndex(({ operation }) => operation === null);
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

function checkLayers(tool: ToolSchema, report: Report): void {
  const layer = tool.operations[0]?.layer;
  tool.operations.forEach((operation, i) => {
    if (operation.layer === layer) return;
    report(`/operations/${i}/layer`, `the layer of the tool's first operation, "${layer}"`, operation.layer);
  });
}
