import ts from 'typescript';
import { LEVEL_BYTES, signatureBytes } from '../budgets.ts';
import type { Namespace, Operation } from '../model.ts';
import { isDeprecated, reachableTypes, type Schema } from '../schema.ts';
import { constraintsOf } from './constraints.ts';
import { addRemark, memberName, printNode } from './syntax.ts';
import { typeNode } from './type-node.ts';
import type { TypeStyle } from './type-parts.ts';
import { typePositions } from './typings.ts';

const { factory: make, SyntaxKind } = ts;

/** How much signatures tell of parameters beyond their types, most first. */
const REMARKS = ['defaults and limits', 'defaults', 'none'] as const;
type Remarks = (typeof REMARKS)[number];

/**
 * Level 3: the typed signatures of a namespace by operation id, as detailed as its budget allows. The first
 * line is the signature; each further line is one named type that it uses, the same in every signature, so
 * that a reader of several prints repeated lines once.
 */
export function emitSignatures(namespace: Namespace): Readonly<Record<string, string>> {
  let signatures: Readonly<Record<string, string>> = {};
  for (const remarks of REMARKS) {
    const entries = namespace.operations.map((operation) => {
      return [operation.entry.id, signatureOf(operation, namespace, remarks)] as const;
    });
    signatures = Object.fromEntries(entries);
    if (signatureBytes(Object.values(signatures)) <= LEVEL_BYTES[3]) break;
  }
  return signatures;
}

function signatureOf(operation: Operation, namespace: Namespace, remarks: Remarks): string {
  const question = operation.takesNothing ? make.createToken(SyntaxKind.QuestionToken) : undefined;
  const type = typeNode(operation.parameters, style('params', remarks));
  const parameter = make.createParameterDeclaration(undefined, undefined, 'params', question, type);
  const result = make.createTypeReferenceNode('Promise', [
    typeNode(operation.result, style('result', 'none')),
  ]);
  const name = memberName(operation.entry.method);
  const method = make.createMethodSignature(undefined, name, undefined, undefined, [parameter], result);
  const positions = typePositions(namespace);
  const types = reachableTypes([operation.parameters, operation.result], namespace.types);
  const lines = [...types].map(([typeName, schema]) => {
    const position = positions.get(typeName) ?? 'result';
    const shared = typeNode(schema, style(position, position === 'params' ? remarks : 'none'));
    return printNode(make.createTypeAliasDeclaration(undefined, typeName, undefined, shared));
  });
  return [printNode(method), ...lines].join('\n');
}

function style(position: TypeStyle['position'], remarks: Remarks): TypeStyle {
  return {
    position,
    compact: true,
    decorate: (member, schema) => {
      if (member.type !== undefined) addRemark(member.type, remark(schema, remarks));
      return member;
    },
  };
}

function remark(schema: Schema, remarks: Remarks): string {
  if (typeof schema === 'boolean') return '';
  const mark = isDeprecated(schema) ? ['deprecated'] : [];
  if (remarks === 'none') return mark.join();
  const defaults = schema.default === undefined ? [] : [JSON.stringify(schema.default)];
  return [...mark, ...defaults, ...(remarks === 'defaults' ? [] : constraintsOf(schema))].join('; ');
}
