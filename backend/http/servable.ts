import { RESERVED_HEADER, type Route } from '../../runtime/contract/route.ts';

export const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;
export const FORM_TYPE = /^application\/x-www-form-urlencoded\s*(?:;|$)/i;
export const TEXT_TYPE = /^text\/[\w.+-]+\s*(?:;|$)/i;

/** One step of a path that means "here" or "above": URL parsers read `%2e` as a dot. */
export const DOT_SEGMENT = /^(?:\.|%2e){1,2}$/i;
/** A parameter within a path. */
export const PLACEHOLDER = /\{([^{}]+)\}/g;

const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;
const VERB = /^[A-Z]+$/;
const BODILESS = ['GET', 'HEAD'];
/** They make a proxy, or a debugger, of a server. */
const REFUSED_VERBS = ['CONNECT', 'TRACE', 'TRACK'];
/** What would end a path, or be read as the end of a step. */
const NOT_IN_PATHS = /[?#\\\p{Cc}]/u;

/** Why no request can be made from a route; undefined when one can. */
export function whyNotServable(route: Route): string | undefined {
  const { verb, path, inHeader, body, bodyType } = route;
  if (!VERB.test(verb) || REFUSED_VERBS.includes(verb)) return `no request is made with the verb ${verb}`;
  if (body !== undefined && BODILESS.includes(verb)) return `a ${verb} request has no body`;
  if (bodyType !== undefined && ![JSON_TYPE, FORM_TYPE, TEXT_TYPE].some((type) => type.test(bodyType)))
    return `its body would be ${bodyType}; JSON, forms and text are sent`;
  const header = Object.values(inHeader).find(
    (name) => RESERVED_HEADER.test(name) || !HEADER_NAME.test(name),
  );
  if (header !== undefined) return `no parameter may set the header ${JSON.stringify(header)}`;
  return faultOfPath(route, path);
}

function faultOfPath({ inPath }: Route, path: string): string | undefined {
  const literal = path.replace(PLACEHOLDER, '');
  const isWhole = path.startsWith('/') && !NOT_IN_PATHS.test(literal);
  if (!isWhole || path.split('/').some((segment) => DOT_SEGMENT.test(segment)))
    return `${JSON.stringify(path)} is no path below the address of the service`;
  const known = new Set(Object.values(inPath));
  const unknown = [...path.matchAll(PLACEHOLDER)].find(([, name = '']) => !known.has(name));
  return unknown === undefined ? undefined : `its path has ${unknown[0]}, which is no parameter`;
}
