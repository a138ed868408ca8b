import ts from 'typescript';
import type { Blank, Insert } from './edits.ts';
import { isDeclared, isErased, unwrapExpression } from './erased.ts';
import type { Binding, Names } from './names.ts';
import type { Finding } from './places.ts';

/** What turns the code as a model wrote it into the body of an async function. */
export interface Shape {
  readonly blanks: readonly Blank[];
  readonly inserts: readonly Insert[];
  readonly findings: readonly Finding[];
  /** Parameters that were blanked: their references mean the names that exist anyway. */
  readonly released: ReadonlySet<Binding>;
}

interface Draft {
  readonly file: ts.SourceFile;
  readonly names: Names;
  readonly globals: ReadonlySet<string>;
  readonly blanks: Blank[];
  readonly inserts: Insert[];
  readonly findings: Finding[];
  readonly released: Set<Binding>;
}

/**
 * Takes `export` away, and makes the last expression, or the function that holds everything, the result.
 * @param globals the names that exist anyway
 */
export function shapeProgram(file: ts.SourceFile, names: Names, globals: ReadonlySet<string>): Shape {
  const draft: Draft = { file, names, globals, blanks: [], inserts: [], findings: [], released: new Set() };
  for (const statement of file.statements) takeExportAway(draft, statement);
  const running = file.statements.filter(runs);
  const exported = running.find((statement) => isDefaultExport(statement, names));
  // Functions are declared before anything runs: those after the last expression do not hide it.
  const executed = running.filter((statement) => !ts.isFunctionDeclaration(statement)).at(-1);
  if (exported !== undefined) returnDefaultExport(draft, exported, running);
  else if (executed && ts.isExpressionStatement(executed)) returnExpression(draft, executed.expression);
  else if (running.every(isDeclaration)) callLastFunction(draft, running.at(-1));
  return draft;
}

/**
 * The shape of a skill: a body that returns the function.
 * @param skill the function
 */
export function shapeSkill(file: ts.SourceFile, names: Names, skill: ts.FunctionDeclaration): Shape {
  const draft: Draft = {
    file,
    names,
    globals: new Set(),
    blanks: [],
    inserts: [{ at: skill.end, text: `;return ${skill.name?.text}` }],
    findings: [],
    released: new Set(),
  };
  for (const statement of file.statements) takeExportAway(draft, statement);
  return draft;
}

/** Whether anything of the statement is left when types, imports and exports are gone. */
function runs(statement: ts.Statement): boolean {
  if (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) return false;
  return !ts.isEmptyStatement(statement) && !isErased(statement);
}

function takeExportAway(draft: Draft, statement: ts.Statement): void {
  if (isDeclared(statement)) {
    // A type for a name that exists anyway, or does not exist at all: either way the checker knows better.
    if (!ts.isTypeAliasDeclaration(statement) && !ts.isInterfaceDeclaration(statement))
      blank(draft, statement);
    return;
  }
  // Any other `export … from` is refused by the rules.
  if (ts.isExportDeclaration(statement) && (statement.isTypeOnly || statement.moduleSpecifier === undefined))
    blank(draft, statement);
  if (!ts.canHaveModifiers(statement) || ts.isExportAssignment(statement)) return;
  for (const modifier of statement.modifiers ?? []) {
    if (modifier.kind !== ts.SyntaxKind.ExportKeyword && modifier.kind !== ts.SyntaxKind.DefaultKeyword)
      continue;
    // Where all of the statement goes, the line before must not run into the line after.
    const lead = isErased(statement) ? ';' : '';
    draft.blanks.push({ start: modifier.getStart(draft.file), end: modifier.end, lead });
  }
}

/** The semicolon keeps the line before from running into the line after. */
function blank(draft: Draft, statement: ts.Statement): void {
  draft.blanks.push({ start: statement.getStart(draft.file), end: statement.end, lead: ';' });
}

/** Whether the result is what the statement exports: not when the program calls the function itself. */
function isDefaultExport(
  statement: ts.Statement,
  names: Names,
): statement is ts.ExportAssignment | ts.FunctionDeclaration {
  if (ts.isExportAssignment(statement)) return !statement.isExportEquals;
  if (!ts.isFunctionDeclaration(statement)) return false;
  if (statement.name && names.bindings.get(statement.name)?.references.length !== 0) return false;
  return statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword) ?? false;
}

function returnDefaultExport(
  draft: Draft,
  statement: ts.ExportAssignment | ts.FunctionDeclaration,
  running: readonly ts.Statement[],
): void {
  const start = statement.getStart(draft.file);
  const later = running.slice(running.indexOf(statement) + 1);
  if (ts.isFunctionDeclaration(statement) && statement.name !== undefined) {
    callFunction(draft, statement, statement.name, statement);
  } else if (!later.every(ts.isFunctionDeclaration)) {
    const message = 'What follows `export default` would never run.';
    const suggestion = 'put `export default` last';
    draft.findings.push({ code: 'FORBIDDEN_SYNTAX', start, message, suggestion });
  } else if (ts.isFunctionDeclaration(statement)) {
    const keyword = statement.modifiers?.find(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword);
    const call = takesNoArguments(draft, statement) ? ')()' : ')';
    draft.inserts.push({ at: keyword?.end ?? start, text: ' return (' }, { at: statement.end, text: call });
  } else {
    const { expression } = statement;
    const at = expression.getStart(draft.file);
    draft.blanks.push({ start, end: at });
    const call = isCallable(draft, expression) ? ')()' : ')';
    draft.inserts.push({ at, text: 'return (' }, { at: valueEnd(expression), text: call });
  }
}

