import type { JsonValue } from '../../runtime/contract/json.ts';
import type { Expression, Member, Statement, TypeNode } from './tree.ts';

/** How far the line is indented that a text begins on; undefined where all stands on one line, undocumented. */
type Indent = string | undefined;

/** The text of a file of statements, indented by two spaces. No token but a comment spans lines. */
export function printFile(statements: readonly Statement[]): string {
  return statements.map((statement) => `${printStatement(statement, '')}\n`).join('');
}

/** A type with a line for each member, documented; it begins on a line that is not indented. */
export function printType(type: TypeNode): string {
  return textOf(type, '');
}

/** A type on one line, undocumented. */
export function printFlat(type: TypeNode): string {
  return textOf(type, undefined);
}

/** A member of a type on one line, undocumented. */
export function printMember(member: Member): string {
  return memberText(member, undefined);
}

/** A type's declaration on one line, undocumented. */
export function printAlias(name: string, type: TypeNode): string {
  return `type ${name} = ${printFlat(type)};`;
}

/** A JSON value as an expression on one line. */
export function printValue(value: JsonValue): string {
  if (typeof value === 'string') return stringLiteral(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (isList(value)) return `[${value.map(printValue).join(', ')}]`;
  const members = Object.entries(value).map(([name, inner]) => {
    const key = name === '__proto__' ? `[${stringLiteral(name)}]` : memberName(name);
    return `${key}: ${printValue(inner)}`;
  });
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

/** `Array.isArray` for JSON values, whose lists are read-only. */
export function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function printStatement(statement: Statement, indent: string): string {
  const start = `${'documentation' in statement ? commentText(statement.documentation, indent) : ''}${indent}`;
  switch (statement.kind) {
    case 'import':
      return `${start}${importText(statement)}`;
    case 'export':
      return `${start}export { ${statement.local} as ${statement.name} };`;
    case 'constant':
      return `${start}${constantText(statement, indent)}`;
    case 'namespace': {
      const { modifiers, name, body } = statement;
      const words = [...modifiers, 'namespace', name].join(' ');
      const inner = body.map((one) => `${printStatement(one, `${indent}  `)}\n`);
      return `${start}${words} {\n${inner.join('')}${indent}}`;
    }
    case 'interface': {
      const { isExported, name, members } = statement;
      return `${start}${isExported ? 'export ' : ''}interface ${name} ${membersText(members, indent)}`;
    }
    case 'type':
      return `${start}type ${statement.name} = ${textOf(statement.type, indent)};`;
    default:
      return statement satisfies never;
  }
}

function importText({ from, name, of }: Statement & { readonly kind: 'import' }): string {
  const names = of === 'all' ? `* as ${name}` : `{ ${name} }`;
  return `import ${of === 'type' ? 'type ' : ''}${names} from ${stringLiteral(from)};`;
}

function constantText(
  { isExported, name, type, value }: Statement & { readonly kind: 'constant' },
  indent: string,
): string {
  const typed = type === undefined ? '' : `: ${textOf(type, indent)}`;
  const valued = value === undefined ? '' : ` = ${expressionText(value, indent)}`;
  return `${isExported ? 'export ' : ''}const ${name}${typed}${valued};`;
}

function expressionText(expression: Expression, indent: string): string {
  switch (expression.kind) {
    case 'value':
      return printValue(expression.value);
    case 'member':
      return `${expression.of}.${expression.name}`;
    case 'call': {
      const { callee, types, properties } = expression;
      const inner = `${indent}  `;
      const lines = properties.map(
        ([name, value]) => `${inner}${memberName(name)}: ${expressionText(value, inner)}`,
      );
      return `${callee}${argumentsText(types, indent)}({\n${lines.join(',\n')}\n${indent}})`;
    }
    default:
      return expression satisfies never;
  }
}

function textOf(type: TypeNode, indent: Indent): string {
  switch (type.kind) {
    case 'keyword':
      return type.name;
    case 'literal':
      return printValue(type.value);
    case 'reference':
      return `${type.name}${argumentsText(type.of, indent)}`;
    case 'list':
      return `${operandText(type.of, indent)}[]`;
    case 'readonly':
      return `readonly ${textOf(type.of, indent)}`;
    case 'optional':
      return repeats(type.of) ? `item?: ${textOf(type.of, indent)}` : `${operandText(type.of, indent)}?`;
    case 'rest':
      return `...${type.of.kind === 'list' && repeats(type.of.of) ? 'items: ' : ''}${textOf(type.of, indent)}`;
    case 'tuple':
      return tupleText(type.members, indent);
    case 'union':
      return type.members.map((member) => choiceText(member, indent)).join(' | ');
    case 'intersection':
      return type.members.map((member) => choiceText(member, indent)).join(' & ');
    case 'object':
      return membersText(type.members, indent);
    default:
      return type satisfies never;
  }
}

/**
 * Whether a list in a type has a name in it, be it the one that is declared. To TypeScript a name then needs itself to
 * be resolved, where the type is an element that may be missing or come often, and has no label.
 */
function repeats(type: TypeNode, isInList = false): boolean {
  switch (type.kind) {
    case 'reference':
      return isInList;
    case 'list':
      return repeats(type.of, true);
    case 'readonly':
    case 'optional':
    case 'rest':
      return repeats(type.of, isInList);
    case 'tuple':
      return type.members.some((member) => repeats(member, true));
    case 'union':
    case 'intersection':
      return type.members.some((member) => repeats(member, isInList));
    default:
      return false;
  }
}

/** A type before `[]` or `?`, which bind tighter than all others. */
function operandText(type: TypeNode, indent: Indent): string {
  return type.kind === 'readonly' ? `(${textOf(type, indent)})` : choiceText(type, indent);
}

/** A type in a union or an intersection. */
function choiceText(type: TypeNode, indent: Indent): string {
  const text = textOf(type, indent);
  return type.kind === 'union' || type.kind === 'intersection' ? `(${text})` : text;
}

function argumentsText(types: readonly TypeNode[], indent: Indent): string {
  return types.length === 0 ? '' : `<${types.map((type) => textOf(type, indent)).join(', ')}>`;
}

function tupleText(elements: readonly TypeNode[], indent: Indent): string {
  if (indent === undefined || elements.length === 0)
    return `[${elements.map((element) => textOf(element, indent)).join(', ')}]`;
  const inner = `${indent}  `;
  return `[\n${elements.map((element) => `${inner}${textOf(element, inner)}`).join(',\n')}\n${indent}]`;
}

function membersText(members: readonly Member[], indent: Indent): string {
  if (members.length === 0) return '{}';
  if (indent === undefined) return `{ ${members.map((member) => memberText(member, indent)).join(' ')} }`;
  const inner = `${indent}  `;
  const lines = members.map((member) => {
    const comment = 'documentation' in member ? commentText(member.documentation, inner) : '';
    return `${comment}${inner}${memberText(member, inner)}\n`;
  });
  return `{\n${lines.join('')}${indent}}`;
}

function memberText(member: Member, indent: Indent): string {
  switch (member.kind) {
    case 'property': {
      const { isReadonly, name, isOptional, type, remark } = member;
      const key = `${isReadonly ? 'readonly ' : ''}${memberName(name)}${isOptional ? '?' : ''}`;
      return `${key}: ${textOf(type, indent)}${remark === undefined || remark === '' ? '' : ` /* ${remark} */`};`;
    }
    case 'method': {
      const { name, isOptional, parameter, result } = member;
      const params = `params${isOptional ? '?' : ''}: ${textOf(parameter, indent)}`;
      return `${memberName(name)}(${params}): ${textOf(result, indent)};`;
    }
    case 'index':
      return `[key: string]: ${textOf(member.type, indent)};`;
    default:
      return member satisfies never;
  }
}

/** A documentation comment with the lines that it stands on; empty when there is nothing to say. */
function commentText(lines: readonly string[] | undefined, indent: string): string {
  if (lines === undefined || lines.length === 0) return '';
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
  const body = lines.map((line) => `${indent} * ${line}`.trimEnd());
  return [`${indent}/**`, ...body, `${indent} */\n`].join('\n');
}

/** A member's name: bare where it is an identifier, else quoted. */
function memberName(name: string): string {
  const bare = /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name) && name !== '__proto__' && name !== 'constructor';
  return bare ? name : stringLiteral(name);
}

/** Line ends beside the control characters, and what ends or escapes a literal. */
const ESCAPED = /[\\'\u2028\u2029\p{Cc}]/gu;

const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\\', '\\\\'],
  ["'", "\\'"],
  ['\b', '\\b'],
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\v', '\\v'],
  ['\f', '\\f'],
  ['\r', '\\r'],
]);

/** A string literal in single quotes, escaped; letters of all languages stay readable. */
function stringLiteral(text: string): string {
  const escaped = text.replace(ESCAPED, (character) => SHORT_ESCAPES.get(character) ?? codeEscape(character));
  // Half a surrogate pair would not survive the file's encoding.
  return `'${text.isWellFormed() ? escaped : escaped.replace(/\P{ASCII}/gu, unitEscapes)}'`;
}

function unitEscapes(character: string): string {
  return character.split('').map(codeEscape).join('');
}

/** The escape of one UTF-16 unit. */
function codeEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}
