import { randomBytes } from 'node:crypto';
import type { Logger } from '@logtape/logtape';
import { Command, Option } from 'commander';
import envPaths from 'env-paths';
import { openEmbeddedAthena } from '../backend/embedded/athena.ts';
import { openRemoteBackend } from '../backend/remote/remote-backend.ts';
import { DatabaseUnusable } from '../database/sqlite.ts';
import { catalogue } from '../generated/catalogue.ts';
import packageJson from '../package.json' with { type: 'json' };
import type { Backend } from './contract/backend.ts';
import type { ErrorCode } from './contract/error-codes.ts';
import { type DataDirectory, DataDirectoryUnusable, openDataDirectory } from './data-directory.ts';
import { type Engine, openEngine } from './engine.ts';
import { LOG_LEVELS, openLog } from './log.ts';
import { composeReply } from './reply.ts';
import { createMcpServer } from './server/mcp-server.ts';
import { serveStdio } from './server/serve-stdio.ts';
import { InvalidSetting, parseEffects, parseLimits } from './settings.ts';

/** Over stdio there is one client, the user who started it. */
const PRINCIPAL = 'local';

interface Flags {
  readonly dataDir: string;
  readonly backend?: string;
  readonly allow: string;
  readonly limit: readonly string[];
  readonly logLevel: (typeof LOG_LEVELS)[number];
}

const collect = (value: string, earlier: readonly string[]): readonly string[] => [...earlier, value];

/** The command line. Every flag can also be given through the environment variable that `--help` names. */
const command = new Command('athena-code-mode')
  .description(
    'MCP server over stdio: agents write a TypeScript program instead of calling tools one by one.',
  )
  .version(packageJson.version)
  .addOption(
    new Option('--data-dir <dir>', 'where memory and sessions are kept; created when missing')
      .env('ATHENA_DATA_DIR')
      .default(envPaths('athena-code-mode', { suffix: '' }).data),
  )
  .addOption(
    new Option(
      '--backend <command>',
      'an MCP server to call, over stdio, instead of the embedded Athena',
    ).env('ATHENA_BACKEND'),
  )
  .addOption(
    new Option('--allow <effects>', 'what programs may do: read, write, delete, admin')
      .env('ATHENA_ALLOW')
      .default('read,write,delete'),
  )
  .addOption(
    new Option('--limit <name=value>', 'sets a limit, such as runMs=10000; may be repeated')
      .argParser(collect)
      .default([], 'see docs/limits.md'),
  )
  .addOption(
    new Option('--log-level <level>', 'what to log on standard error')
      .env('ATHENA_LOG_LEVEL')
      .choices(LOG_LEVELS)
      .default('info'),
  )
  .allowExcessArguments(false)
  .action((flags: Flags) => start(flags));

async function start(flags: Flags): Promise<void> {
  const log = openLog(flags.logLevel);
  // A signal from a worker must not open the inspector in this process.
  process.on('SIGUSR1', () => undefined);
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort());
  try {
    await serve(flags, log, stop.signal);
  } catch (error) {
    const known = nameStartError(error);
    if (known === undefined) log.fatal('INTERNAL_ERROR: {error}', { error });
    else log.fatal(`${known.code}: ${known.message}`);
    process.exitCode = 1;
  }
  // What a client left half-read on standard input must not keep the process alive.
  process.stdin.destroy();
}

async function serve(flags: Flags, log: Logger, stop: AbortSignal): Promise<void> {
  const limits = parseLimits(flags.limit);
  const allowedEffects = parseEffects(flags.allow);
  const directory = openDataDirectory(flags.dataDir);
  const onBug = (error: unknown): void => log.error('INTERNAL_ERROR: {error}', { error });

  const backend = await openBackend(flags.backend, directory, log, onBug);
  const engine = await openEngine({
    catalogue,
    backend,
    sessionsFile: directory.sessionsFile,
    limits,
    allowedEffects,
    onSandboxEvent: (event) => log.debug('sandbox: {event}', { event }),
    onBug,
  });
  log.info(describeStart(engine, backend, directory));
  if (process.stdin.isTTY)
    log.info('this is an MCP server over stdio; add it to an MCP client, or press Ctrl-D to end');

  const server = createMcpServer({
    version: packageJson.version,
    principal: PRINCIPAL,
    defaultSession: `connection-${randomBytes(6).toString('hex')}`,
    runMs: limits.runMs,
    execute: engine.execute,
    composeReply: (outcome) => composeReply(outcome, limits.replyCharacters),
    discover: engine.disclosure.discover,
    typings: catalogue.typings,
    readResult: (execution) => engine.readResult(PRINCIPAL, execution),
    pageCharacters: limits.replyCharacters,
    onBug,
  });
  const reason = await serveStdio(server, stop);
  log.info('{reason}: ending', { reason });
  await engine.close();
  await server.close();
  await backend.close();
}

function openBackend(
  commandLine: string | undefined,
  directory: DataDirectory,
  log: Logger,
  onBug: (error: unknown) => void,
): Promise<Backend> {
  if (commandLine === undefined) return openEmbeddedAthena(directory.memoryFile, onBug);
  return openRemoteBackend({
    command: commandLine,
    onEvent: (event) => log.info('backend: {event}', { event }),
  });
}

function describeStart(engine: Engine, backend: Backend, directory: DataDirectory): string {
  const served = catalogue.operations.filter((operation) => backend.serves(operation)).length;
  return [
    `Athena Code Mode ${packageJson.version}: ${backend.name}, ${served} of ${catalogue.operations.length} operations served`,
    `data in ${directory.path}`,
    `types checked by the ${engine.typeChecker} compiler`,
    `workers confined by ${engine.confinement.join(', ')}`,
  ].join('; ');
}

/** The errors that a person can do something about, with their codes. */
function nameStartError(error: unknown): { readonly code: ErrorCode; readonly message: string } | undefined {
  if (error instanceof InvalidSetting) return { code: 'INVALID_SETTING', message: error.message };
  if (error instanceof DataDirectoryUnusable) return { code: 'DATA_DIR_UNUSABLE', message: error.message };
  if (error instanceof DatabaseUnusable) return { code: 'DATABASE_UNUSABLE', message: error.message };
  return undefined;
}

await command.parseAsync();
