import ts from 'typescript';

/**
 * Finds places in a JSON file; parses it when the first is asked for.
 * @param text the JSON file
 * @returns from a JSON pointer to a 1-based line; a step that does not exist leads to its parent's line
 */
export function createLocator(text: string): (pointer: string) => number {
  let parsed: ts.JsonSourceFile | undefined;
  return (pointer) => {
    parsed ??= ts.parseJsonText('file.json', text);
    let node: ts.Node | undefined = parsed.statements[0]?.expression;
    let start = node?.getStart(parsed) ?? 0;
    for (const step of pointer.split('/').slice(1)) {
      node =
        node === undefined ? undefined : stepInto(node, step.replaceAll('~1', '/').replaceAll('~0', '~'));
      if (node === undefined) break;
      start = node.getStart(parsed);
      if (ts.isPropertyAssignment(node)) node = node.initializer;
    }
    return parsed.getLineAndCharacterOfPosition(start).line + 1;
  };
}

function stepInto(node: ts.Node, step: string): ts.Node | undefined {
  if (ts.isArrayLiteralExpression(node)) return node.elements[Number(step)];
  if (!ts.isObjectLiteralExpression(node)) return undefined;
  return node.properties.find(
    (property) =>
      property.name !== undefined && ts.isStringLiteral(property.name) && property.name.text === step,
  );
}
