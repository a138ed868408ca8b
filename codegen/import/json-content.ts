import { type RawSchema, recordOf } from '../raw-schema.ts';

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\b|^\*\/\*$/i;

/** The schema of what a request or a response holds as JSON; undefined when it holds none. */
export function jsonSchemaOf(holder: RawSchema): unknown {
  const content = recordOf(holder, 'content');
  const type = Object.keys(content).find((name) => JSON_TYPE.test(name));
  return type === undefined ? undefined : recordOf(content, type).schema;
}
