import ts from 'typescript';
import type { Blank } from './edits.ts';
import type { Binding, Names } from './names.ts';
import type { OperationIndex } from './operation-index.ts';
import type { Finding } from './places.ts';

export interface Imports {
  readonly blanks: readonly Blank[];
  readonly findings: readonly Finding[];
  /** Bindings of blanked imports: their references mean the names that exist anyway. */
  readonly released: ReadonlySet<Binding>;
}

interface ImportedName {
  readonly local: ts.Identifier;
  /** The name in the module; undefined for a default or a namespace import. */
  readonly imported: string | undefined;
  readonly isTypeOnly: boolean;
}

/** Modules that models invent for a root: `athena`, `@athena/sdk`, `./generated/athena.js`, … */
const isOfRoot = (module: string, { roots }: OperationIndex): boolean =>
  roots.values().some((root) => module.toLowerCase().includes(root.toLowerCase()));

/**
 * Blanks the imports that change nothing: of types, and of names that exist anyway. Refuses the others.
 * @param globals the names that exist anyway
 */
export function checkImports(
  file: ts.SourceFile,
  names: Names,
  globals: ReadonlySet<string>,
  index: OperationIndex,
): Imports {
  const blanks: Blank[] = [];
  const findings: Finding[] = [];
  const released = new Set<Binding>();
  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement)) continue;
    const start = statement.getStart(file);
    const module = ts.isStringLiteral(statement.moduleSpecifier) ? statement.moduleSpecifier.text : '';
    const reason = refusal(statement, module, names, globals, index);
    if (reason === undefined) {
      // The semicolon keeps the line before from running into the line after.
      blanks.push({ start, end: statement.end, lead: ';' });
      for (const { local } of importedNames(statement)) {
        const binding = names.bindings.get(local);
        if (binding) released.add(binding);
      }
    } else findings.push({ code: 'FORBIDDEN_IMPORT', start, ...reason });
  }
  return { blanks, findings, released };
}

function refusal(
  statement: ts.ImportDeclaration,
  module: string,
  names: Names,
  globals: ReadonlySet<string>,
  index: OperationIndex,
): { readonly message: string; readonly suggestion: string } | undefined {
  const ofRoot = isOfRoot(module, index);
  const message = `The module '${module}' cannot be imported: programs have no modules.`;
  if (statement.importClause === undefined) return { message, suggestion: 'delete the import' };
  if (statement.importClause.phaseModifier !== undefined && !statement.importClause.isTypeOnly)
    return { message, suggestion: 'delete the import' };
  for (const { local, imported, isTypeOnly } of importedNames(statement)) {
    const name = local.text;
    const existsAnyway = globals.has(name) && (ofRoot || imported === undefined || imported === name);
    if (isTypeOnly || (existsAnyway && (ofRoot || !isTimer(name)))) continue;
    // References are of values only: a name without any is used as a type, or not at all.
    if (ofRoot && names.bindings.get(local)?.references.length === 0) continue;
    return { message, suggestion: suggest(name, imported, globals, index) };
  }
  return undefined;
}

/** Timers of other modules may return promises; only their namesakes exist here. */
const isTimer = (name: string): boolean => name === 'setTimeout' || name === 'clearTimeout';

function suggest(
  name: string,
  imported: string | undefined,
  globals: ReadonlySet<string>,
  index: OperationIndex,
): string {
  if (imported !== undefined && globals.has(imported))
    return `write \`${imported}\`: it exists without import`;
  if (name === 'setTimeout') return 'use `await sleep(ms)`: it exists without import';
  return `delete the import; \`${index.rootName}\` exists without one and reaches every operation`;
}

function importedNames(statement: ts.ImportDeclaration): readonly ImportedName[] {
  const clause = statement.importClause;
  if (clause === undefined) return [];
  const isTypeOnly = clause.isTypeOnly;
  const found: ImportedName[] = [];
  if (clause.name) found.push({ local: clause.name, imported: undefined, isTypeOnly });
  const named = clause.namedBindings;
  if (named && ts.isNamespaceImport(named))
    found.push({ local: named.name, imported: undefined, isTypeOnly });
  else if (named)
    for (const item of named.elements) {
      const imported = (item.propertyName ?? item.name).text;
      found.push({ local: item.name, imported, isTypeOnly: isTypeOnly || item.isTypeOnly });
    }
  return found;
}
