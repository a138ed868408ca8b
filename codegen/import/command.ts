import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { readBackendName } from '../folders.ts';
import { REPOSITORY } from '../generator-files.ts';
import { EXIT, type Exit, say } from '../say.ts';
import type { Renames } from './assign-names.ts';
import type { SourceChoice } from './import-source.ts';

const TIMEOUT_MS = 30_000;

interface Options extends SourceChoice {
  readonly schemas?: string;
  readonly rename: Renames;
  readonly timeout: number;
  readonly dryRun: boolean;
}

/** `codegen import [name]`. Its modules are loaded when it is what was asked for. */
export function createImportCommand(end: (exit: Exit) => void): Command {
  return new Command('import')
    .description('Writes or updates the schemas of a backend from what the backend says of itself.')
    .argument(
      '[name]',
      'what programs call the backend: the root of `name.namespace.method(…)` (default: made from what it calls itself)',
    )
    .option('--stdio <command>', 'an MCP server to start: "npx some-server --root /my/files"')
    .option('--url <url>', 'an MCP server over streamable HTTP')
    .option('--openapi <location>', 'an OpenAPI document, a file or a URL')
    .option('--header <line>', 'a header for --url, "Name: value"; may be repeated', collect, [])
    .option('--schemas <dir>', "the backend's folder (default: schemas/<name>/)")
    .option(
      '--rename <old=new>',
      'another name for a tool, a "tool.operation" or a namespace',
      collectRename,
      {},
    )
    .option('--timeout <ms>', 'how long the backend may take for one answer', parseMs, TIMEOUT_MS)
    .option('--dry-run', 'list what would change and write nothing', false)
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 imported, but something needs a hand, 2 nothing was imported.',
    )
    .allowExcessArguments(false)
    .exitOverride()
    .action(async (name: string | undefined, options: Options) => end(await run(name, options)));
}

async function run(name: string | undefined, options: Options): Promise<Exit> {
  const { importBackend } = await import('./import-backend.ts');
  const { readSource } = await import('./import-source.ts');
  const { ImportRefused } = await import('./import-refused.ts');
  const { schemas, rename, timeout, dryRun } = options;
  try {
    const source = readSource(options);
    const remembered = schemas === undefined ? undefined : await readBackendName(resolve(schemas));
    return await importBackend({
      name: name ?? remembered,
      source,
      folderOf: (backend) =>
        schemas === undefined ? join(REPOSITORY, 'schemas', backend) : resolve(schemas),
      renames: rename,
      timeoutMs: timeout,
      dryRun,
    });
  } catch (error) {
    if (!(error instanceof ImportRefused)) throw error;
    process.stderr.write(`${error.message}\n`);
    say('red', 'Nothing was imported.');
    return EXIT.failed;
  }
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function collectRename(value: string, before: Renames): Renames {
  const at = value.lastIndexOf('=');
  if (at < 1) throw new InvalidArgumentError('It must be "old=new".');
  return { ...before, [value.slice(0, at)]: value.slice(at + 1) };
}

function parseMs(value: string): number {
  const ms = Number(value);
  if (!Number.isInteger(ms) || ms < 1)
    throw new InvalidArgumentError('It must be a whole number of milliseconds.');
  return ms;
}
