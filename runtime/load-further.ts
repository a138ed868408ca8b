import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readRoutes } from '../backend/http/read-routes.ts';
import { catalogue as athena } from '../generated/catalogue.ts';
import { isAddress, parseAddress } from './backend-address.ts';
import type { Catalogue } from './contract/catalogue.ts';
import type { Route } from './contract/route.ts';
import { joinCatalogues } from './join-backends.ts';
import { StartError } from './start-error.ts';

/** Where a backend is: an MCP server to start, or one at an address, or an HTTP service with routes. */
export type BackendPlace =
  | { readonly kind: 'command'; readonly command: string }
  | { readonly kind: 'server'; readonly url: URL }
  | { readonly kind: 'service'; readonly url: URL; readonly routes: ReadonlyMap<string, Route> };

/** A backend beside the main one: what codegen compiled for it, and where it is. */
export interface FurtherBackend {
  readonly catalogue: Catalogue;
  readonly place: BackendPlace;
}

/**
 * Loads the catalogues of further backends.
 * @param choices each a folder that codegen wrote, `=`, and a command line or an address
 * @param plainHttp hosts that may be spoken to over http://
 * @throws {StartError} INVALID_SETTING
 */
export async function loadFurther(
  choices: readonly string[],
  plainHttp: readonly string[],
): Promise<readonly FurtherBackend[]> {
  return await Promise.all(choices.map((choice) => load(choice, plainHttp)));
}

/** @throws {StartError} INVALID_SETTING */
export function placeOf(text: string, what: string, plainHttp: readonly string[]): BackendPlace {
  return isAddress(text)
    ? { kind: 'server', url: parseAddress(text, what, plainHttp) }
    : { kind: 'command', command: text };
}

async function load(choice: string, plainHttp: readonly string[]): Promise<FurtherBackend> {
  // What comes after the folder may hold what no log may.
  const at = choice.indexOf('=');
  const folder = at === -1 ? choice : choice.slice(0, at);
  const target = at === -1 ? '' : choice.slice(at + 1).trim();
  const what = `--also ${JSON.stringify(`${folder.slice(0, 200)}=…`)}`;
  if (folder === '' || target === '')
    throw invalid(what, 'it must be a folder, `=`, and the command that starts the backend or its address');
  const file = join(resolve(folder), 'catalogue.ts');
  try {
    await access(file);
  } catch (error) {
    throw invalid(what, `${file} cannot be read; \`npm run codegen\` writes it`, error);
  }
  const routes = await readRoutes(resolve(folder)).catch((error: unknown) => {
    throw invalid(what, 'its routes cannot be read; `npm run codegen` writes them', error);
  });
  const { catalogue }: { readonly catalogue: Catalogue } = await import(pathToFileURL(file).href);
  return { catalogue, place: furtherPlace(target, what, routes, plainHttp) };
}

/** What the folder was imported from says what is at an address: a document's operations have routes. */
function furtherPlace(
  target: string,
  what: string,
  routes: ReadonlyMap<string, Route> | undefined,
  plainHttp: readonly string[],
): BackendPlace {
  if (routes === undefined) return placeOf(target, what, plainHttp);
  if (!/^[a-z][a-z\d+.-]*:\/\//i.test(target)) {
    throw invalid(
      what,
      'it was imported from an OpenAPI document, and needs the address of the service: `https://…`',
    );
  }
  const url = parseAddress(target, what, plainHttp);
  if (url.search !== '') throw invalid(what, 'the address of a service has nothing after a ?');
  return { kind: 'service', url, routes };
}

function invalid(what: string, why: string, cause?: unknown): StartError {
  return new StartError('INVALID_SETTING', `${what}: ${why}.`, cause);
}

/** Athena's operations and those of further backends, as one catalogue. */
export function joinFurther(further: readonly FurtherBackend[]): Catalogue {
  return joinCatalogues(
    athena,
    further.map((one) => one.catalogue),
  );
}
