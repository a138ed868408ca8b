/** Names that JavaScript gives a meaning to on any object: with a `then`, an `await` would never end. */
const MEANINGFUL = ['then', 'default', 'prototype', ...Object.getOwnPropertyNames(Object.prototype)];

/** What no method can be called. */
export const RESERVED_METHODS: readonly string[] = MEANINGFUL;

/** What no namespace can be called: it would read like something else that programs have. */
export const RESERVED_NAMESPACES: readonly string[] = ['session', 'console', ...MEANINGFUL];

/** What the one operation of a tool without an `operation` argument is called. */
const SOLE_METHOD = 'call';

/** What names are made from in a file: a tool with operations, or a collection of tools that are one each. */
export interface NamedFile {
  readonly tool?: string;
  readonly namespace?: string;
}

export interface NamedOperation {
  readonly tool?: string;
  readonly operation: string | null;
  readonly method?: string;
}

/** `update_task_status` becomes `updateTaskStatus`. Anything but letters and digits ends a word. */
export function camelCase(name: string): string {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  return words.map((word, i) => (i === 0 ? lowerFirst(word) : pascal(word))).join('');
}

/** `taskManagement` becomes `TaskManagement`. */
export function pascal(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** The namespace of a file: the one it names, else its tool's name without `_tools`, in camelCase. */
export function namespaceOf({ tool, namespace }: NamedFile): string {
  return namespace ?? camelCase((tool ?? '').replace(/_tools$/, ''));
}

/**
 * The method of an operation: the one it names, else its name in camelCase. A tool that is one operation itself
 * is called by its own name in a collection, and `call` where it is alone.
 */
export function methodOf({ tool, operation, method }: NamedOperation): string {
  return (
    method ?? (operation === null && tool === undefined ? SOLE_METHOD : camelCase(operation ?? tool ?? ''))
  );
}

/** What is wrong with a namespace or method made from `source`; undefined when nothing is. */
export function nameFault(name: string, reserved: readonly string[]): string | undefined {
  if (!/^[a-z][A-Za-z0-9]*$/.test(name)) {
    return 'a name that becomes a camelCase identifier: ASCII letters and digits, a letter first';
  }
  return reserved.includes(name) ? `a name that is not reserved: neither ${reserved.join(', ')}` : undefined;
}

/** The names of an operation's two types: `RecallParams`, `RecallResult`. */
export function typeNamesOf(method: string): { readonly params: string; readonly result: string } {
  return { params: `${pascal(method)}Params`, result: `${pascal(method)}Result` };
}

/** The names of an operation's two validators: `recallParams`, `recallResult`. */
export function validatorNamesOf(method: string): { readonly params: string; readonly result: string } {
  return { params: `${method}Params`, result: `${method}Result` };
}

function lowerFirst(word: string): string {
  return word.charAt(0).toLowerCase() + word.slice(1);
}
