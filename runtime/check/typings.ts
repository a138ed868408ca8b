import ts from 'typescript';

/** What the check must know of the typings, beside handing them to the type checker. */
export interface TypingsFacts {
  /** The names that exist in the guest beside those of the language: `athena`, `session`, `sleep`, … */
  readonly globals: ReadonlySet<string>;
  /** Names of types that are unions of literals. */
  readonly literalTypes: ReadonlySet<string>;
}

/** @param typings ambient declarations, without imports and exports */
export function readTypings(typings: string): TypingsFacts {
  const file = ts.createSourceFile('typings.d.ts', typings, ts.ScriptTarget.ESNext);
  const globals = new Set<string>();
  for (const statement of file.statements) {
    if (ts.isFunctionDeclaration(statement) && statement.name) globals.add(statement.name.text);
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name } of statement.declarationList.declarations)
      if (ts.isIdentifier(name)) globals.add(name.text);
  }
  const literalTypes = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isTypeAliasDeclaration(node) && isOfLiterals(node.type)) literalTypes.add(node.name.text);
    if (ts.isModuleDeclaration(node) || ts.isModuleBlock(node) || ts.isSourceFile(node))
      ts.forEachChild(node, visit);
  };
  visit(file);
  return { globals, literalTypes };
}

function isOfLiterals(type: ts.TypeNode): boolean {
  return ts.isUnionTypeNode(type) ? type.types.every(isOfLiterals) : ts.isLiteralTypeNode(type);
}
