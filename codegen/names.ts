/** Names that JavaScript gives a meaning to on any object: with a `then`, an `await` would never end. */
const MEANINGFUL = ['then', 'default', 'prototype', ...Object.getOwnPropertyNames(Object.prototype)];

/** What no method can be called. */
export const RESERVED_METHODS: readonly string[] = MEANINGFUL;

/** What no namespace can be called: it would read like something else that programs have. */
export const RESERVED_NAMESPACES: readonly string[] = ['session', 'console', ...MEANINGFUL];

/** What the one operation of a tool without an `operation` argument is called. */
const SOLE_METHOD = 'call';

/** `update_task_status` becomes `updateTaskStatus`. Anything but letters and digits ends a word. */
export function camelCase(name: string): string {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  return words.map((word, i) => (i === 0 ? lowerFirst(word) : pascal(word))).join('');
}

/** `taskManagement` becomes `TaskManagement`. */
export function pascal(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** The namespace of a tool: its name without `_tools`, in camelCase. */
export function namespaceOf(tool: string): string {
  return camelCase(tool.replace(/_tools$/, ''));
}

/** The method of an operation; of a tool that is one operation itself, `call`. */
export function methodOf(operation: string | null): string {
  return operation === null ? SOLE_METHOD : camelCase(operation);
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
