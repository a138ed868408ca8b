import type { JsonObject } from '../contract/json.ts';
import type { Limits } from '../contract/limits.ts';
import { BUILT_IN_CALLS, type BuiltInCall, type GuestCall } from '../contract/sandbox.ts';
import { type ParsedJson, parseJson } from '../json/parse-json.ts';
import { quote } from '../json/quote.ts';
import { hit, type Refused, refuse } from './refuse.ts';

export function isBuiltIn(name: string): name is BuiltInCall {
  return (BUILT_IN_CALLS as readonly string[]).includes(name);
}

/** Agents never write the `@` of a built-in. */
export function nameForAgents({ name }: GuestCall): string {
  return name.replace(/^@/, '');
}

/** The guest's text becomes an object, or a refusal: size first, then depth and keys, then shape. */
export function readParams(
  call: GuestCall,
  limits: Limits,
): { readonly ok: true; readonly value: JsonObject } | Refused {
  const name = nameForAgents(call);
  const bytes = Buffer.byteLength(call.json);
  if (bytes > limits.callRequestBytes) {
    const message = `${name}: the parameters are ${bytes} bytes as JSON, more than limit callRequestBytes (${limits.callRequestBytes}). Send less in one call.`;
    return refuse('CALL_TOO_LARGE', message, hit('callRequestBytes', limits));
  }
  // A session variable may be as deep as what a program returns: the object around it does not count.
  const parsed = parseJson(call.json, isBuiltIn(call.name) ? limits.jsonDepth + 1 : limits.jsonDepth);
  if (!parsed.ok) return refuseUnread(name, parsed, limits);
  const { value } = parsed;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return { ok: true, value: value as JsonObject };
  }
  const found = Array.isArray(value) ? 'an array or several arguments' : quote(value);
  return refuse('INVALID_PARAMETERS', `${name} takes one object with named parameters, not ${found}.`);
}

function refuseUnread(
  name: string,
  { reason, message }: Extract<ParsedJson, { ok: false }>,
  limits: Limits,
): Refused {
  const told = `${name}: the parameters cannot be read: `;
  if (reason !== 'depth') return refuse('INVALID_PARAMETERS', `${told}${message}.`);
  const deep = `it is nested deeper than limit jsonDepth (${limits.jsonDepth}). Send a flatter value.`;
  return refuse('INVALID_PARAMETERS', told + deep, hit('jsonDepth', limits));
}
