import ts from 'typescript';
import type { ErrorCode } from '../contract/error-codes.ts';
import { isErased } from './erased.ts';

/** A name that no program may use, unless it declares the name itself. */
export interface NameRule {
  readonly names: readonly string[];
  readonly code: Extract<ErrorCode, 'FORBIDDEN_IMPORT' | 'FORBIDDEN_EVALUATOR' | 'FORBIDDEN_GLOBAL'>;
  readonly why: string;
  readonly suggestion?: string;
}

/** A construct that no program may use. */
export interface SyntaxRule {
  /** Names the row. */
  readonly refuses: string;
  readonly kinds: readonly ts.SyntaxKind[];
  /** Which nodes of the kinds; all of them when left out. */
  readonly when?: (node: ts.Node) => boolean;
  readonly code: Extract<ErrorCode, 'FORBIDDEN_IMPORT' | 'FORBIDDEN_SYNTAX'>;
  readonly why: string;
  readonly suggestion?: string;
}

const NO_NETWORK = 'programs reach nothing but the operations';
const IS_IN_PLACE = 'use the operations: `discover` finds them';

export const NAME_RULES: readonly NameRule[] = [
  {
    names: ['eval', 'Function', 'Compartment', 'ShadowRealm', 'ModuleSource'],
    code: 'FORBIDDEN_EVALUATOR',
    why: 'programs make no code from text',
    suggestion: "write the code out; to test for a function, use `typeof x === 'function'`",
  },
  {
    names: ['lockdown', 'harden', 'HandledPromise'],
    code: 'FORBIDDEN_EVALUATOR',
    why: 'programs do not change their own confinement',
    suggestion: 'delete it; `Object.freeze` is there',
  },
  {
    names: ['require', 'module', 'exports'],
    code: 'FORBIDDEN_IMPORT',
    why: 'programs have no modules',
    suggestion: 'delete it; the operations exist without import, and `return` gives the result',
  },
  {
    names: ['process', 'Deno', 'Bun', '__dirname', '__filename'],
    code: 'FORBIDDEN_GLOBAL',
    why: 'programs do not see the machine they run on',
    suggestion: 'pass what you need as data in the code, or keep it with `session.set`',
  },
  {
    names: [
      'global',
      'window',
      'self',
      'document',
      'navigator',
      'location',
      'localStorage',
      'sessionStorage',
    ],
    code: 'FORBIDDEN_GLOBAL',
    why: 'programs run neither in a browser nor in Node',
    suggestion: 'keep values with `session.set` and `session.get`',
  },
  {
    names: [
      'fetch',
      'XMLHttpRequest',
      'WebSocket',
      'EventSource',
      'Request',
      'Response',
      'Headers',
      'FormData',
    ],
    code: 'FORBIDDEN_GLOBAL',
    why: NO_NETWORK,
    suggestion: IS_IN_PLACE,
  },
  {
    names: ['URL', 'URLSearchParams'],
    code: 'FORBIDDEN_GLOBAL',
    why: NO_NETWORK,
    suggestion: 'take the text apart with `split` or a regular expression, and use `encodeURIComponent`',
  },
  {
    names: ['Buffer', 'Blob', 'File', 'atob', 'btoa'],
    code: 'FORBIDDEN_GLOBAL',
    why: 'results are JSON',
    suggestion: 'use strings or `Uint8Array`',
  },
  {
    names: ['TextEncoder', 'TextDecoder'],
    code: 'FORBIDDEN_GLOBAL',
    why: 'they belong to the host',
    suggestion: 'results are JSON: use strings',
  },
  {
    names: ['structuredClone'],
    code: 'FORBIDDEN_GLOBAL',
    why: 'it belongs to the host',
    suggestion: 'use `JSON.parse(JSON.stringify(value))` or a spread',
  },
  {
    names: ['Temporal'],
    code: 'FORBIDDEN_GLOBAL',
    why: 'programs have one kind of date',
    suggestion: 'use `Date`',
  },
  {
    names: ['performance'],
    code: 'FORBIDDEN_GLOBAL',
    why: 'programs have no fine clock',
    suggestion: 'use `Date.now()`',
  },
  {
    names: ['crypto'],
    code: 'FORBIDDEN_GLOBAL',
    why: 'runs can be replayed, so chance is recorded',
    suggestion: 'use `Math.random()`',
  },
  {
    names: ['WebAssembly', 'SharedArrayBuffer', 'Atomics', 'WeakRef', 'FinalizationRegistry'],
    code: 'FORBIDDEN_GLOBAL',
    why: 'it reaches memory or threads outside the program',
    suggestion: 'use plain objects, `Map` or `WeakMap`',
  },
  {
    names: ['Worker', 'MessageChannel', 'BroadcastChannel'],
    code: 'FORBIDDEN_GLOBAL',
    why: 'a program is one thread',
    suggestion: 'use `Promise.all`: operations called at once run at once',
  },
  {
    names: ['setInterval', 'clearInterval'],
    code: 'FORBIDDEN_GLOBAL',
    why: 'a run ends with its result',
    suggestion: 'use a loop with `await sleep(ms)`',
  },
  {
    names: ['setImmediate', 'clearImmediate', 'queueMicrotask'],
    code: 'FORBIDDEN_GLOBAL',
    why: 'it belongs to the host',
    suggestion: 'use `await sleep(0)` or `Promise.resolve().then(…)`',
  },
  {
    names: ['Intl'],
    code: 'FORBIDDEN_GLOBAL',
    why: 'the language of the machine is hidden, so that runs can be replayed',
    suggestion: 'use `toFixed`, `toISOString` or `localeCompare`',
  },
  {
    names: ['arguments'],
    code: 'FORBIDDEN_GLOBAL',
    why: 'a program gets no arguments',
    suggestion: 'write the values into the code',
  },
];

