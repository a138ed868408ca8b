import type { TypeChecker, TypeFinding } from './type-checker.ts';

/** Which type checker to use: left out, TypeScript 7 where its binary runs, else TypeScript 6. */
export type TypeCheckerKind = TypeChecker['kind'];

/**
 * A type checker that is opened anew when it broke: after its process was ended at the time limit, too.
 * @param typings the ambient declarations that programs are checked against
 */
export async function openTypes(typings: string, kind?: TypeCheckerKind): Promise<TypeChecker> {
  const open = await findOpener(kind);
  let checker = start(open, typings);
  return {
    get kind() {
      return checker.kind;
    },
    get pid() {
      return checker.pid;
    },
    check(text): readonly TypeFinding[] {
      try {
        return checker.check(text);
      } catch (error) {
        checker.close();
        checker = start(open, typings);
        throw error;
      }
    },
    close: () => checker.close(),
  };
}

type Opener = (typings: string) => TypeChecker;

/** TypeScript 6 is loaded with the parser anyway; TypeScript 7 may not be installed for this platform. */
async function findOpener(kind: TypeCheckerKind | undefined): Promise<readonly Opener[]> {
  const { openJavascriptTypes } = await import('./javascript-types.ts');
  if (kind === 'javascript') return [openJavascriptTypes];
  try {
    const { openNativeTypes } = await import('./native-types.ts');
    return kind === 'native' ? [openNativeTypes] : [openNativeTypes, openJavascriptTypes];
  } catch {
    return [openJavascriptTypes];
  }
}

/** The first that answers. The first answer is the slow one: it reads the library and the typings. */
function start(openers: readonly Opener[], typings: string): TypeChecker {
  let failure: unknown;
  for (const open of openers) {
    try {
      const checker = open(typings);
      checker.check('export {};');
      return checker;
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}
