import type { Backend, BackendAnswer, BackendCall, BackendFailure } from '../../runtime/contract/backend.ts';
import type { Limits } from '../../runtime/contract/limits.ts';
import type { Route } from '../../runtime/contract/route.ts';
import { type BuiltRequest, buildRequest } from './build-request.ts';
import { describeLoss } from './describe-loss.ts';
import { Gate } from './gate.ts';
import { readAnswer } from './read-answer.ts';
import { whyNotServable } from './servable.ts';
import { isWithin, shownAddress } from './within.ts';

/** As many requests go out at once: a program may make a thousand calls in one turn. */
const REQUESTS_AT_ONCE = 32;
const MAX_REDIRECTS = 5;
const ACCEPT = 'application/json, */*;q=0.5';
/** RFC 9110, section 15.4: the others are answers. */
const REDIRECTS = [301, 302, 303, 307, 308];

export interface HttpBackendOptions {
  /** The root that programs write. */
  readonly name: string;
  /** By tool. */
  readonly routes: ReadonlyMap<string, Route>;
  /** Nothing but this address and what is below it is ever contacted. */
  readonly base: URL;
  /** Sent with every request; no parameter replaces them. */
  readonly headers: Readonly<Record<string, string>>;
  /** The product's version, as told to the service. */
  readonly version: string;
  readonly limits: Pick<Limits, 'callRequestBytes' | 'callResultBytes' | 'jsonDepth'>;
}

/** An HTTP service as a backend: each call is a request, put together as the operation's route says. */
export function openHttpBackend(options: HttpBackendOptions): Backend {
  const { name, routes, base } = options;
  const refusals = new Map([...routes].map(([tool, route]) => [tool, whyNotServable(route)]));
  const gate = new Gate(REQUESTS_AT_ONCE);
  const closing = new AbortController();
  return {
    name: `${name} (HTTP, ${shownAddress(base)})`,
    serves: ({ tool, operation }) =>
      operation === null && refusals.has(tool) && refusals.get(tool) === undefined,
    call: async (call) => {
      const route = call.operation === null ? routes.get(call.tool) : undefined;
      const why = route === undefined ? 'it has no route' : refusals.get(call.tool);
      if (route === undefined || why !== undefined)
        return failed('OPERATION_NOT_SERVED', `${name} does not serve ${call.tool}: ${why}`);
      if (closing.signal.aborted) return failed('BACKEND_UNAVAILABLE', `${name} is closed`);
      const signal = AbortSignal.any([call.signal, closing.signal]);
      if (!(await gate.enter(signal))) return CANCELLED;
      try {
        return await makeCall(route, call, options, signal);
      } finally {
        gate.leave();
      }
    },
    close: async () => closing.abort(),
  };
}

const CANCELLED = failed('OPERATION_FAILED', 'the call was cancelled');

async function makeCall(
  route: Route,
  { params }: BackendCall,
  options: HttpBackendOptions,
  signal: AbortSignal,
): Promise<BackendAnswer> {
  const request = buildRequest(route, options.base, params);
  if (!request.ok) return failed('OPERATION_FAILED', `no request was made: ${request.message}`);
  const bytes = sizeOf(request);
  const { callRequestBytes } = options.limits;
  if (bytes > callRequestBytes) {
    const message = `its request would have ${bytes} bytes, more than limit callRequestBytes (${callRequestBytes}). Nothing was sent.`;
    return {
      ...failed('CALL_TOO_LARGE', message),
      limit: { name: 'callRequestBytes', value: callRequestBytes },
    };
  }
  try {
    return await exchange(request, options, signal);
  } catch (error) {
    return signal.aborted ? CANCELLED : describeLoss(error);
  }
}

/** Follows redirects that stay below the address, as browsers do; any other is the end. */
async function exchange(
  first: BuiltRequest,
  { base, headers, version, limits }: HttpBackendOptions,
  signal: AbortSignal,
): Promise<BackendAnswer> {
  let request = first;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const { verb, url, body } = request;
    const response = await fetch(url, {
      method: verb,
      headers: joinHeaders(
        { 'user-agent': `athena-code-mode/${version}`, accept: ACCEPT },
        request.headers,
        headers,
      ),
      ...(body === undefined ? {} : { body }),
      // Followed by fetch, a redirect would take the call, and most headers, wherever the service says.
      redirect: 'manual',
      signal,
    });
    const target = redirectOf(response, url);
    if (target === undefined) return await readAnswer(response, limits);
    await response.body?.cancel();
    if (!isWithin(target, base)) {
      return failed(
        'OPERATION_FAILED',
        `the service redirects (HTTP ${response.status}) to ${shownAddress(target)}, which is not below its address: nothing was sent there`,
      );
    }
    request = redirect(request, response.status, target);
  }
  return failed('OPERATION_FAILED', `the service redirected more than ${MAX_REDIRECTS} times`);
}

function redirectOf({ status, headers }: Response, from: URL): URL | undefined {
  const location = REDIRECTS.includes(status) ? headers.get('location') : null;
  return location === null ? undefined : (URL.parse(location, from) ?? undefined);
}

/** As the fetch standard has it: 303, and after POST also 301 and 302, ask for what is there. */
function redirect(request: BuiltRequest, status: number, url: URL): BuiltRequest {
  const asks = status === 303 ? request.verb !== 'HEAD' : request.verb === 'POST' && status < 303;
  if (!asks) return { ...request, url };
  const { body: _body, headers, ...rest } = request;
  const { 'content-type': _type, ...kept } = headers;
  return { ...rest, verb: 'GET', url, headers: kept };
}

/** Later ones win, whatever the case of their names. */
function joinHeaders(...all: readonly Readonly<Record<string, string>>[]): Headers {
  const joined = new Headers();
  for (const headers of all) for (const [name, value] of Object.entries(headers)) joined.set(name, value);
  return joined;
}

function sizeOf({ url, headers, body = '' }: BuiltRequest): number {
  const lines = Object.entries(headers).map(([name, value]) => name.length + value.length);
  return lines.reduce((sum, size) => sum + size, url.href.length + Buffer.byteLength(body));
}

function failed(code: BackendFailure['code'], message: string): BackendFailure {
  return { ok: false, code, message };
}
