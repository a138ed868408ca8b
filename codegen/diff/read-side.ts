import { stat } from 'node:fs/promises';
import type { ToolSchema } from '../schema.ts';
import { readSchemaFiles, type SourceFile } from '../sources.ts';
import { readCommit, resolveCommit } from './read-commit.ts';
import { readTools } from './read-tools.ts';

/** One of the two catalogues that are compared. */
export interface Side {
  /** What it was asked for as. */
  readonly name: string;
  readonly tools: readonly ToolSchema[];
}

/** Reads the operation files that describe a live backend. */
export type ReadLive = (spec: string) => Promise<readonly SourceFile[]>;

/** Whether it is a live backend that is meant. */
export function isLive(spec: string): boolean {
  return /^(?:stdio:|https?:\/\/)/.test(spec);
}

/**
 * Reads a catalogue from a folder, a commit or a live backend.
 * @param spec a folder; else a commit of the repository that `schemas` is in; `stdio:<command>` or a URL
 * @param schemas the folder that is read at a commit
 * @throws when there is no such thing, or when what is read are no operation files
 */
export async function readSide(spec: string, schemas: string, readLive: ReadLive): Promise<Side> {
  return { name: spec, tools: readTools(await readSources(spec, schemas, readLive), spec) };
}

async function readSources(
  spec: string,
  schemas: string,
  readLive: ReadLive,
): Promise<readonly SourceFile[]> {
  if (isLive(spec)) return readLive(spec);
  if (await isFolder(spec)) return readSchemaFiles(spec);
  const commit = await resolveCommit(spec, schemas);
  if (commit === undefined) {
    throw new Error(
      `${spec} is neither a folder nor a commit. Give a folder of operation files, a git ref such as HEAD~1, stdio:<command> or a URL.`,
    );
  }
  return readCommit(commit, spec, schemas);
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() ?? false;
}
