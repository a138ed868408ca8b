import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { temporaryFolder } from '../codegen-process.ts';
import { fixture, openWorkshop, type Workshop } from './import-process.ts';

/** An import from a server that lists certain tools, and answers each call with what it was called with. */
export interface Imported {
  readonly workshop: Workshop;
  readonly command: string;
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Imports again, from a server that has these tools now. */
  again(tools: readonly unknown[], more?: readonly string[]): Promise<Omit<Imported, 'again'>>;
}

export async function importTools(
  t: TestContext,
  tools: readonly unknown[],
  more: readonly string[] = [],
): Promise<Imported> {
  const list = join(temporaryFolder(t), 'tools.json');
  const workshop = openWorkshop(t, 'odd');
  const command = fixture('odd-server.ts', list);
  const run: Imported['again'] = async (now, flags = []) => {
    writeFileSync(list, JSON.stringify(now));
    const finished = await workshop.importFrom(['--stdio', command], flags);
    return { workshop, command, ...finished };
  };
  return { ...(await run(tools, more)), again: run };
}

/** The schema of an object. */
export const object = (properties: object, more: object = {}): object => ({
  type: 'object',
  properties,
  ...more,
});
