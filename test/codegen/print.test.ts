import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import ts from 'typescript';
import { printAlias, printFile } from '../../codegen/emit/print.ts';
import type { Keyword, Member, TypeNode } from '../../codegen/emit/tree.ts';

const KEYWORDS: readonly Keyword[] = ['any', 'boolean', 'never', 'number', 'string', 'undefined', 'unknown'];

const { type } = fc.letrec<{ type: TypeNode; member: Member }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(...KEYWORDS).map((name) => ({ kind: 'keyword', name })),
    fc
      .oneof(fc.string({ unit: 'binary' }), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean())
      // A schema's -0 is 0.
      .map((value) => ({ kind: 'literal', value: value === 0 ? 0 : value })),
    fc.record({
      kind: fc.constant('reference'),
      name: fc.constantFrom('Named', 'Outer.Named'),
      of: fc.array(tie('type'), { maxLength: 2 }),
    }),
    fc.record({ kind: fc.constant('list'), of: tie('type') }),
    fc.record({ kind: fc.constantFrom('list', 'tuple'), of: tie('type') }).map(({ kind, of }) => ({
      kind: 'readonly',
      of: kind === 'list' ? { kind, of } : { kind, members: [of] },
    })),
    fc.record({
      kind: fc.constantFrom('union', 'intersection'),
      members: fc.array(tie('type'), { minLength: 2, maxLength: 3 }),
    }),
    fc
      .record({ plain: fc.array(tie('type'), { maxLength: 2 }), optional: tie('type'), rest: tie('type') })
      .map(({ plain, optional, rest }) => ({
        kind: 'tuple',
        members: [
          ...plain,
          { kind: 'optional', of: optional },
          { kind: 'rest', of: { kind: 'list', of: rest } },
        ],
      })),
    fc.record({ kind: fc.constant('object'), members: fc.array(tie('member'), { maxLength: 3 }) }),
  ) as fc.Arbitrary<TypeNode>,
  member: fc.oneof(
    fc.record({
      kind: fc.constant('property'),
      isReadonly: fc.boolean(),
      name: fc.string({ unit: 'binary', maxLength: 3 }),
      isOptional: fc.boolean(),
      type: tie('type'),
      documentation: fc.constantFrom([], ['A line'], ['A line', '', 'another']),
      remark: fc.constantFrom('', 'a remark'),
    }),
    fc.record({
      kind: fc.constant('method'),
      name: fc.constantFrom('call', 'two words'),
      isOptional: fc.boolean(),
      parameter: tie('type'),
      result: tie('type'),
    }),
    fc.record({ kind: fc.constant('index'), type: tie('type') }),
  ) as fc.Arbitrary<Member>,
}));

/** What TypeScript reads in a text, in the terms of the printer. */
function readAlias(text: string): unknown {
  const file: any = ts.createSourceFile('out.ts', text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
  assert.deepEqual(file.parseDiagnostics, [], text);
  assert.equal(file.statements.length, 1);
  return readType(file.statements[0].type);
}

function readType(node: any): unknown {
  const all = (nodes: readonly any[] = []) => nodes.map(readType);
  switch (node.kind) {
    case ts.SyntaxKind.ParenthesizedType:
      return readType(node.type);
    case ts.SyntaxKind.LiteralType:
      return { literal: readLiteral(node.literal) };
    case ts.SyntaxKind.TypeReference:
      return { reference: node.typeName.getText(), of: all(node.typeArguments) };
    case ts.SyntaxKind.ArrayType:
      return { list: readType(node.elementType) };
    case ts.SyntaxKind.TypeOperator:
      return { readonly: readType(node.type) };
    case ts.SyntaxKind.OptionalType:
      return { optional: readType(node.type) };
    case ts.SyntaxKind.RestType:
      return { rest: readType(node.type) };
    case ts.SyntaxKind.NamedTupleMember:
      return { [node.questionToken === undefined ? 'rest' : 'optional']: readType(node.type) };
    case ts.SyntaxKind.TupleType:
      return { tuple: all(node.elements) };
    case ts.SyntaxKind.UnionType:
      return { union: all(node.types) };
    case ts.SyntaxKind.IntersectionType:
      return { intersection: all(node.types) };
    case ts.SyntaxKind.TypeLiteral:
      return { object: node.members.map(readMember) };
    default:
      return node.getText();
  }
}

function readLiteral(node: any): unknown {
  if (ts.isPrefixUnaryExpression(node)) return -Number(node.operand.getText());
  if (ts.isNumericLiteral(node)) return Number(node.text);
  return ts.isStringLiteral(node) ? node.text : node.getText() === 'true';
}

function readMember(node: any): unknown {
  if (ts.isIndexSignatureDeclaration(node)) return { index: readType(node.type) };
  const name = node.name.text;
  const isOptional = (node.parameters?.[0] ?? node).questionToken !== undefined;
  if (ts.isMethodSignature(node))
    return { method: name, isOptional, types: [node.parameters[0]?.type, node.type].map(readType) };
  const isReadonly = node.modifiers !== undefined;
  return { property: name, isOptional, isReadonly, type: readType(node.type) };
}

/** The same of what is printed. */
function expected(node: TypeNode): unknown {
  switch (node.kind) {
    case 'keyword':
      return node.name;
    case 'literal':
      return { literal: node.value };
    case 'reference':
      return { reference: node.name, of: node.of.map(expected) };
    case 'tuple':
    case 'union':
    case 'intersection':
      return { [node.kind]: node.members.map(expected) };
    case 'object':
      return { object: node.members.map(expectedMember) };
    default:
      return { [node.kind]: expected(node.of) };
  }
}

function expectedMember(member: Member): unknown {
  if (member.kind === 'index') return { index: expected(member.type) };
  const { name, isOptional } = member;
  if (member.kind === 'method')
    return { method: name, isOptional, types: [member.parameter, member.result].map(expected) };
  return { property: name, isOptional, isReadonly: member.isReadonly, type: expected(member.type) };
}

test('TypeScript reads every type as it was meant, on one line or on many', () => {
  fc.assert(
    fc.property(type, (node) => {
      const flat = printAlias('Out', node);
      assert.ok(!flat.includes('\n'));
      assert.deepEqual(readAlias(flat), expected(node));
      assert.deepEqual(readAlias(printFile([{ kind: 'type', name: 'Out', type: node }])), expected(node));
    }),
    { numRuns: 1000 },
  );
});