/** Read by static name, it is the same as the bare name; as a value, it would hide what a program reaches. */
export const GLOBAL_OBJECT = 'globalThis';

const isImportMeta = (node: ts.Node): boolean =>
  ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword;
const hasAccessModifier = (node: ts.Node): boolean =>
  ts.isParameter(node) &&
  ts.isConstructorDeclaration(node.parent) &&
  (node.modifiers ?? []).some(ts.isModifier);

/** The body of an `if`, a loop or a label: erased, it would leave the next statement in its place. */
const isErasedBody = (node: ts.Node): boolean =>
  isErased(node) &&
  !ts.isSourceFile(node.parent) &&
  !ts.isBlock(node.parent) &&
  !ts.isModuleBlock(node.parent) &&
  !ts.isCaseOrDefaultClause(node.parent);

/**
 * `a < b as T >> c` is `(a < b) >> c`, and blanked `a < (b >> c)`. The blanker refuses such regrouping itself, but
 * takes a shift for a comparison.
 */
const isShiftedComparison = (node: ts.Node): boolean => {
  let value = node;
  while (ts.isAsExpression(value) || ts.isSatisfiesExpression(value)) value = value.expression;
  const { parent } = node;
  return (
    ts.isBinaryExpression(value) &&
    ts.isBinaryExpression(parent) &&
    parent.left === node &&
    (parent.operatorToken.kind === ts.SyntaxKind.GreaterThanGreaterThanToken ||
      parent.operatorToken.kind === ts.SyntaxKind.GreaterThanGreaterThanGreaterThanToken)
  );
};

