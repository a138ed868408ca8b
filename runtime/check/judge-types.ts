import ts from 'typescript';
import { isInErased } from './erased.ts';
import { type Guards, memberName, readGuards } from './guards.ts';
import { describeMixedKinds, mixedKinds } from './id-kinds.ts';
import { isLoose, isUndecided, isUnion, isVarying, missingMembers } from './mismatch.ts';
import { nodeAt, objectAt } from './node-at.ts';
import { type OperationIndex, suggestIds } from './operation-index.ts';
import type { Finding } from './places.ts';
import type { TypeFinding } from './type-checker.ts';
import { GATE_OF_CODE, type Gate } from './type-rules.ts';
import { type IsUnsure, readUnsure, valueBehind } from './unsure.ts';

/** What the judge must know of the program beside the diagnostics. */
export interface Judged {
  readonly file: ts.SourceFile;
  readonly index: OperationIndex;
  /** References to names that the program does not declare. */
  readonly freeNames: readonly ts.Identifier[];
  /** The names that exist in the guest beside those of the language. */
  readonly globals: ReadonlySet<string>;
  /** Names of the typings' types that are unions of literals. */
  readonly literalTypes: ReadonlySet<string>;
  /** The calls of operations. */
  readonly calls: ReadonlySet<ts.Node>;
}

const LENIENT: ReadonlySet<string> = new Set(['setTimeout', 'clearTimeout', 'console']);
const MESSAGE_CHARACTERS = 500;
/** A type is used as a value. */
const NO_VALUE = 2693;
const OPEN_TYPE =
  /^(?:\{\}|never|object|Object|unknown|any|Function|typeof globalThis|\w*Error|PromiseSettledResult<[\s\S]*>)$/;

/**
 * Turns the type checker's diagnostics into errors, where the run would break, and warnings.
 * @param findings with offsets into the agent's code
 */
export function judgeTypes(findings: readonly TypeFinding[], judged: Judged): readonly Finding[] {
  let guards: Guards | undefined;
  let isUnsure: IsUnsure | undefined;
  return findings.flatMap((finding) => {
    const gate = GATE_OF_CODE.get(finding.code);
    if (gate === undefined) return createFinding('TYPE_WARNING', finding, suggest(finding));
    const node = nodeAt(judged.file, finding.start);
    guards ??= readGuards(judged.file);
    isUnsure ??= readUnsure(judged.file, findings, judged.calls);
    const erased = isInErased(node);
    if (gate === 'never' || (gate === 'name' && erased && guards.blanked.has(node.getText()))) return [];
    const value = valueAt(node);
    const isCertain = !erased && (value === undefined || !isUnsure(value));
    const blocks = isCertain && breaks(gate, finding, node, judged, guards);
    const suggestion = suggest(finding) ?? (gate === 'name' ? suggestMember(node, judged.index) : undefined);
    return createFinding(blocks ? 'TYPE_ERROR' : 'TYPE_WARNING', finding, suggestion);
  });
}

function createFinding(
  code: 'TYPE_ERROR' | 'TYPE_WARNING',
  { start, lines }: TypeFinding,
  suggestion: string | undefined,
): Finding {
  const kinds = mixedKinds(lines);
  if (kinds !== undefined) return { code, start, ...describeMixedKinds(kinds) };
  const message = lines.map(withoutSetupAdvice).join(' ').slice(0, MESSAGE_CHARACTERS);
  return { code, start, message, ...(suggestion === undefined ? {} : { suggestion }) };
}

/** The value that the diagnostic is about: an object without the member, a property's, a variable's. */
function valueAt(node: ts.Node): ts.Expression | undefined {
  const { parent } = node;
  const object = objectOf(parent);
  if (object !== undefined && object !== node) return object;
  if (ts.isPropertyAssignment(parent) && parent.name === node) return parent.initializer;
  const declaration = declarationOf(node);
  if (declaration !== undefined) return valueBehind(declaration);
  const value = objectAt(node);
  return ts.isExpression(value) ? value : undefined;
}

/** The variable or the parameter that the node names, or a part of. */
function declarationOf(node: ts.Node): ts.VariableDeclaration | ts.ParameterDeclaration | undefined {
  let at: ts.Node = node.parent;
  while (ts.isBindingElement(at) || ts.isObjectBindingPattern(at) || ts.isArrayBindingPattern(at))
    at = at.parent;
  if (!ts.isVariableDeclaration(at) && !ts.isParameter(at)) return undefined;
  return node.pos < at.name.end ? at : undefined;
}

function breaks(
  gate: Exclude<Gate, 'never'>,
  finding: TypeFinding,
  node: ts.Node,
  judged: Judged,
  guards: Guards,
): boolean {
  switch (gate) {
    case 'always':
      return true;
    case 'name':
      return !ts.isIdentifier(node) || !guards.names.has(node.text);
    case 'member':
      return isMissing(finding, node, guards);
    case 'use':
      return !finding.lines.some((line) => isOpenType(/[Tt]ype '([\s\S]+?)'/.exec(line)?.[1] ?? '', guards));
    case 'argument':
      return isGuestArgument(node, judged) && isRefused(finding, node, judged, guards);
    default:
      return gate satisfies never;
  }
}

