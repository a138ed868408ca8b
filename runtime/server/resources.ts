import {
  McpError,
  type ReadResourceResult,
  type Resource,
  type ResourceTemplate,
  ErrorCode as RpcErrorCode,
} from '@modelcontextprotocol/sdk/types.js';
import type { JsonObject, JsonValue } from '../contract/json.ts';
import type { Disclosed, DiscoverRequest } from '../disclosure/disclosure.ts';
import { pageValue } from '../filter/page-value.ts';
import { shorten } from '../json/shorten.ts';
import { LONGEST_NAME } from './arguments.ts';

/** What the resources are read from. */
export interface ResourceSources {
  readonly discover: (request: DiscoverRequest) => Promise<Disclosed>;
  readonly typings: () => Promise<string>;
  /** The layers that have operations; one for each further backend. */
  readonly layers: readonly string[];
  /** The whole of a result that was kept, as JSON text. */
  readonly readResult: (execution: string) => Promise<string | undefined>;
  /** The sessions, the last used first. */
  readonly listSessions: () => Promise<readonly JsonObject[]>;
  /** A session's variables and history; undefined when there is no such session. */
  readonly describeSession: (name: string) => Promise<JsonObject | undefined>;
  /** Characters of a page of a result, or of sessions. */
  readonly pageCharacters: number;
}

const TEXT = 'text/markdown';
/** What stands beside a page's value but for its pointer: keys, and two numbers of up to seven digits. */
const BESIDE_PAGE = 60;
const JSON_TEXT = 'application/json';

const RESOURCES: readonly Resource[] = [
  { uri: 'athena://manifest', name: 'manifest', description: 'Layers, tools and counts', mimeType: TEXT },
  {
    uri: 'athena://types',
    name: 'types',
    description: 'Typings for programs: athena.d.ts',
    mimeType: 'text/typescript',
  },
  {
    uri: 'athena://sessions',
    name: 'sessions',
    description:
      'Sessions: when they were used and expire, how many variables and executions; `?page=2` for more',
    mimeType: JSON_TEXT,
  },
];

/** What can be read without filling in a name: a line a layer, however much there is in it. */
export function listResources({ layers }: Pick<ResourceSources, 'layers'>): Resource[] {
  const ofLayers = layers.map((layer) => ({
    uri: `athena://layer/${encodeURIComponent(layer)}`,
    name: `layer ${layer}`,
    description: `The operations of the ${layer} layer, a line each`,
    mimeType: TEXT,
  }));
  return [...RESOURCES, ...ofLayers];
}

export const RESOURCE_TEMPLATES: readonly ResourceTemplate[] = [
  {
    uriTemplate: 'athena://layer/{layer}',
    name: 'layer',
    description: 'A layer’s operations',
    mimeType: TEXT,
  },
  {
    uriTemplate: 'athena://operation/{id}',
    name: 'operation',
    description: 'An operation’s typed signature',
    mimeType: TEXT,
  },
  {
    uriTemplate: 'athena://source/{id}',
    name: 'source',
    description: 'An operation’s schema, examples and adapter',
    mimeType: TEXT,
  },
  {
    uriTemplate: 'athena://results/{id}{?pointer,page}',
    name: 'result',
    description: 'The whole of a result that a reply cut, by JSON pointer and page',
    mimeType: JSON_TEXT,
  },
  {
    uriTemplate: 'athena://session/{name}{?pointer,page}',
    name: 'session',
    description: 'A session’s variables, by key and size, and its last executions',
    mimeType: JSON_TEXT,
  },
];

/** @throws {McpError} for an address that names nothing */
export async function readResource(uri: string, sources: ResourceSources): Promise<ReadResourceResult> {
  const { kind, name, query } = parseAddress(uri);
  switch (kind) {
    case 'manifest':
      return disclose(uri, { level: 1 }, sources);
    case 'layer':
      return disclose(uri, { path: name, level: 2 }, sources);
    case 'operation':
      return disclose(uri, { path: name, level: 3 }, sources);
    case 'source':
      return disclose(uri, { path: name, level: 4 }, sources);
    case 'types':
      return contents(uri, 'text/typescript', await sources.typings());
    case 'results':
      return readResultPage(uri, name, query, sources);
    case 'sessions':
      return pageOf(uri, await sources.listSessions(), query, sources);
    case 'session':
      return readSession(uri, name, query, sources);
    default:
      throw notFound(
        uri,
        'Known are manifest, layer/{layer}, operation/{id}, source/{id}, types, results/{id}, sessions, session/{name}.',
      );
  }
}

function parseAddress(uri: string): {
  readonly kind: string;
  readonly name: string;
  readonly query: URLSearchParams;
} {
  const [, kind = '', name = '', query = ''] =
    /^athena:\/\/([a-z]+)(?:\/([^?]*))?(?:\?(.*))?$/.exec(uri) ?? [];
  return { kind, name: decode(name), query: new URLSearchParams(query) };
}

/** A name that is not well-formed stays as it is: it names nothing either way. */
function decode(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

async function disclose(
  uri: string,
  request: DiscoverRequest,
  sources: ResourceSources,
): Promise<ReadResourceResult> {
  const disclosed = await sources.discover(request);
  if (!disclosed.ok) throw notFound(uri, disclosed.message);
  return contents(uri, TEXT, disclosed.text);
}

async function readResultPage(
  uri: string,
  execution: string,
  query: URLSearchParams,
  sources: ResourceSources,
): Promise<ReadResourceResult> {
  const json = await sources.readResult(execution);
  if (json === undefined) throw notFound(uri, 'No such result is kept; it goes with its session.');
  return pageOf(uri, JSON.parse(json) as JsonValue, query, sources);
}

async function readSession(
  uri: string,
  name: string,
  query: URLSearchParams,
  sources: ResourceSources,
): Promise<ReadResourceResult> {
  const session = await sources.describeSession(name);
  if (session === undefined)
    throw notFound(uri, 'There is no such session; athena://sessions lists those there are.');
  return pageOf(uri, session, query, sources);
}

function pageOf(
  uri: string,
  value: JsonValue,
  query: URLSearchParams,
  { pageCharacters }: ResourceSources,
): ReadResourceResult {
  const page = Number(query.get('page') ?? '1');
  const pointer = query.get('pointer') ?? '';
  const room = pageCharacters - BESIDE_PAGE - JSON.stringify(pointer).length;
  const result = pageValue(value, pointer, page, Math.max(room, Math.floor(pageCharacters / 2)));
  if (!result.ok) throw notFound(uri, result.message);
  return contents(uri, JSON_TEXT, JSON.stringify(result.page));
}

function contents(uri: string, mimeType: string, text: string): ReadResourceResult {
  return { contents: [{ uri, mimeType, text }] };
}

function notFound(uri: string, why: string): McpError {
  return new McpError(
    RpcErrorCode.InvalidParams,
    `UNKNOWN_PATH: ${shorten(uri, LONGEST_NAME)}: ${shorten(why, 1_000)}`,
  );
}
