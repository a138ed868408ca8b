import type { Namespace, Operation } from '../model.ts';
import { pascal } from '../names.ts';
import { mapSchema, reachableTypes, type Schema, type SchemaObject } from '../schema.ts';
import { documentationLines } from './comments.ts';
import { printFile } from './print.ts';
import { type Property, reference, type Statement } from './tree.ts';
import { typeNode } from './type-node.ts';

/** The namespace of what handlers receive, beside the one of what programs write. */
const RECEIVED = 'Received';

/** A namespace's part of the interface that a backend implements, for the compiler to hold it to. */
export function emitContract(root: string, namespace: Namespace): string {
  return printFile([
    {
      kind: 'namespace',
      modifiers: ['export', 'declare'],
      name: RECEIVED,
      body: [{ kind: 'namespace', modifiers: [], name: namespace.typeName, body: receivedTypes(namespace) }],
    },
    {
      kind: 'interface',
      isExported: true,
      name: 'Contract',
      members: [toolMember(pascal(root), namespace)],
    },
  ]);
}

/** `type RecallParams = …;` */
function receivedTypes(namespace: Namespace): readonly Statement[] {
  const alias = (name: string, schema: Schema): Statement => {
    const decorate = (member: Property) => member;
    const type = typeNode(schema, { position: 'params', compact: false, decorate });
    return { kind: 'type', name, type };
  };
  const roots = namespace.operations.map(({ parameters }) => parameters);
  const reached = reachableTypes(roots, namespace.types);
  const inBranches = reachableTypes(branchesIn([...roots, ...reached.values()]), namespace.types);
  const shared = [...reached].map(([name, schema]) =>
    alias(name, inBranches.has(name) ? schema : completed(schema)),
  );
  const own = namespace.operations.map(({ typeNames, parameters }) =>
    alias(typeNames.params, completed(parameters)),
  );
  return [...shared, ...own];
}

/** The references in branches that may not hold, which complete nothing. */
function branchesIn(schemas: readonly Schema[]): readonly Schema[] {
  const references: SchemaObject[] = [];
  for (const schema of schemas) {
    mapSchema(schema, (inner, isTentative) => {
      if (isTentative && inner.$ref !== undefined) references.push({ $ref: inner.$ref });
      return inner;
    });
  }
  return references;
}

/** A schema after validation: a property that has a default is there, but in a branch that may not hold. */
function completed(schema: Schema): Schema {
  return mapSchema(schema, (inner, isTentative) => {
    if (isTentative) return inner;
    const properties = Object.entries(inner.properties ?? {});
    const filled = properties.filter(([, property]) => hasDefault(property)).map(([name]) => name);
    if (filled.length === 0) return inner;
    return {
      ...inner,
      required: [...new Set([...(inner.required ?? []), ...filled])],
      properties: Object.fromEntries(properties.map(([name, property]) => [name, withoutDefault(property)])),
    };
  });
}

function hasDefault(schema: Schema): boolean {
  return typeof schema === 'object' && schema.default !== undefined;
}

function withoutDefault(schema: Schema): Schema {
  if (typeof schema === 'boolean') return schema;
  const { default: _default, ...rest } = schema;
  return rest satisfies SchemaObject;
}

/** `memory_tools: { recall: Operation<…>; … };` */
function toolMember(root: string, namespace: Namespace): Property {
  const members = namespace.operations.map((operation) => operationMember(root, namespace, operation));
  return {
    kind: 'property',
    isReadonly: true,
    name: namespace.tool,
    type: { kind: 'object', members },
    documentation: documentationLines(namespace.description),
  };
}

function operationMember(root: string, namespace: Namespace, { entry, typeNames }: Operation): Property {
  return {
    kind: 'property',
    isReadonly: true,
    name: entry.operation ?? entry.method,
    type: reference('Operation', [
      reference(`${RECEIVED}.${namespace.typeName}.${typeNames.params}`),
      reference(`${root}.${namespace.typeName}.${typeNames.result}`),
      { kind: 'literal', value: entry.effect },
    ]),
    documentation: documentationLines(entry.summary),
  };
}
