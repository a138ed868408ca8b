import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { ROUTES_FILE, type Route, STYLES } from '../../runtime/contract/route.ts';

const PLACE = z.record(z.string(), z.string());

const ROUTE = z.looseObject({
  verb: z.string(),
  path: z.string(),
  inPath: PLACE,
  inQuery: PLACE,
  inHeader: PLACE,
  writings: z.record(z.string(), z.object({ style: z.enum(STYLES), explode: z.boolean() })).exactOptional(),
  body: z.union([z.array(z.string()), z.literal('whole')]).exactOptional(),
  bodyType: z.string().exactOptional(),
});

/**
 * The routes of a folder that codegen compiled, by tool; undefined where it has none: it is an MCP server's.
 * @throws {Error} when the file cannot be read or holds something else
 */
export async function readRoutes(folder: string): Promise<ReadonlyMap<string, Route> | undefined> {
  let text: string;
  try {
    text = await readFile(join(folder, ROUTES_FILE), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const routes = z.record(z.string(), ROUTE).parse(JSON.parse(text));
  return new Map(Object.entries(routes));
}
