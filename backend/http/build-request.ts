import type { JsonObject, JsonValue } from '../../runtime/contract/json.ts';
import { DEFAULT_WRITING, type Route, WHOLE_BODY } from '../../runtime/contract/route.ts';
import { DOT_SEGMENT, FORM_TYPE, JSON_TYPE, PLACEHOLDER } from './servable.ts';
import { basePathOf, isWithin } from './within.ts';
import { encodePart, textOf, writeQuery, writeText } from './write-parameter.ts';

export interface BuiltRequest {
  readonly ok: true;
  readonly verb: string;
  readonly url: URL;
  /** Those that parameters set, and what the body is. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Why no request was made. */
interface Unbuilt {
  readonly ok: false;
  readonly message: string;
}

/** What a header may hold (RFC 9110, section 5.5): without line ends it can begin no further header. */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

const AS_JSON = { style: 'json', explode: false } as const;

/**
 * Puts parameters where a route says.
 * @param base the service's address; the request never leaves it
 */
export function buildRequest(route: Route, base: URL, params: JsonObject): BuiltRequest | Unbuilt {
  const path = buildPath(route, params);
  if (!path.ok) return path;
  const headers = buildHeaders(route, params);
  if (!headers.ok) return headers;
  const query = given(route.inQuery, params).flatMap(([name, wireName, value]) =>
    writeQuery(wireName, value, route.writings?.[name] ?? DEFAULT_WRITING.query),
  );
  const wholePath = `${basePathOf(base)}${path.path}`;
  const url = new URL(`${base.origin}${wholePath}${query.length === 0 ? '' : `?${query.join('&')}`}`);
  // Whatever the parser makes of it: it may have taken no step away.
  if (!isWithin(url, base) || url.pathname.split('/').length !== wholePath.split('/').length)
    return { ok: false, message: 'its path would lead elsewhere' };
  const body = buildBody(route, params);
  if (body === undefined) return { ok: true, verb: route.verb, url, headers: headers.headers };
  const type = route.bodyType ?? 'application/json';
  return { ok: true, verb: route.verb, url, headers: { ...headers.headers, 'content-type': type }, body };
}

/** The parameters of one place that a call has, with their names over there. */
function given(
  place: Readonly<Record<string, string>>,
  params: JsonObject,
): readonly (readonly [name: string, wireName: string, value: JsonValue])[] {
  return Object.entries(place).flatMap(([name, wireName]) => {
    const value = Object.hasOwn(params, name) ? params[name] : undefined;
    return value === undefined ? [] : [[name, wireName, value] as const];
  });
}

function buildPath(
  { path, inPath, writings }: Route,
  params: JsonObject,
): { readonly ok: true; readonly path: string } | Unbuilt {
  const values = new Map<string, string>();
  for (const [name, wireName, value] of given(inPath, params)) {
    const text = writeText(wireName, value, writings?.[name] ?? DEFAULT_WRITING.path, encodePart);
    // Encoded, a slash begins no step; but there are servers that decode a path before they walk it.
    const climbs = decodeURIComponent(text)
      .split(/[/\\]/)
      .some((step) => DOT_SEGMENT.test(step));
    if (value === null || text === '' || climbs) return { ok: false, message: notInPath(name, value) };
    values.set(wireName, text);
  }
  const filled = path.replace(PLACEHOLDER, (_, wireName: string) => values.get(wireName) ?? '');
  const templates = path.split('/');
  const isFilled = filled
    .split('/')
    .every((step, i) => !DOT_SEGMENT.test(step) && (step !== '' || templates[i] === ''));
  return isFilled
    ? { ok: true, path: filled }
    : { ok: false, message: `its path would be ${JSON.stringify(filled)}, with a step that is none` };
}

function notInPath(name: string, value: JsonValue): string {
  return `parameter ${name} is a part of the path and cannot be ${JSON.stringify(value).slice(0, 100)}: it must be something, and hold no step up`;
}

function buildHeaders(
  { inHeader, writings }: Route,
  params: JsonObject,
): { readonly ok: true; readonly headers: Readonly<Record<string, string>> } | Unbuilt {
  const headers: Record<string, string> = {};
  for (const [name, wireName, value] of given(inHeader, params)) {
    if (value === null) continue;
    const text = writeText(wireName, value, writings?.[name] ?? DEFAULT_WRITING.header, (part) => part);
    if (!HEADER_VALUE.test(text))
      return {
        ok: false,
        message: `parameter ${name} is a header and cannot hold line ends, control characters, or any beyond Latin-1`,
      };
    headers[wireName] = text;
  }
  return { ok: true, headers };
}

function buildBody({ body, bodyType }: Route, params: JsonObject): string | undefined {
  if (body === undefined) return undefined;
  const value = body === 'whole' ? params[WHOLE_BODY] : pick(body, params);
  if (value === undefined) return undefined;
  if (bodyType === undefined || JSON_TYPE.test(bodyType)) return JSON.stringify(value);
  return FORM_TYPE.test(bodyType) ? writeForm(value) : textOf(value);
}

function pick(names: readonly string[], params: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(params).filter(([name]) => names.includes(name)));
}

/** A list is repeated, and an object is JSON, as OpenAPI has it for forms. */
function writeForm(value: JsonValue): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return encodePart(textOf(value));
  const members = Object.entries(value).flatMap(([name, member]) => {
    const isObject = typeof member === 'object' && !Array.isArray(member);
    return writeQuery(name, member, isObject ? AS_JSON : DEFAULT_WRITING.query);
  });
  return members.join('&');
}
