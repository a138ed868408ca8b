import { LEVEL_BYTES, signatureBytes } from '../budgets.ts';
import type { Namespace, Operation } from '../model.ts';
import { isDeprecated, reachableTypes, type Schema } from '../schema.ts';
import { remarkText } from './comments.ts';
import { constraintsOf } from './constraints.ts';
import { printAlias, printMember } from './print.ts';
import { reference } from './tree.ts';
import { typeNode } from './type-node.ts';
import type { TypeStyle } from './type-parts.ts';
import { typePositions } from './typings.ts';

/** How much signatures tell of parameters beyond their types. */
type Remarks = 'defaults and limits' | 'defaults' | 'none';

type Signatures = Readonly<Record<string, string>>;

/**
 * Level 3: the typed signatures of a namespace by operation id, as detailed as its budget allows. The first
 * line is the signature; each further line is one named type that it uses, the same in every signature, so
 * that a reader of several prints repeated lines once.
 */
export function emitSignatures(namespace: Namespace): Signatures {
  const within = (remarks: Remarks, most: number) => signaturesWithin(namespace, remarks, most);
  const full = within('defaults and limits', LEVEL_BYTES[3]);
  if (full !== undefined) return full;
  const bare = within('none', Number.POSITIVE_INFINITY) ?? {};
  // What is too large even so has no room for defaults.
  if (signatureBytes(Object.values(bare)) > LEVEL_BYTES[3]) return bare;
  return within('defaults', LEVEL_BYTES[3]) ?? bare;
}

/** Undefined as soon as they weigh more than so many bytes. */
function signaturesWithin(namespace: Namespace, remarks: Remarks, most: number): Signatures | undefined {
  const lineOf = createTypePrinter(namespace, remarks);
  const signatures: Record<string, string> = {};
  for (const operation of namespace.operations) {
    const types = reachableTypes([operation.parameters, operation.result], namespace.types);
    const lines = [...types.keys()].map(lineOf);
    signatures[operation.entry.id] = [signatureOf(operation, remarks), ...lines].join('\n');
    if (signatureBytes(Object.values(signatures)) > most) return undefined;
  }
  return signatures;
}

function signatureOf(operation: Operation, remarks: Remarks): string {
  return printMember({
    kind: 'method',
    name: operation.entry.method,
    isOptional: operation.takesNothing,
    parameter: typeNode(operation.parameters, style('params', remarks)),
    result: reference('Promise', [typeNode(operation.result, style('result', 'none'))]),
  });
}

/** Prints named types, each once however many operations use it. */
function createTypePrinter(namespace: Namespace, remarks: Remarks): (name: string) => string {
  const positions = typePositions(namespace);
  const printed = new Map<string, string>();
  return (name) => {
    const position = positions.get(name) ?? 'result';
    const line =
      printed.get(name) ??
      printAlias(
        name,
        typeNode(namespace.types[name] ?? true, style(position, position === 'params' ? remarks : 'none')),
      );
    printed.set(name, line);
    return line;
  };
}

function style(position: TypeStyle['position'], remarks: Remarks): TypeStyle {
  return {
    position,
    compact: true,
    decorate: (member, schema) => ({ ...member, remark: remarkText(remark(schema, remarks)) }),
  };
}

function remark(schema: Schema, remarks: Remarks): string {
  if (typeof schema === 'boolean') return '';
  const mark = isDeprecated(schema) ? ['deprecated'] : [];
  if (remarks === 'none') return mark.join();
  const defaults = schema.default === undefined ? [] : [JSON.stringify(schema.default)];
  return [...mark, ...defaults, ...(remarks === 'defaults' ? [] : constraintsOf(schema))].join('; ');
}
