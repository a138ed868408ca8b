import type { Namespace } from '../model.ts';
import { type Schema, walk } from '../schema.ts';
import { ID_TYPE } from './frames.ts';
import { reference, type TypeNode } from './tree.ts';

/** A type in which the ids that a schema knows the kind of are of that kind. */
export function branded(type: TypeNode, schema: Schema, root: string): TypeNode {
  if (typeof schema === 'boolean') return type;
  switch (type.kind) {
    case 'union':
      return { ...type, members: type.members.map((member) => branded(member, schema, root)) };
    case 'readonly':
      return { ...type, of: branded(type.of, schema, root) };
    case 'list':
      return { ...type, of: branded(type.of, schema.items ?? true, root) };
    case 'keyword':
      return schema['x-id'] === undefined ? type : brandedKeyword(type, schema['x-id'], root);
    default:
      return type;
  }
}

function brandedKeyword(type: TypeNode & { readonly kind: 'keyword' }, kind: string, root: string): TypeNode {
  const of: TypeNode = { kind: 'literal', value: kind };
  const name = `${root}.${ID_TYPE}`;
  if (type.name === 'number') return reference(name, [of]);
  return type.name === 'string' ? reference(name, [of, type]) : type;
}

export function hasKinds({ types, operations }: Namespace): boolean {
  const own = operations.flatMap(({ parameters, result }) => [parameters, result]);
  return [...Object.values(types), ...own].some((root) =>
    walk({ schema: root, pointer: '' }).some(
      ({ schema }) => typeof schema === 'object' && schema['x-id'] !== undefined,
    ),
  );
}
