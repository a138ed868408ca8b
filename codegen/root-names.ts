import { nameFault, RESERVED_NAMESPACES } from './names.ts';

/** What programs have under a name of its own, beside what JavaScript gives them. */
const GUEST_GLOBALS = 'athena session skills console sleep setTimeout clearTimeout';

/** Keywords, and words that JavaScript has a use for without keeping them from variables everywhere. */
const WORDS = new Set(
  'arguments async await break case catch class const continue debugger default delete do else enum eval export exports extends false finally for function if implements import in instanceof interface let module new null package private protected public require return static super switch this throw true try typeof undefined var void while with yield'.split(
    ' ',
  ),
);

const TAKEN = new Set([...GUEST_GLOBALS.split(' '), ...WORDS]);

/** Whether JavaScript has a use of its own for a name. */
export function isWord(name: string): boolean {
  return WORDS.has(name);
}

/** What is wrong with the name of a backend, as "must have …"; undefined when it can be a program's root. */
export function rootFault(name: string): string | undefined {
  const fault = nameFault(name, RESERVED_NAMESPACES);
  if (fault !== undefined) return fault;
  const isTaken = TAKEN.has(name) || name in globalThis;
  return isTaken ? 'a name that is no keyword and that programs do not have already' : undefined;
}
