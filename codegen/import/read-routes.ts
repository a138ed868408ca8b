import type { Route } from '../../runtime/contract/route.ts';
import { isRecord, type RawSchema, recordOf, stringsOf } from '../raw-schema.ts';
import { effectsOfVerb } from './effects-of.ts';
import type { Found, FoundOperation, LeftOut } from './found-operation.ts';
import { jsonSchemaOf } from './json-content.ts';
import { followReference } from './object-schema.ts';
import { collectParameters } from './route-parameters.ts';

const VERBS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query'];

/** The namespace of operations without a tag. */
const UNTAGGED = 'api';

export interface Routes {
  readonly found: Found;
  /** By the name of the tool. */
  readonly routes: Readonly<Record<string, Route>>;
}

/** The operations of an OpenAPI document: a namespace for each first tag, a tool for each `operationId`. */
export function readRoutes(document: RawSchema): Routes {
  const operations: FoundOperation[] = [];
  const leftOut: LeftOut[] = [];
  const routes: Record<string, Route> = {};
  for (const [path, rawItem] of Object.entries(recordOf(document, 'paths'))) {
    const item = followReference(rawItem, document) ?? {};
    for (const verb of VERBS.filter((candidate) => isRecord(item[candidate]))) {
      const operation = recordOf(item, verb);
      const tool = typeof operation.operationId === 'string' ? operation.operationId : `${verb} ${path}`;
      if (Object.hasOwn(routes, tool)) {
        leftOut.push({ what: `${verb.toUpperCase()} ${path}`, why: `operationId ${tool} is used twice` });
        continue;
      }
      const { schema, places } = collectParameters(item, operation, document);
      routes[tool] = { verb: verb.toUpperCase(), path, ...places };
      operations.push(toOperation(document, verb, tool, operation, schema));
    }
  }
  return { found: { operations, leftOut }, routes };
}

function toOperation(
  document: RawSchema,
  verb: string,
  tool: string,
  operation: RawSchema,
  parameters: RawSchema,
): FoundOperation {
  const [tag = UNTAGGED] = stringsOf(operation.tags);
  const title = textOf(operation.summary);
  return {
    ...effectsOfVerb(verb),
    isDeprecated: operation.deprecated === true,
    tool,
    operation: null,
    group: { kind: 'collection', name: tag, description: describeTag(document, tag) },
    name: tool,
    title,
    description: textOf(operation.description) || title,
    documents: { parameters: document, result: document },
    parameters,
    result: resultOf(operation, document),
  };
}

function describeTag(document: RawSchema, tag: string): string {
  const tags = Array.isArray(document.tags) ? document.tags.filter(isRecord) : [];
  return textOf(tags.find(({ name }) => name === tag)?.description);
}

/** What the first success answers with; undefined when that is no JSON. */
function resultOf(operation: RawSchema, document: RawSchema): unknown {
  const responses = recordOf(operation, 'responses');
  const status = Object.keys(responses)
    .sort()
    .find((code) => /^2(?:\d\d|XX)$/i.test(code));
  const response = followReference(responses[status ?? 'default'], document);
  return response === undefined ? undefined : jsonSchemaOf(response);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}
