import ts from 'typescript';

/** What stands around the body of a function, so that `await` and `return` are read as what they are there. */
export const BEFORE_BODY = 'export default async () => {\n';
export const AFTER_BODY = '\n};';

/** Parses a body of a function, which stands after `BEFORE_BODY`. */
export function parseBody(text: string, kind: ts.ScriptKind.JS | ts.ScriptKind.TS): ts.SourceFile {
  const wrapped = BEFORE_BODY + text + AFTER_BODY;
  return ts.createSourceFile('program.mts', wrapped, ts.ScriptTarget.ESNext, true, kind);
}

/**
 * Whether the parser read JavaScript. It knows types in JavaScript too, to complain of them: it reads the start of
 * `case async (x): y => z` as a function with a type.
 */
export function isPlain(file: ts.SourceFile): boolean {
  const { parseDiagnostics } = file as ts.SourceFile & { readonly parseDiagnostics: readonly unknown[] };
  if (parseDiagnostics.length > 0) return false;
  const hasTypes = (node: ts.Node): boolean =>
    (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) ||
    ts.forEachChild(node, hasTypes) === true;
  return !hasTypes(file);
}

/**
 * A program as text that tells what it means and nothing of how it is written: two programs with the same form
 * have the same tree, whatever their spaces, comments, parentheses, empty statements and escapes.
 */
export function normalForm(file: ts.SourceFile): string {
  const parts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (isNothing(node)) return;
    if (ts.isParenthesizedExpression(node)) {
      visit(node.expression);
      return;
    }
    parts.push('(', ts.SyntaxKind[node.kind] ?? '', ' ', describe(node, file));
    ts.forEachChild(node, visit);
    parts.push(')');
  };
  visit(file);
  return parts.join('');
}

/** Whether the node stands among others and does nothing. */
function isNothing(node: ts.Node): boolean {
  if (ts.isSemicolonClassElement(node)) return true;
  if (ts.isExportDeclaration(node)) return node.moduleSpecifier === undefined;
  if (!ts.isEmptyStatement(node)) return false;
  return ts.isSourceFile(node.parent) || ts.isBlock(node.parent) || ts.isCaseOrDefaultClause(node.parent);
}

/** What a node is beside its kind and its children. */
function describe(node: ts.Node, file: ts.SourceFile): string {
  if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) return node.text;
  if (ts.isRegularExpressionLiteral(node)) return undoEscapes(node.text);
  if (ts.isTemplateLiteralToken(node)) return JSON.stringify(isTagged(node) ? node.getText(file) : node.text);
  if (ts.isLiteralExpression(node)) return JSON.stringify(node.text);
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) return String(node.operator);
  if (ts.isVariableDeclarationList(node)) return String(node.flags & ts.NodeFlags.BlockScoped);
  if (ts.isMetaProperty(node)) return String(node.keywordToken);
  return String(node.flags & ts.NodeFlags.OptionalChain);
}

function isTagged(token: ts.Node): boolean {
  const template = ts.findAncestor(
    token,
    (node) => ts.isTemplateExpression(node) || ts.isNoSubstitutionTemplateLiteral(node),
  );
  return template !== undefined && ts.isTaggedTemplateExpression(template.parent);
}

/** The check writes an escape where SES would not let the character pass. */
function undoEscapes(pattern: string): string {
  return pattern.replace(/\\x([0-9a-f]{2})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
}
