import type { CheckResult } from '../contract/program.ts';
import { checkSize } from './characters.ts';
import type { CheckOptions } from './check-protocol.ts';
import { CheckThread } from './check-thread.ts';
import { hashCode } from './hash.ts';
import { createDiagnostic, createPlaces } from './places.ts';
import { createResultCache } from './result-cache.ts';

export type { CheckOptions } from './check-protocol.ts';

export interface Check {
  /**
   * The program, ready to run, or why it is refused. Rejects only for a bug.
   * @param principal whose program it is: each has its share of the checking. Left out: nobody's
   */
  check(code: string, principal?: string): Promise<CheckResult>;
  close(): Promise<void>;
  readonly typeChecker: 'native' | 'javascript';
}

/**
 * Starts the thread that checks programs. Programs are parsed, judged and blanked, and never run.
 * @throws when no type checker starts
 */
export async function openCheck(options: CheckOptions): Promise<Check> {
  const thread = new CheckThread(options);
  await thread.ready;
  const cache = createResultCache();
  const running = new Map<string, Promise<CheckResult>>();

  const checkAnew = async (code: string, principal?: string, hash?: string): Promise<CheckResult> => {
    const { result, typesChecked } = await thread.check(code, principal);
    freeze(result);
    if (typesChecked && hash !== undefined) cache.set(hash, result, code.length);
    return result;
  };

  return {
    async check(code, principal) {
      const tooLarge = checkSize(code, options.limits).map((finding) =>
        createDiagnostic(createPlaces(''), finding),
      );
      if (tooLarge.length > 0) return { ok: false, errors: tooLarge, warnings: [] };
      // Half of a surrogate pair has the hash of U+FFFD: one program's result would be another's.
      if (!code.isWellFormed()) return checkAnew(code, principal);
      const hash = hashCode(code);
      // Not another principal's check of the same code, which may have to wait.
      const key = JSON.stringify([principal, hash]);
      const known = cache.get(hash) ?? running.get(key);
      if (known !== undefined) return known;
      const result = checkAnew(code, principal, hash).finally(() => running.delete(key));
      running.set(key, result);
      return result;
    },
    close: () => thread.close(),
    get typeChecker() {
      return thread.typeChecker;
    },
  };
}

/** Results are shared by all who send the same code. */
function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const inner of Object.values(value)) freeze(inner);
}