export const SYNTAX_RULES: readonly SyntaxRule[] = [
  {
    refuses: 'import()',
    kinds: [ts.SyntaxKind.CallExpression],
    when: (node) => ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword,
    code: 'FORBIDDEN_IMPORT',
    why: 'Modules cannot be imported: programs have none.',
    suggestion: IS_IN_PLACE,
  },
  {
    refuses: 'import.meta, import.source, import.defer',
    kinds: [ts.SyntaxKind.MetaProperty],
    when: isImportMeta,
    code: 'FORBIDDEN_IMPORT',
    why: 'Modules cannot be imported: programs have none.',
    suggestion: 'delete it',
  },
  {
    refuses: 'import x = require()',
    kinds: [ts.SyntaxKind.ImportEqualsDeclaration],
    code: 'FORBIDDEN_IMPORT',
    why: 'Modules cannot be imported: programs have none.',
    suggestion: 'delete it; the operations exist without import',
  },
  {
    refuses: 'export … from',
    kinds: [ts.SyntaxKind.ExportDeclaration],
    when: (node) => ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined && !node.isTypeOnly,
    code: 'FORBIDDEN_IMPORT',
    why: 'Modules cannot be imported: programs have none.',
    suggestion: 'delete it; `return` gives the result',
  },
  {
    refuses: 'export =, export as namespace',
    kinds: [ts.SyntaxKind.ExportAssignment, ts.SyntaxKind.NamespaceExportDeclaration],
    when: (node) => !ts.isExportAssignment(node) || node.isExportEquals === true,
    code: 'FORBIDDEN_SYNTAX',
    why: 'A program is not a module.',
    suggestion: '`return` the result',
  },
  {
    refuses: 'enum',
    kinds: [ts.SyntaxKind.EnumDeclaration],
    code: 'FORBIDDEN_SYNTAX',
    why: 'An enum is not only a type: it cannot be erased.',
    suggestion: 'write `const Color = { Red: 0, Blue: 1 } as const`, or a union of strings',
  },
  {
    refuses: 'namespace, module, declare global',
    kinds: [ts.SyntaxKind.ModuleDeclaration],
    code: 'FORBIDDEN_SYNTAX',
    why: 'A namespace is not only a type: it cannot be erased.',
    suggestion: 'declare its members at the top level, or in a `const` object',
  },
  {
    refuses: 'decorators',
    kinds: [ts.SyntaxKind.Decorator],
    code: 'FORBIDDEN_SYNTAX',
    why: 'Decorators are not part of JavaScript yet.',
    suggestion: 'call the function yourself',
  },
  {
    refuses: 'parameter properties',
    kinds: [ts.SyntaxKind.Parameter],
    when: hasAccessModifier,
    code: 'FORBIDDEN_SYNTAX',
    why: 'A parameter property is not only a type: it cannot be erased.',
    suggestion: 'declare the field, and assign it in the constructor: `this.x = x`',
  },
  {
    refuses: 'a type where a statement belongs',
    kinds: [
      ts.SyntaxKind.TypeAliasDeclaration,
      ts.SyntaxKind.InterfaceDeclaration,
      ts.SyntaxKind.VariableStatement,
      ts.SyntaxKind.FunctionDeclaration,
      ts.SyntaxKind.ClassDeclaration,
    ],
    when: isErasedBody,
    code: 'FORBIDDEN_SYNTAX',
    why: 'Without the type, the statement after it would take its place.',
    suggestion: 'put the type outside of the statement',
  },
  {
    refuses: 'a shift of an asserted comparison',
    kinds: [ts.SyntaxKind.AsExpression, ts.SyntaxKind.SatisfiesExpression],
    when: isShiftedComparison,
    code: 'FORBIDDEN_SYNTAX',
    why: 'Without the type assertion, the expression would be read in another order.',
    suggestion: 'put parentheses around the value and its assertion',
  },
  {
    refuses: 'with',
    kinds: [ts.SyntaxKind.WithStatement],
    code: 'FORBIDDEN_SYNTAX',
    why: '`with` hides where a name comes from.',
    suggestion: 'destructure: `const { a, b } = object`',
  },
  {
    refuses: 'debugger',
    kinds: [ts.SyntaxKind.DebuggerStatement],
    code: 'FORBIDDEN_SYNTAX',
    why: 'No debugger is attached.',
    suggestion: 'use `console.log`; its lines come back with the result',
  },
];
