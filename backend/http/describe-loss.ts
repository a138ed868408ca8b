import type { BackendFailure } from '../../runtime/contract/backend.ts';

const MESSAGE_CHARACTERS = 200;

/** Before a connection stood: nothing was sent. */
const UNREACHED =
  /^(?:ECONNREFUSED|EHOSTUNREACH|EMFILE|ENETUNREACH|ENOTFOUND|EPROTO|EAI_\w+|UND_ERR_CONNECT_TIMEOUT|ERR_SSL_WRONG_VERSION_NUMBER|ERR_TLS_\w+|UNABLE_TO_\w+|\w*CERT\w*)$/;

/** Whether a request failed before anything of it was sent. */
export function isUnreached(error: unknown): boolean {
  const { code } = causeOf(error);
  return typeof code === 'string' && UNREACHED.test(code);
}

/** What a network failure means to the call. */
export function describeLoss(error: unknown): BackendFailure {
  const why = messageOf(error);
  return isUnreached(error)
    ? { ok: false, code: 'BACKEND_UNAVAILABLE', message: `the service cannot be reached: ${why}` }
    : {
        ok: false,
        code: 'BACKEND_LOST',
        message: `the service was lost while the call was in flight: ${why}`,
      };
}

/** `fetch` says only that it failed; the cause says why. */
export function messageOf(error: unknown): string {
  const { message, code } = causeOf(error);
  return String(message || code).slice(0, MESSAGE_CHARACTERS);
}

function causeOf(error: unknown): { readonly message?: unknown; readonly code?: unknown } {
  if (!(error instanceof Error)) return { message: error };
  return error.cause instanceof Error ? error.cause : error;
}
