import type { Namespace, Operation } from '../model.ts';
import { pascal } from '../names.ts';
import { isDeprecated, reachableTypes, type Schema } from '../schema.ts';
import { branded } from './brand.ts';
import { documentationLines } from './comments.ts';
import { describeParameter, describeResult } from './constraints.ts';
import { printFile, printValue } from './print.ts';
import { type Method, type Property, reference, type Statement } from './tree.ts';
import { typeNode } from './type-node.ts';
import type { TypeStyle } from './type-parts.ts';

/**
 * A namespace's part of the typings that programs are checked against: ambient, documented.
 * @param root the backend's name
 */
export function emitTypings(root: string, namespace: Namespace): string {
  const name = pascal(root);
  const body = [typesNamespace(namespace, name), operationsInterface(root, namespace)];
  return printFile([{ kind: 'namespace', modifiers: ['declare'], name, body }]);
}

/** The same types as a part of a module, undocumented: for the adapters, whose program must not have the guest's globals. */
export function emitTypesModule(root: string, namespace: Namespace): string {
  const body = [typesNamespace(namespace)];
  return printFile([{ kind: 'namespace', modifiers: ['export', 'declare'], name: pascal(root), body }]);
}

/** Where each named type of a namespace stands: with the parameters, with the results, or with both. */
export function typePositions(namespace: Namespace): ReadonlyMap<string, TypeStyle['position']> {
  const results = namespace.operations.map((operation) => operation.result);
  const inResults = reachableTypes(results, namespace.types);
  const parameters = namespace.operations.map((operation) => operation.parameters);
  const inParameters = reachableTypes(parameters, namespace.types);
  const positionOf = (name: string) => {
    if (!inResults.has(name)) return 'params';
    return inParameters.has(name) ? 'both' : 'result';
  };
  return new Map(Object.keys(namespace.types).map((name) => [name, positionOf(name)]));
}

/**
 * `namespace Memory { type RecallParams = …; … }`
 * @param root the namespace around it, for types that are documented and tell ids apart
 */
function typesNamespace(namespace: Namespace, root?: string): Statement {
  const positions = typePositions(namespace);
  const shared = Object.entries(namespace.types).map(([name, schema]) =>
    typeAlias(name, schema, positions.get(name) ?? 'result', root),
  );
  const own = namespace.operations.flatMap(({ parameters, result, typeNames }) => [
    typeAlias(typeNames.params, parameters, 'params', root),
    typeAlias(typeNames.result, result, 'result', root),
  ]);
  return { kind: 'namespace', modifiers: [], name: namespace.typeName, body: [...shared, ...own] };
}

function typeAlias(
  name: string,
  schema: Schema,
  position: TypeStyle['position'],
  root: string | undefined,
): Statement {
  const document = (inner: Schema) => documentationOf(inner, position);
  const decorate = (member: Property, inner: Schema): Property => {
    if (root === undefined) return member;
    return { ...member, type: branded(member.type, inner, root), documentation: document(inner) };
  };
  const type = typeNode(schema, { position, compact: false, decorate });
  if (root === undefined) return { kind: 'type', name, type };
  return { kind: 'type', name, type: branded(type, schema, root), documentation: document(schema) };
}

function documentationOf(schema: Schema, position: TypeStyle['position']): readonly string[] {
  const describe = position === 'result' ? describeResult : describeParameter;
  return documentationLines(describe(schema), isDeprecated(schema) ? [['deprecated', '']] : []);
}

/** `interface MemoryNamespace { recall(params: …): Promise<…>; … }` */
function operationsInterface(root: string, namespace: Namespace): Statement {
  const type = (name: string) => reference(`${namespace.typeName}.${name}`);
  const members = namespace.operations.map((operation): Method => {
    const { typeNames, entry, takesNothing } = operation;
    return {
      kind: 'method',
      name: entry.method,
      isOptional: takesNothing,
      parameter: type(typeNames.params),
      result: reference('Promise', [type(typeNames.result)]),
      documentation: methodDocumentation(root, operation),
    };
  });
  return {
    kind: 'interface',
    isExported: false,
    name: `${namespace.typeName}Namespace`,
    members,
    documentation: documentationLines(namespace.description),
  };
}

function methodDocumentation(root: string, operation: Operation): readonly string[] {
  const { entry, examples, related } = operation;
  const alias = entry.aliasOf === undefined ? '' : ` The same as \`${root}.${entry.aliasOf}\`.`;
  const repeat = entry.idempotent ? 'repeating it changes nothing further' : 'not idempotent';
  const text = `${operation.description}${alias}\nEffect: ${entry.effect}; ${repeat}.`;
  const calls = examples.slice(0, 1).map(({ parameters }): [string, string] => {
    const given = Object.keys(parameters).length === 0 ? '' : printValue(parameters);
    return ['example', `await ${root}.${entry.id}(${given})`];
  });
  const see: [string, string][] =
    related.length === 0 ? [] : [['see', related.map((id) => `${root}.${id}`).join(', ')]];
  return documentationLines(text, [...deprecationTag(root, operation), ...calls, ...see]);
}

/** What makes editors strike a name. */
function deprecationTag(root: string, { entry }: Operation): readonly (readonly [string, string])[] {
  if (entry.deprecated === undefined) return [];
  const { since, use, reason } = entry.deprecated;
  const parts = [
    ...(since === undefined ? [] : [`Since ${since}.`]),
    ...(use === undefined ? [] : [`Use \`${root}.${use}\`.`]),
    ...(reason === undefined ? [] : [reason]),
  ];
  return [['deprecated', parts.join(' ')]];
}
