import ts from 'typescript';

/** An object literal of the program: TypeScript takes the type of what holds it from there. */
interface Literal {
  readonly names: ReadonlySet<string>;
  /** It spreads an object or computes a name, so that it may have members that it does not name. */
  readonly isOpen: boolean;
}

/** The shapes that the program's own object literals have. */
export interface OwnShapes {
  /**
   * Whether values of the type may have the member, since the type was only taken from one literal.
   * @param type as a diagnostic prints it: `{ id: number; title: string; }`
   * @param grows whether the program adds members to objects under computed names
   */
  mayHave(type: string, member: string, grows: boolean): boolean;
}

export function readOwnShapes(file: ts.SourceFile): OwnShapes {
  const literals: Literal[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isObjectLiteralExpression(node)) literals.push(readLiteral(node));
    ts.forEachChild(node, visit);
  };
  visit(file);
  return {
    mayHave(type, member, grows) {
      const shape = readType(type);
      if (shape === undefined) return false;
      const same = literals.filter(({ names }) => isSame(shape, names));
      if (same.length === 0) return false;
      if (grows || same.some(({ isOpen }) => isOpen)) return true;
      return literals.some(({ names }) => names.has(member) && shape.names.some((name) => names.has(name)));
    },
  };
}

function readLiteral(node: ts.ObjectLiteralExpression): Literal {
  const names = new Set<string>();
  let isOpen = false;
  for (const { name } of node.properties) {
    if (name === undefined || ts.isComputedPropertyName(name)) isOpen = true;
    else names.add(name.text);
  }
  return { names, isOpen };
}

interface TypeShape {
  readonly names: readonly string[];
  /** The diagnostic leaves some out: `... 5 more ...`. */
  readonly isCut: boolean;
}

function isSame({ names, isCut }: TypeShape, literal: ReadonlySet<string>): boolean {
  return names.every((name) => literal.has(name)) && (isCut || names.length === literal.size);
}

const MEMBER = /^(?:readonly )?(?:"([^"]*)"|([\w$]+))\??[:(<]/;

/** The members of an object type without a name; undefined for any other type. */
function readType(type: string): TypeShape | undefined {
  if (!type.startsWith('{') || !type.endsWith('}')) return undefined;
  const parts = topLevelParts(type.slice(1, -1));
  const names = parts.map((part) => MEMBER.exec(part)).map((match) => match?.[1] ?? match?.[2]);
  return {
    names: names.filter((name) => name !== undefined),
    isCut: parts.some((part) => part.startsWith('...')),
  };
}

function topLevelParts(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const letter = text.charAt(at);
    if ('([{'.includes(letter)) depth++;
    else if (')]}'.includes(letter)) depth--;
    else if (letter === ';' && depth === 0) {
      parts.push(text.slice(from, at).trim());
      from = at + 1;
    }
  }
  return parts;
}
