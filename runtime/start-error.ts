import type { ErrorCode } from './contract/error-codes.ts';

/** Why the server cannot start, for the person who starts it: what was given, and what would be right. */
export class StartError extends Error {
  override readonly name = 'StartError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}
