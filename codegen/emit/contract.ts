import ts from 'typescript';
import type { Namespace, Operation } from '../model.ts';
import { pascal } from '../names.ts';
import { mapSchema, reachableTypes, type Schema, type SchemaObject } from '../schema.ts';
import { addDocumentation, memberName, printFile, stringLiteral } from './syntax.ts';
import { typeNode } from './type-node.ts';

const { factory: make, SyntaxKind } = ts;

/** The namespace of what handlers receive, beside the one of what programs write. */
const RECEIVED = 'Received';

/** A namespace's part of the interface that a backend implements, for the compiler to hold it to. */
export function emitContract(root: string, namespace: Namespace): string {
  return printFile([
    receivedNamespace([receivedTypes(namespace)]),
    contractInterface([toolMember(pascal(root), namespace)]),
  ]);
}

function receivedNamespace(body: readonly ts.Statement[]): ts.ModuleDeclaration {
  const modifiers = [SyntaxKind.ExportKeyword, SyntaxKind.DeclareKeyword] as const;
  return make.createModuleDeclaration(
    modifiers.map((kind) => make.createModifier(kind)),
    make.createIdentifier(RECEIVED),
    make.createModuleBlock(body),
    ts.NodeFlags.Namespace,
  );
}

function contractInterface(members: readonly ts.TypeElement[]): ts.InterfaceDeclaration {
  const modifiers = [make.createModifier(SyntaxKind.ExportKeyword)];
  return make.createInterfaceDeclaration(modifiers, 'Contract', undefined, undefined, members);
}

/** `namespace Memory { type RecallParams = …; }` */
function receivedTypes(namespace: Namespace): ts.Statement {
  const alias = (name: string, schema: Schema) => {
    const decorate = <T>(node: T) => node;
    const type = typeNode(completed(schema), { position: 'params', compact: false, decorate });
    return make.createTypeAliasDeclaration(undefined, name, undefined, type);
  };
  const roots = namespace.operations.map(({ parameters }) => parameters);
  const shared = [...reachableTypes(roots, namespace.types)].map(([name, schema]) => alias(name, schema));
  const own = namespace.operations.map(({ typeNames, parameters }) => alias(typeNames.params, parameters));
  const block = make.createModuleBlock([...shared, ...own]);
  return make.createModuleDeclaration(
    undefined,
    make.createIdentifier(namespace.typeName),
    block,
    ts.NodeFlags.Namespace,
  );
}

/** A schema after validation: a property that has a default is there. */
function completed(schema: Schema): Schema {
  return mapSchema(schema, (inner) => {
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
function toolMember(root: string, namespace: Namespace): ts.TypeElement {
  const members = namespace.operations.map((operation) => operationMember(root, namespace, operation));
  const type = make.createTypeLiteralNode(members);
  const member = make.createPropertySignature(readonly(), memberName(namespace.tool), undefined, type);
  return addDocumentation(member, namespace.description);
}

function operationMember(
  root: string,
  namespace: Namespace,
  { entry, typeNames }: Operation,
): ts.TypeElement {
  const reference = (name: string) => make.createTypeReferenceNode(name);
  const type = make.createTypeReferenceNode('Operation', [
    reference(`${RECEIVED}.${namespace.typeName}.${typeNames.params}`),
    reference(`${root}.${namespace.typeName}.${typeNames.result}`),
    make.createLiteralTypeNode(stringLiteral(entry.effect)),
  ]);
  const name = memberName(entry.operation ?? entry.method);
  return addDocumentation(make.createPropertySignature(readonly(), name, undefined, type), entry.summary);
}

function readonly(): readonly ts.Modifier[] {
  return [make.createModifier(SyntaxKind.ReadonlyKeyword)];
}