/** A program that only declares: the last function is the one to run, unless something already runs it. */
function callLastFunction(draft: Draft, last: ts.Statement | undefined): void {
  if (last === undefined) return;
  if (ts.isFunctionDeclaration(last) && last.name) callFunction(draft, last, last.name, last);
  if (!ts.isVariableStatement(last) || last.declarationList.declarations.length !== 1) return;
  const [variable] = last.declarationList.declarations;
  const value = variable?.initializer && unwrapExpression(variable.initializer);
  if (variable && ts.isIdentifier(variable.name) && value && isFunction(value))
    callFunction(draft, value, variable.name, last);
}

function returnExpression(draft: Draft, expression: ts.Expression): void {
  if (isCallable(draft, expression)) {
    draft.inserts.push({ at: expression.getStart(draft.file), text: 'return (' });
    draft.inserts.push({ at: valueEnd(expression), text: ')()' });
  } else if (ts.isVoidExpression(expression)) {
    // `void main()` must still be awaited.
    const start = expression.getStart(draft.file);
    const operand = expression.expression.getStart(draft.file);
    draft.blanks.push({ start, end: operand });
    draft.inserts.push({ at: operand, text: 'return ' });
  } else draft.inserts.push({ at: expression.getStart(draft.file), text: 'return ' });
}

function callFunction(
  draft: Draft,
  callee: ts.SignatureDeclaration,
  name: ts.Identifier,
  statement: ts.Statement,
): void {
  const binding = draft.names.bindings.get(name);
  if (binding === undefined || binding.references.length > 0 || !takesNoArguments(draft, callee)) return;
  draft.inserts.push({ at: statement.end, text: `;return ${name.text}()` });
}

function isDeclaration(statement: ts.Statement): boolean {
  return (
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isVariableStatement(statement)
  );
}

const isFunction = (node: ts.Node): node is ts.ArrowFunction | ts.FunctionExpression =>
  ts.isArrowFunction(node) || ts.isFunctionExpression(node);

/** Whether the value is a function that wants to be called, written here or under a name of its own. */
function isCallable(draft: Draft, expression: ts.Expression): boolean {
  const value = unwrapExpression(expression);
  if (!ts.isIdentifier(value)) return isFunction(value) && takesNoArguments(draft, value);
  const declaration = draft.names.bindingOf(value)?.declaration;
  if (declaration === undefined) return false;
  if (ts.isFunctionDeclaration(declaration)) return takesNoArguments(draft, declaration);
  if (!ts.isVariableDeclaration(declaration) || !declaration.initializer) return false;
  const initial = unwrapExpression(declaration.initializer);
  return ts.isIdentifier(declaration.name) && isFunction(initial) && takesNoArguments(draft, initial);
}

/**
 * Whether the function can be called without arguments. Parameters that only name what exists anyway
 * (`async ({ athena }) => …`) are blanked, so that the names mean the real ones.
 */
function takesNoArguments(draft: Draft, callee: ts.SignatureDeclaration): boolean {
  const { parameters } = callee;
  if (parameters.every((it) => it.initializer || it.questionToken || it.dotDotDotToken)) return true;
  const identifiers = parameters.flatMap((parameter) => namesIn(parameter.name));
  const exist = identifiers.every((it) => it !== undefined && draft.globals.has(it.text));
  if (!exist || parameters.some((it) => it.initializer || it.dotDotDotToken)) return false;
  for (const identifier of identifiers) {
    const binding = identifier && draft.names.bindings.get(identifier);
    if (binding) draft.released.add(binding);
  }
  const start = parameters[0]?.getStart(draft.file) ?? parameters.pos;
  const isBare =
    ts.isArrowFunction(callee) &&
    !callee
      .getText(draft.file)
      .slice(0, start - callee.getStart(draft.file))
      .includes('(');
  draft.blanks.push({ start, end: parameters.end, lead: isBare ? '()' : '' });
  return true;
}

/** The names that a parameter binds as they are; undefined stands for anything more than that. */
function namesIn(name: ts.BindingName): readonly (ts.Identifier | undefined)[] {
  if (ts.isIdentifier(name)) return [name];
  if (ts.isArrayBindingPattern(name)) return [undefined];
  return name.elements.map((element) => {
    const isPlain = !element.propertyName && !element.initializer && !element.dotDotDotToken;
    return isPlain && ts.isIdentifier(element.name) ? element.name : undefined;
  });
}

/** Where the value ends: before an `as T` at its very end, which leaves a semicolon when it is blanked. */
function valueEnd(expression: ts.Expression): number {
  let { end } = expression;
  for (let inner: ts.Node | undefined = expression; inner !== undefined; ) {
    if (ts.isAsExpression(inner) || ts.isSatisfiesExpression(inner) || ts.isNonNullExpression(inner)) {
      inner = inner.expression;
      end = inner.end;
    } else inner = ts.forEachChild(inner, (child) => (child.end === end ? child : undefined));
  }
  return end;
}
