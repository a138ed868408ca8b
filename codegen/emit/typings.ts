import ts from 'typescript';
import type { Namespace, Operation } from '../model.ts';
import { pascal } from '../names.ts';
import { isDeprecated, reachableTypes, type Schema } from '../schema.ts';
import { branded } from './brand.ts';
import { describeParameter, describeResult } from './constraints.ts';
import { addDocumentation, literal, memberName, onOneLine, printFile, printNode } from './syntax.ts';
import { typeNode } from './type-node.ts';
import type { TypeStyle } from './type-parts.ts';

const { factory: make, SyntaxKind } = ts;

/**
 * A namespace's part of the typings that programs are checked against: ambient, documented.
 * @param root the backend's name
 */
export function emitTypings(root: string, namespace: Namespace): string {
  const declare = [make.createModifier(SyntaxKind.DeclareKeyword)];
  const body = [typesNamespace(namespace, pascal(root)), operationsInterface(root, namespace)];
  return printFile([rootNamespace(root, declare, body)]);
}

/** The same types as a part of a module, undocumented: for the adapters, whose program must not have the guest's globals. */
export function emitTypesModule(root: string, namespace: Namespace): string {
  const modifiers = [
    make.createModifier(SyntaxKind.ExportKeyword),
    make.createModifier(SyntaxKind.DeclareKeyword),
  ];
  return printFile([rootNamespace(root, modifiers, [typesNamespace(namespace)])]);
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

function rootNamespace(
  root: string,
  modifiers: readonly ts.Modifier[],
  body: readonly ts.Statement[],
): ts.Statement {
  const name = make.createIdentifier(pascal(root));
  return make.createModuleDeclaration(modifiers, name, make.createModuleBlock(body), ts.NodeFlags.Namespace);
}

/**
 * `namespace Memory { type RecallParams = …; … }`
 * @param root the namespace around it, for types that are documented and tell ids apart
 */
function typesNamespace(namespace: Namespace, root?: string): ts.Statement {
  const positions = typePositions(namespace);
  const shared = Object.entries(namespace.types).map(([name, schema]) =>
    typeAlias(name, schema, positions.get(name) ?? 'result', root),
  );
  const own = namespace.operations.flatMap(({ parameters, result, typeNames }) => [
    typeAlias(typeNames.params, parameters, 'params', root),
    typeAlias(typeNames.result, result, 'result', root),
  ]);
  const block = make.createModuleBlock([...shared, ...own]);
  const name = make.createIdentifier(namespace.typeName);
  return make.createModuleDeclaration(undefined, name, block, ts.NodeFlags.Namespace);
}

function typeAlias(
  name: string,
  schema: Schema,
  position: TypeStyle['position'],
  root: string | undefined,
): ts.Statement {
  const type = typeNode(schema, {
    position,
    compact: false,
    decorate: (member, inner) =>
      root === undefined ? member : documentSchema(brandMember(member, inner, root), inner, position),
  });
  if (root === undefined) return make.createTypeAliasDeclaration(undefined, name, undefined, type);
  const own = branded(type, schema, root);
  const alias = make.createTypeAliasDeclaration(undefined, name, undefined, own);
  return documentSchema(alias, schema, position);
}

function documentSchema<T extends ts.Node>(node: T, schema: Schema, position: TypeStyle['position']): T {
  const describe = position === 'result' ? describeResult : describeParameter;
  return addDocumentation(node, describe(schema), isDeprecated(schema) ? [['deprecated', '']] : []);
}

function brandMember(member: ts.PropertySignature, schema: Schema, root: string): ts.PropertySignature {
  const { modifiers, name, questionToken, type } = member;
  if (type === undefined) return member;
  return make.createPropertySignature(modifiers, name, questionToken, branded(type, schema, root));
}

/** `interface MemoryNamespace { recall(params: …): Promise<…>; … }` */
function operationsInterface(root: string, namespace: Namespace): ts.Statement {
  const methods = namespace.operations.map((operation) => {
    const { typeNames, entry } = operation;
    const type = (name: string) => make.createTypeReferenceNode(`${namespace.typeName}.${name}`);
    const question = operation.takesNothing ? make.createToken(SyntaxKind.QuestionToken) : undefined;
    const parameter = make.createParameterDeclaration(
      undefined,
      undefined,
      'params',
      question,
      type(typeNames.params),
    );
    const result = make.createTypeReferenceNode('Promise', [type(typeNames.result)]);
    const method = make.createMethodSignature(
      undefined,
      memberName(entry.method),
      undefined,
      undefined,
      [parameter],
      result,
    );
    return documentMethod(root, operation, method);
  });
  const name = `${namespace.typeName}Namespace`;
  const declaration = make.createInterfaceDeclaration(undefined, name, undefined, undefined, methods);
  return addDocumentation(declaration, namespace.description);
}

function documentMethod(root: string, operation: Operation, method: ts.MethodSignature): ts.MethodSignature {
  const { entry, examples, related } = operation;
  const alias = entry.aliasOf === undefined ? '' : ` The same as \`${root}.${entry.aliasOf}\`.`;
  const repeat = entry.idempotent ? 'repeating it changes nothing further' : 'not idempotent';
  const text = `${operation.description}${alias}\nEffect: ${entry.effect}; ${repeat}.`;
  const calls = examples.slice(0, 1).map(({ parameters }): [string, string] => {
    const given = Object.keys(parameters).length === 0 ? '' : printNode(onOneLine(literal(parameters)));
    return ['example', `await ${root}.${entry.id}(${given})`];
  });
  const see: [string, string][] =
    related.length === 0 ? [] : [['see', related.map((id) => `${root}.${id}`).join(', ')]];
  return addDocumentation(method, text, [...deprecationTag(root, operation), ...calls, ...see]);
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