/** Whether the member is certainly not there. A second line tells that only some types of a union lack it. */
function isMissing({ lines }: TypeFinding, node: ts.Node, guards: Guards): boolean {
  const [message = '', ofUnion] = lines;
  const type = / on type '([\s\S]+)'\./.exec(message)?.[1] ?? '';
  const member = nameAt(node) ?? '';
  if (ofUnion !== undefined || isOpenType(type, guards) || guards.members.has(member)) return false;
  const declaration = declarationOf(node);
  // The default value of a parameter without a type is only one of its values.
  if (declaration && ts.isParameter(declaration) && declaration.type === undefined) return false;
  const { growing, changing, ownShapes, extended, added } = guards;
  const object = objectOf(node.parent)?.getText() ?? '';
  const typeName = /^[\w$]+/.exec(type)?.[0];
  if (typeName === undefined)
    return (
      !changing.has(object) && !growing.has(object) && !ownShapes.mayHave(type, member, growing.size > 0)
    );
  if (extended.has(typeName) && added.has(member)) return false;
  return !growing.has(object) && !growing.has(typeName);
}

function objectOf(access: ts.Node): ts.Expression | undefined {
  const isAccess = ts.isPropertyAccessExpression(access) || ts.isElementAccessExpression(access);
  return isAccess ? access.expression : undefined;
}

/** Whether the operation will certainly refuse the argument, or take it for something else. */
function isRefused({ lines }: TypeFinding, node: ts.Node, judged: Judged, guards: Guards): boolean {
  if (mixedKinds(lines) !== undefined) return true;
  const { varyingTypes, members, growing } = guards;
  const missing = missingMembers(lines);
  if (missing === undefined) return !isUndecided(lines, { literalTypes: judged.literalTypes, varyingTypes });
  if (ts.isObjectLiteralExpression(node) && !node.properties.some(ts.isSpreadAssignment)) return true;
  const { source, ofAlternative } = missing;
  if (ofAlternative && source.includes('?: ')) return false;
  if (isLoose(source, varyingTypes) || missing.members.every((name) => members.has(name))) return false;
  return !growing.has(objectAt(node).getText());
}

/** A member may be missing from such a type and still be there when the program runs. */
const isOpenType = (type: string, { varyingTypes }: Guards): boolean =>
  OPEN_TYPE.test(type) || isUnion(type) || isVarying(type, varyingTypes);

function nameAt(node: ts.Node): string | undefined {
  return memberName(node.parent) ?? memberName(node);
}

/** Whether the nearest call around the node is one of the guest's own, not the program's or the language's. */
function isGuestArgument(node: ts.Node, judged: Judged): boolean {
  for (let at = node; !ts.isSourceFile(at); at = at.parent) {
    if (ts.isCallExpression(at)) return judged.calls.has(at) || isGuestFunction(at.expression, judged);
    if (ts.isFunctionLike(at) || ts.isNewExpression(at)) return false;
  }
  return false;
}

/** `session.set`, `sleep`: not the timers, which take what JavaScript lets them take. */
function isGuestFunction(callee: ts.Expression, judged: Judged): boolean {
  let root = callee;
  while (ts.isPropertyAccessExpression(root)) root = root.expression;
  if (!ts.isIdentifier(root) || !judged.globals.has(root.text)) return false;
  return !LENIENT.has(root.text) && judged.freeNames.includes(root);
}

function suggest({ code, lines }: TypeFinding): string | undefined {
  const [message = ''] = lines;
  const meant = /Did you mean (?:to write |the (?:instance|static) member )?'([^']+)'\?/.exec(
    lines.join(' '),
  )?.[1];
  if (meant !== undefined) return `did you mean \`${meant}\`?`;
  if (/ type 'Promise<|forget to use 'await'/.test(message)) return 'write `await` before the call';
  if (code === NO_VALUE && message.startsWith("'AthenaError'"))
    return 'read `code`: only errors of calls have one';
  return code === 2348 ? 'write `new` before it' : undefined;
}

/** The name is a namespace or a method, written without what leads to it. */
function suggestMember(
  node: ts.Node,
  { rootName, namespaces, byMethod }: OperationIndex,
): string | undefined {
  if (!ts.isIdentifier(node)) return undefined;
  if (namespaces.has(node.text)) return `did you mean \`${rootName}.${node.text}\`?`;
  return suggestIds(
    (byMethod.get(node.text) ?? []).map(({ root, id }) => (root === undefined ? `${rootName}.${id}` : id)),
  );
}

/** The agent cannot install typings or change compiler options. */
function withoutSetupAdvice(line: string): string {
  return line.replace(/ Do you need to .*$/, '');
}
