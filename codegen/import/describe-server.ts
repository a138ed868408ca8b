import type { RawSchema } from '../raw-schema.ts';
import type { BackendNotes } from './backend-folder.ts';
import type { ServerListing } from './read-server.ts';

const PARTS = ['name', 'title', 'uri', 'description', 'mimeType'];

/** What is kept of a server beside its tools, as documentation. */
export function describeServer({
  name,
  version,
  instructions,
  resources,
}: ServerListing): Pick<BackendNotes, 'server' | 'instructions' | 'resources'> {
  return {
    server: { name, version },
    ...(instructions === undefined ? {} : { instructions }),
    ...(resources.length === 0 ? {} : { resources: resources.map(describeResource) }),
  };
}

function describeResource(resource: RawSchema): Readonly<Record<string, unknown>> {
  const parts = PARTS.filter((part) => typeof resource[part] === 'string');
  return Object.fromEntries(parts.map((part) => [part, resource[part]]));
}
