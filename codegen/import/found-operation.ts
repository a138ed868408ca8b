import type { RawSchema } from '../raw-schema.ts';
import type { Traits } from './effects-of.ts';

/** One operation as a backend describes it, before its schemas are adopted. */
export interface FoundOperation extends Traits {
  /** On the wire. */
  readonly tool: string;
  /** Null for a tool that is one operation itself. */
  readonly operation: string | null;
  /** What the tool calls the argument that names the operation. */
  readonly argument?: string;
  /** What the file is made for: the tool, or the group that a plain tool belongs to. */
  readonly group: {
    readonly kind: 'tool' | 'collection';
    readonly name: string;
    readonly description: string;
  };
  /** What the method is made from. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Whether it is on its way out. */
  readonly isDeprecated: boolean;
  /** What the references in the schemas are about. */
  readonly documents: { readonly parameters: RawSchema; readonly result: RawSchema };
  readonly parameters: unknown;
  /** Undefined when the backend does not say what comes back. */
  readonly result: unknown;
}

/** Something that was left out, and why. */
export interface LeftOut {
  readonly what: string;
  readonly why: string;
}

/** What a backend offers. */
export interface Found {
  readonly operations: readonly FoundOperation[];
  readonly leftOut: readonly LeftOut[];
}
