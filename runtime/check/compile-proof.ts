import vm from 'node:vm';
import { createPlaces } from './places.ts';

const BEFORE = "'use strict';(async () => {\n";
const AFTER = '\n})';

export interface CompileError {
  /** UTF-16 offset into the source. */
  readonly offset: number;
  readonly message: string;
}

/**
 * Compiles the source as the sandbox will, and never runs it: V8 refuses what TypeScript's parser lets
 * through (`let a; let a`, `1 ?? 2 || 3`, `break` outside a loop, a broken regular expression).
 */
export function checkCompiles(source: string): CompileError | 'too deep' | undefined {
  try {
    new vm.Script(BEFORE + source + AFTER, { filename: 'program' });
    return undefined;
  } catch (error) {
    if (error instanceof RangeError) return 'too deep';
    if (!(error instanceof Error)) throw error;
    // `program:3`, the line itself, and a line of carets below the place.
    const place = /^program:(\d+)\n.*\n( *)\^/.exec(error.stack ?? '');
    const line = Number(place?.[1] ?? 2) - 1;
    const column = (place?.[2]?.length ?? 0) + 1;
    return { offset: createPlaces(source).offset(Math.max(1, line), column), message: error.message };
  }
}
