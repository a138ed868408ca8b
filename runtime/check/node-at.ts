import ts from 'typescript';

/** The deepest node around the offset. */
export function nodeAt(file: ts.SourceFile, offset: number): ts.Node {
  let node: ts.Node = file;
  for (let inner: ts.Node | undefined = file; inner !== undefined; ) {
    node = inner;
    inner = ts.forEachChild(node, (child) =>
      child.getStart(file) <= offset && offset < child.end ? child : undefined,
    );
  }
  return node;
}

/** The whole expression that begins with the node, without what is done with it: `step.params` of `step`. */
export function objectAt(node: ts.Node): ts.Node {
  const start = node.getStart();
  let outer = node;
  while (
    ts.isExpression(outer.parent) &&
    outer.parent.getStart() === start &&
    !ts.isCallExpression(outer.parent)
  )
    outer = outer.parent;
  return outer;
}
