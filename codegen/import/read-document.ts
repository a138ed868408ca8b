import { BlockList, isIP } from 'node:net';
import SwaggerParser from '@apidevtools/swagger-parser';
import { isRecord, omit, type RawSchema, recordOf } from '../raw-schema.ts';
import { shown } from '../say.ts';
import type { BackendNotes } from './backend-folder.ts';
import type { Found } from './found-operation.ts';
import { ImportRefused } from './import-refused.ts';
import { readRoutes } from './read-routes.ts';

interface DocumentOptions {
  readonly timeoutMs: number;
  readonly onProgress: (what: string) => void;
}

export interface ReadDocument {
  readonly found: Found;
  readonly notes: Pick<BackendNotes, 'server' | 'instructions' | 'routes'>;
}

/**
 * Reads an OpenAPI document, 3.0 or 3.1, in JSON or YAML.
 * @param location a file or an http(s) address; what it refers to elsewhere is read as well
 * @throws {ImportRefused} when it cannot be read or is no such document
 */
export async function readDocument(location: string, options: DocumentOptions): Promise<ReadDocument> {
  const isRemote = /^https?:/i.test(location);
  const where = isRemote ? `${new URL(location).origin}${new URL(location).pathname}` : shown(location);
  options.onProgress(`Reading ${where} …`);
  const document = await parseDocument(location, where, isRemote, options.timeoutMs);
  const { found, routes } = readRoutes(document);
  const info = recordOf(document, 'info');
  const servers = Array.isArray(document.servers) ? document.servers.filter(isRecord) : [];
  return {
    found,
    notes: {
      server: { name: info.title, version: info.version, urls: servers.map(({ url }) => url) },
      ...(typeof info.description === 'string' ? { instructions: info.description } : {}),
      routes,
    },
  };
}

async function parseDocument(
  location: string,
  where: string,
  isRemote: boolean,
  timeout: number,
): Promise<RawSchema> {
  // A document from elsewhere has no business with the files of this machine, nor with its neighbours.
  const safeUrlResolver = !isRemote || !isInternal(new URL(location));
  const resolve = { http: { timeout, safeUrlResolver }, ...(isRemote ? { file: false } : {}) };
  try {
    const bundled: unknown = await SwaggerParser.bundle(location, { resolve });
    if (!isRecord(bundled) || typeof bundled.openapi !== 'string' || !/^3\.[01]\./.test(bundled.openapi)) {
      const version = isRecord(bundled) ? (bundled.openapi ?? bundled.swagger) : undefined;
      throw new Error(`it is version ${JSON.stringify(version)} of OpenAPI; 3.0 and 3.1 are read`);
    }
    // Validation follows references in place, and the importer wants them as they are.
    await SwaggerParser.validate(withoutSecurity(bundled) as never, {
      resolve,
      dereference: { circular: 'ignore' },
    });
    return bundled;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // An address may hold a key.
    const why = message.replaceAll(location, where);
    throw new ImportRefused(`${where} cannot be read as an OpenAPI document: ${why.slice(0, 2_000)}`);
  }
}

/** A copy without what nothing is made of: what is wrong with it need not keep anybody from the rest. */
function withoutSecurity(document: RawSchema): RawSchema {
  const { components } = document;
  const copy = isRecord(components)
    ? { ...document, components: omit(components, 'securitySchemes') }
    : document;
  return structuredClone(copy);
}

const INTERNAL = new BlockList();
for (const [network, prefix] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  INTERNAL.addSubnet(network, prefix);
INTERNAL.addAddress('::1', 'ipv6');

/** Whether a person has named an address inside: what the document refers to there is no news to it. */
function isInternal({ hostname }: URL): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (host === 'localhost') return true;
  return isIP(host) !== 0 && INTERNAL.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4');
}
