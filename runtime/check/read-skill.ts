import ts from 'typescript';
import type { SkillText } from '../contract/program.ts';
import { skillNameFault } from '../contract/skill.ts';
import type { Insert } from './edits.ts';
import type { Binding, Names } from './names.ts';
import type { OperationIndex } from './operation-index.ts';
import type { Finding } from './places.ts';

/** A program's tree, and what is known of its names. */
export interface SkillSource {
  readonly file: ts.SourceFile;
  readonly names: Names;
  readonly index: OperationIndex;
  /** Bindings that mean the names that exist anyway. */
  readonly released: ReadonlySet<Binding>;
  /** What makes the code a program: a call of its last function, for one. */
  readonly inserts: readonly Insert[];
}

/** A skill as its text declares it; what it calls is for the effects to tell. */
export type DeclaredSkill = Omit<SkillText, 'calls'>;

export type ReadSkill =
  | { readonly ok: true; readonly skill: DeclaredSkill }
  | { readonly ok: false; readonly findings: readonly Finding[] };

type Declaration = ts.FunctionDeclaration & { readonly body: ts.Block; readonly name: ts.Identifier };
type TypeDeclaration = ts.InterfaceDeclaration | ts.TypeAliasDeclaration;

const NO_TYPES: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.AnyKeyword,
  ts.SyntaxKind.UnknownKeyword,
  ts.SyntaxKind.ObjectKeyword,
]);

/**
 * Finds the function that is to become a skill and tells what is wrong with it.
 * @param isWhole whether the code is the skill and nothing else, or a program that declares it
 */
export function readSkill(source: SkillSource, name: string, isWhole: boolean): ReadSkill {
  const { file, index } = source;
  const fault = skillNameFault(name, [...index.roots]);
  if (fault !== undefined) return refuse([invalid(0, `${JSON.stringify(name)} is ${fault}.`)]);
  const found = file.statements.filter((statement) => isDeclarationOf(statement, name));
  const [declaration] = found;
  if (declaration === undefined || found.length > 1) {
    const message =
      found.length > 1
        ? `The code has ${found.length} functions \`${name}\`.`
        : `The code has no function \`${name}\` at its top level.`;
    return refuse([invalid(found[1]?.getStart(file) ?? 0, message, formOf(name))]);
  }
  const documentation = readDocumentation(declaration, file);
  const findings = [
    ...checkForm(declaration, file, documentation),
    ...checkOutside(declaration, source),
    ...(isWhole ? checkWhole(declaration, file) : checkUse(declaration, source)),
  ];
  if (findings.length > 0) return refuse(findings);
  return { ok: true, skill: print(declaration, file, documentation) };
}

function refuse(findings: readonly Finding[]): ReadSkill {
  return { ok: false, findings };
}

/** The function of a skill's own text: where it ends, it is returned. */
export function findSkill(file: ts.SourceFile, name: string): ts.FunctionDeclaration | undefined {
  return file.statements.find((statement) => isDeclarationOf(statement, name));
}

function isDeclarationOf(statement: ts.Statement, name: string): statement is Declaration {
  return ts.isFunctionDeclaration(statement) && statement.name?.text === name && statement.body !== undefined;
}

function formOf(name: string): string {
  return `write \`/** What it does. */ async function ${name}(params: { since: string }): Promise<string[]> { … }\` at the top level, with types of your own`;
}

function invalid(start: number, message: string, suggestion?: string): Finding {
  return { code: 'SKILL_INVALID', start, message, ...(suggestion === undefined ? {} : { suggestion }) };
}

function checkForm(declaration: Declaration, file: ts.SourceFile, documentation: string): readonly Finding[] {
  const { name, parameters, type, asteriskToken, modifiers } = declaration;
  const start = name.getStart(file);
  const form = formOf(name.text);
  const findings: Finding[] = [];
  const isAsync = modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) ?? false;
  if (!isAsync || asteriskToken !== undefined)
    findings.push(invalid(start, `\`${name.text}\` is no async function.`, form));
  if (documentation === '' || documentation.startsWith('@'))
    findings.push(invalid(start, `\`${name.text}\` has no doc comment that says what it does.`, form));
  const [first, second] = parameters;
  if (second !== undefined || first?.dotDotDotToken !== undefined)
    findings.push(
      invalid((second ?? first ?? name).getStart(file), 'A skill takes one object of parameters.', form),
    );
  if (first !== undefined && !isTyped(first.type))
    findings.push(invalid(first.getStart(file), 'The parameter has no type of its own.', form));
  if (!isTyped(resultOf(type))) findings.push(invalid(start, 'The result has no type of its own.', form));
  return findings;
}

const isTyped = (type: ts.TypeNode | undefined): boolean => type !== undefined && !NO_TYPES.has(type.kind);

