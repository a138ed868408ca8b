import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import ts from 'typescript';
import { ATHENA } from '../../codegen/backend-kind.ts';
import { emitAdapters } from '../../codegen/emit/adapters.ts';
import { emitSignatures } from '../../codegen/emit/signatures.ts';
import { emitTypings } from '../../codegen/emit/typings.ts';
import { createNamespace } from '../../codegen/model.ts';
import { sliceTypings } from '../../runtime/check/slice-typings.ts';
import { FORBIDDEN_KEYS } from '../../runtime/contract/json.ts';
import { soundOperation, soundTool } from './one-tool.ts';

const TARGET = { ...ATHENA, runtime: '../runtime/adapter/v1.ts' };

const PLACEHOLDER = ['$', '{out}'].join('');

/** What ends comments and strings, or begins something else, somewhere. */
const DANGEROUS = [
  '*/',
  '/*',
  '//',
  '/**',
  '* @param out',
  '@deprecated',
  '{@link out}',
  '\n',
  '\r',
  '\r\n',
  '\u2028',
  '\u2029',
  '`',
  PLACEHOLDER,
  '\\',
  '"',
  "'",
  '\0',
  '\u001b[31m',
  '\ud800',
  '\udc00',
  '\ufeff',
  '\u202e',
  '</script>',
  '<!--',
  '-->',
  'declare const out: any;',
  '}; type Out = {',
  '///<reference path="out"/>',
  '# sourceMappingURL=out',
  '@ts-nocheck',
];

const oddText = fc.oneof(
  fc
    .array(fc.oneof(fc.constantFrom(...DANGEROUS), fc.string({ maxLength: 3 })), { maxLength: 8 })
    .map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 20 }),
);

interface Texts {
  readonly prose: string;
  readonly name: string;
  readonly value: string;
}

interface Emitted {
  readonly typings: ts.SourceFile;
  readonly all: readonly ts.SourceFile[];
}

/** Everything that is printed with a text of a schema in it, parsed. */
function emit({ prose, name, value }: Texts): Emitted {
  const operation = soundOperation('first_thing');
  const property = {
    type: 'string',
    description: prose,
    default: prose,
    pattern: prose,
    format: prose,
    enum: [value],
  };
  operation.description = prose;
  operation.parameters.properties = Object.fromEntries([[name, property]]);
  operation.result = {
    type: 'object',
    properties: Object.fromEntries([[name, { description: prose, const: value }]]),
  };
  operation.examples = [{ title: prose, parameters: Object.fromEntries([[name, prose]]) }];
  const tool = {
    ...soundTool(),
    description: prose,
    $defs: { Named: { description: prose, enum: [value] } },
    operations: [operation],
  };
  operation.parameters.properties.named = { $ref: '#/$defs/Named', description: prose };
  const namespace = createNamespace({
    tool,
    takingNothing: new Set(),
    validators: { params: '', result: '' },
  });
  const [signature = '', ...types] = (emitSignatures(namespace)['sample.firstThing'] ?? '').split('\n');
  const typings = parse(emitTypings('athena', namespace));
  const adapters = parse(emitAdapters(TARGET, namespace).text);
  return { typings, all: [typings, adapters, parse(`interface Out { ${signature} }\n${types.join('\n')}`)] };
}

/** Texts go to files and come back as whole characters only. */
function parse(text: string): ts.SourceFile {
  const stored = Buffer.from(text, 'utf8').toString('utf8');
  return ts.createSourceFile('out.ts', stored, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
}

const printer = ts.createPrinter({ removeComments: true });
const shapeOf = (file: ts.SourceFile) => printer.printFile(file);
/** The tags that TypeScript, and with it every editor, reads out of documentation. */
function tagsOf(file: ts.SourceFile): readonly string[] {
  return textsOf(file, (node: any) => {
    const tags = (node.jsDoc ?? []).flatMap((comment: any) => comment.tags ?? []);
    return tags.length === 0 ? undefined : tags.map((tag: any) => tag.tagName.text).join();
  });
}
const faultsOf = (file: any) => file.parseDiagnostics.length;

/** The texts of a kind of node, in order. */
function textsOf(file: ts.SourceFile, read: (node: ts.Node) => string | undefined): readonly string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const text = read(node);
    if (text !== undefined) found.push(text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

const memberName = (node: ts.Node) =>
  ts.isPropertySignature(node) && (ts.isStringLiteral(node.name) || ts.isIdentifier(node.name))
    ? node.name.text
    : undefined;
const literal = (node: ts.Node) =>
  ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal) ? node.literal.text : undefined;

const plain = emit({ prose: 'Plain words', name: 'word', value: 'value' });
const plainPart = sliceTypings(plain.typings.text).parts[0]!;

test('whatever descriptions, defaults, patterns and examples say, the code around them stays the same', () => {
  fc.assert(
    fc.property(oddText, (prose) => {
      const odd = emit({ prose, name: 'word', value: 'value' });
      assert.deepEqual(odd.all.map(faultsOf), [0, 0, 0]);
      assert.deepEqual(odd.all.map(shapeOf), plain.all.map(shapeOf));
      assert.deepEqual(tagsOf(odd.typings), tagsOf(plain.typings));
      assert.equal(ts.preProcessFile(odd.typings.text).referencedFiles.length, 0);
      // The check takes typings apart by their lines.
      const { base, parts } = sliceTypings(`// Generated.\n${odd.typings.text}declare const athena: {};\n`);
      assert.equal(base, '// Generated.\ndeclare const athena: {};\n');
      assert.deepEqual(
        parts.map(({ standIn }) => standIn),
        [plainPart.standIn],
      );
    }),
    { numRuns: 300 },
  );
});

test('whatever a property is called and its values are, they are told as they are, and nothing else is', () => {
  const name = oddText.filter((text) => text.isWellFormed() && !FORBIDDEN_KEYS.has(text) && text !== 'named');
  fc.assert(
    fc.property(name, oddText, (key, value) => {
      const odd = emit({ prose: 'Plain words', name: key, value });
      assert.deepEqual(odd.all.map(faultsOf), [0, 0, 0]);
      const statements = (file: ts.SourceFile) => file.statements.map(({ kind }) => kind);
      assert.deepEqual(odd.all.map(statements), plain.all.map(statements));
      const expected = textsOf(plain.typings, memberName).map((text) => (text === 'word' ? key : text));
      assert.deepEqual([...textsOf(odd.typings, memberName)].sort(), [...expected].sort());
      assert.deepEqual(textsOf(odd.typings, literal), [value, value, value]);
    }),
    { numRuns: 300 },
  );
});
