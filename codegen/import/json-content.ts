import { type RawSchema, recordOf } from '../raw-schema.ts';

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\b|^\*\/\*$/i;

/** The media type under which a request or a response holds JSON; undefined when it holds none. */
export function jsonTypeOf(holder: RawSchema): string | undefined {
  return Object.keys(recordOf(holder, 'content')).find((name) => JSON_TYPE.test(name));
}

/** The schema of what a request or a response holds as JSON; undefined when it holds none. */
export function jsonSchemaOf(holder: RawSchema): unknown {
  const type = jsonTypeOf(holder);
  return type === undefined ? undefined : recordOf(recordOf(holder, 'content'), type).schema;
}