/** `T` of `Promise<T>`. */
function resultOf(type: ts.TypeNode | undefined): ts.TypeNode | undefined {
  if (type === undefined || !ts.isTypeReferenceNode(type)) return undefined;
  const isPromise = ts.isIdentifier(type.typeName) && type.typeName.text === 'Promise';
  return isPromise ? type.typeArguments?.[0] : undefined;
}

/** What the function uses of the code around it would not be there when another program calls it. */
function checkOutside(declaration: Declaration, { file, names, released }: SkillSource): readonly Finding[] {
  const isInside = ({ pos, end }: ts.Node): boolean => pos >= declaration.pos && end <= declaration.end;
  return [...names.bindings.values()]
    .filter((binding) => !released.has(binding) && !isInside(binding.declaration))
    .flatMap(({ references }) => references.filter(isInside).slice(0, 1))
    .map((reference) =>
      invalid(
        reference.getStart(file),
        `\`${reference.text}\` belongs to the program and would not be there when another one calls the skill.`,
        'declare it inside the function, or make it one of the parameters',
      ),
    );
}

/** A skill is a function that worked: the program must have called it. */
function checkUse(declaration: Declaration, { file, names, inserts }: SkillSource): readonly Finding[] {
  const { name } = declaration;
  const uses = names.bindings.get(name)?.references ?? [];
  const isUsed = uses.some(({ pos }) => pos < declaration.pos || pos >= declaration.end);
  const isProgram = inserts.some(({ at }) => at === declaration.end);
  if (isUsed || isProgram) return [];
  const message = `The program never calls \`${name.text}\`: only what has worked is saved.`;
  return [invalid(name.getStart(file), message, `write \`return await ${name.text}({ … })\``)];
}

function checkWhole(declaration: Declaration, file: ts.SourceFile): readonly Finding[] {
  return file.statements
    .filter((statement) => statement !== declaration && !isTypeDeclaration(statement))
    .map((statement) =>
      invalid(
        statement.getStart(file),
        'A skill is one function with its types: nothing else belongs in its text.',
        'move what the function needs into it, and delete the rest',
      ),
    );
}

function isTypeDeclaration(statement: ts.Statement): statement is TypeDeclaration {
  return ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
}

function print(declaration: Declaration, file: ts.SourceFile, documentation: string): DeclaredSkill {
  const name = declaration.name.text;
  const types = typesUsedBy(declaration, file).map((type) => printType(type, file));
  const start = declaration.modifiers?.end ?? declaration.getStart(file);
  const comment = docCommentOf(declaration, file);
  const text = `${comment}\nexport async ${file.text.slice(start, declaration.end).trim()}\n`;
  return {
    name,
    code: [...types, text].join('\n\n'),
    documentation,
    signature: printSignature(declaration, file),
    types: types.join('\n\n'),
  };
}

function printSignature(declaration: Declaration, file: ts.SourceFile): string {
  const { name, typeParameters, parameters, type } = declaration;
  const generics = typeParameters?.map((it) => it.getText(file)).join(', ');
  const [first] = parameters;
  const parameter =
    first?.type === undefined
      ? ''
      : `${ts.isIdentifier(first.name) ? first.name.text : 'params'}${first.initializer || first.questionToken ? '?' : ''}: ${first.type.getText(file)}`;
  return `${name.text}${generics === undefined ? '' : `<${generics}>`}(${parameter}): ${type?.getText(file) ?? ''}`;
}

/** The code's own types that the function names, and those that these name, in the order of the code. */
function typesUsedBy(declaration: Declaration, file: ts.SourceFile): readonly TypeDeclaration[] {
  const declared = Map.groupBy(file.statements.filter(isTypeDeclaration), ({ name }) => name.text);
  const used = new Set<TypeDeclaration>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node))
      for (const type of declared.get(node.text) ?? []) {
        if (used.has(type)) continue;
        used.add(type);
        ts.forEachChild(type, visit);
      }
    ts.forEachChild(node, visit);
  };
  visit(declaration);
  return file.statements.filter(isTypeDeclaration).filter((type) => used.has(type));
}

function printType(type: TypeDeclaration, file: ts.SourceFile): string {
  const text = file.text.slice(type.modifiers?.end ?? type.getStart(file), type.end).trim();
  const comment = docCommentOf(type, file);
  return comment === '' ? text : `${comment}\n${text}`;
}

/** The last doc comment before a declaration; empty when there is none. */
function docCommentOf(node: ts.Node, { text }: ts.SourceFile): string {
  const comments = (ts.getLeadingCommentRanges(text, node.pos) ?? []).map(({ pos, end }) =>
    text.slice(pos, end),
  );
  return comments.findLast((comment) => /^\/\*\*(?!\/)/.test(comment)) ?? '';
}

function readDocumentation(node: ts.Node, file: ts.SourceFile): string {
  return docCommentOf(node, file)
    .replace(/^\/\*\*|\*\/$/g, '')
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line) => line.replace(/^\s*\*? ?/, '').trimEnd())
    .join('\n')
    .trim();
}
