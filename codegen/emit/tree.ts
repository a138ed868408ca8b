import type { JsonValue } from '../../runtime/contract/json.ts';

/** The types that have a word of their own. */
export type Keyword = 'any' | 'boolean' | 'never' | 'number' | 'string' | 'undefined' | 'unknown';

/** A type of TypeScript. */
export type TypeNode =
  | { readonly kind: 'keyword'; readonly name: Keyword }
  /** The type that one value has alone; a number has to be finite. */
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'reference'; readonly name: string; readonly of: readonly TypeNode[] }
  | { readonly kind: 'list' | 'readonly' | 'optional' | 'rest'; readonly of: TypeNode }
  | { readonly kind: 'tuple' | 'union' | 'intersection'; readonly members: readonly TypeNode[] }
  | { readonly kind: 'object'; readonly members: readonly Member[] };

/** What may have a comment before it: its lines, as `documentationLines` makes them. */
interface Documented {
  readonly documentation?: readonly string[];
}

export interface Property extends Documented {
  readonly kind: 'property';
  readonly isReadonly?: boolean;
  readonly name: string;
  readonly isOptional?: boolean;
  readonly type: TypeNode;
  /** A short comment after the type, as `remarkText` makes it. */
  readonly remark?: string;
}

/** A method of one parameter, called `params`. */
export interface Method extends Documented {
  readonly kind: 'method';
  readonly name: string;
  readonly isOptional: boolean;
  readonly parameter: TypeNode;
  readonly result: TypeNode;
}

/** A member of an object type or of an interface. */
export type Member = Property | Method | { readonly kind: 'index'; readonly type: TypeNode };

export type Expression =
  | { readonly kind: 'value'; readonly value: JsonValue }
  | { readonly kind: 'member'; readonly of: string; readonly name: string }
  /** A call with one argument: an object, which has a line for each property. */
  | {
      readonly kind: 'call';
      readonly callee: string;
      readonly types: readonly TypeNode[];
      readonly properties: readonly (readonly [name: string, value: Expression])[];
    };

/** Names in statements are identifiers. */
export type Statement =
  | {
      readonly kind: 'import';
      readonly from: string;
      /** One name, or all under one. */
      readonly name: string;
      readonly of: 'type' | 'value' | 'all';
    }
  | { readonly kind: 'export'; readonly local: string; readonly name: string }
  | (Documented & {
      readonly kind: 'constant';
      readonly isExported: boolean;
      readonly name: string;
      readonly type?: TypeNode;
      readonly value?: Expression;
    })
  | {
      readonly kind: 'namespace';
      readonly modifiers: readonly ('declare' | 'export')[];
      readonly name: string;
      readonly body: readonly Statement[];
    }
  | (Documented & {
      readonly kind: 'interface';
      readonly isExported: boolean;
      readonly name: string;
      readonly members: readonly Member[];
    })
  | (Documented & { readonly kind: 'type'; readonly name: string; readonly type: TypeNode });

export function keyword(name: Keyword): TypeNode {
  return { kind: 'keyword', name };
}

export function reference(name: string, of: readonly TypeNode[] = []): TypeNode {
  return { kind: 'reference', name, of };
}
