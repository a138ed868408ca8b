import { TYPINGS_LIMITS, type TypingsLimits } from './touched-parts.ts';
import type { TypeChecker, TypeFinding } from './type-checker.ts';
import { createTypeFiles, type TypeFiles } from './type-files.ts';

/** Which type checker to use: left out, TypeScript 7 where its binary runs, else TypeScript 6. */
export type TypeCheckerKind = TypeChecker['kind'];

/** A type checker that breaks when its process is ended, at the time limit too, and can be mended. */
export interface MendableTypes extends TypeChecker {
  readonly isBroken: boolean;
  /** Opens it anew if it is broken: slow, since the library and the typings are read again. */
  mend(): void;
}

/**
 * @param typings the ambient declarations that programs are checked against
 * @param limits how much of them is loaded
 */
export async function openTypes(
  typings: string,
  kind?: TypeCheckerKind,
  limits: TypingsLimits = TYPINGS_LIMITS,
): Promise<MendableTypes> {
  const openers = await findOpeners(kind);
  const open = (): TypeChecker => start(openers, () => createTypeFiles(typings, limits));
  let checker = open();
  let isBroken = false;
  const mend = (): void => {
    if (!isBroken) return;
    checker = open();
    isBroken = false;
  };
  return {
    get kind() {
      return checker.kind;
    },
    get pid() {
      return isBroken ? undefined : checker.pid;
    },
    get isBroken() {
      return isBroken;
    },
    mend,
    check(text): readonly TypeFinding[] {
      mend();
      try {
        return checker.check(text);
      } catch (error) {
        checker.close();
        isBroken = true;
        throw error;
      }
    },
    close: () => checker.close(),
  };
}

/**
 * What ends a process with the thread that started it, whatever ends that: from util-linux, and not everywhere.
 * Without it, a compiler at work outlives a server that is killed until its work is done.
 */
const BOUND = ['/usr/bin/setpriv', '--pdeathsig', 'KILL'];

type Opener = (files: TypeFiles) => TypeChecker;

/** TypeScript 6 is loaded with the parser anyway; TypeScript 7 may not be installed for this platform. */
async function findOpeners(kind: TypeCheckerKind | undefined): Promise<readonly Opener[]> {
  const { openJavascriptTypes } = await import('./javascript-types.ts');
  if (kind === 'javascript') return [openJavascriptTypes];
  try {
    const { openNativeTypes } = await import('./native-types.ts');
    const native = [openNativeTypes.bind(undefined, BOUND), openNativeTypes.bind(undefined, [])];
    return kind === 'native' ? native : [...native, openJavascriptTypes];
  } catch {
    return [openJavascriptTypes];
  }
}

/** The first that answers. The first answer is the slow one: it reads the library and the typings. */
function start(openers: readonly Opener[], createFiles: () => TypeFiles): TypeChecker {
  let failure: unknown;
  for (const open of openers) {
    try {
      const checker = open(createFiles());
      checker.check('export {};');
      return checker;
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}
