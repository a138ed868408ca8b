import type { ErrorCode } from '../contract/error-codes.ts';
import type { LimitName, Limits } from '../contract/limits.ts';
import type { CallRefusal } from '../contract/sandbox.ts';

export type Refused = { readonly ok: false } & CallRefusal;

export function refuse(code: ErrorCode, message: string, limit?: CallRefusal['limit']): Refused {
  return { ok: false, code, message, ...(limit && { limit }) };
}

export function hit(name: LimitName, limits: Limits): CallRefusal['limit'] {
  return { name, value: limits[name] };
}
