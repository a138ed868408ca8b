import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from '@logtape/logtape';
import { Command, Option } from 'commander';
import envPaths from 'env-paths';
import { openEmbeddedAthena } from '../backend/embedded/athena.ts';
import { DatabaseUnusable } from '../database/sqlite.ts';
import { catalogue as athena } from '../generated/catalogue.ts';
import packageJson from '../package.json' with { type: 'json' };
import { AuditKeyUnusable } from './audit/audit-key.ts';
import { printAudit, printVerification } from './commands/audit.ts';
import { printDiagnosis } from './commands/doctor.ts';
import type { Backend } from './contract/backend.ts';
import type { Catalogue } from './contract/catalogue.ts';
import { CONFINEMENT_LEVELS, type ConfinementLevel } from './contract/confinement.ts';
import type { ErrorCode } from './contract/error-codes.ts';
import { type DataDirectory, locateFiles, openDataDirectory } from './data-directory.ts';
import { type Engine, openEngine } from './engine.ts';
import { joinBackends, joinCatalogues } from './join-backends.ts';
import { type FurtherBackend, loadFurther } from './load-further.ts';
import { LOG_LEVELS, openLog } from './log.ts';
import { openPolicy, openPrivacy } from './open-policy.ts';
import { composeReply } from './reply.ts';
import { ConfinementFailed } from './sandbox/confinement-failed.ts';
import type { SandboxEvent } from './sandbox/event.ts';
import { createMcpServer } from './server/mcp-server.ts';
import { serveStdio } from './server/serve-stdio.ts';
import { parseEffects, parseLimits } from './settings.ts';
import { StartError } from './start-error.ts';

/** Over stdio there is one client, the user who started it. */
const PRINCIPAL = 'local';
/** What a run may still take when the client has left, in ms: less than clients wait before they kill a server. */
const LEFT_MS = 1_500;

interface Flags {
  readonly dataDir: string;
  readonly backend?: string;
  readonly also: readonly string[];
  readonly allow: string;
  readonly policy?: string;
  readonly personalData: 'tokens' | 'plain';
  readonly requireConfinement?: ConfinementLevel;
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
    new Option(
      '--also <folder=command>',
      'another MCP server as a backend, and the folder that codegen compiled for it; may be repeated',
    )
      .argParser(collect)
      .default([], 'none'),
  )
  .addOption(
    new Option('--allow <effects>', 'what programs may do: read, write, delete, admin')
      .env('ATHENA_ALLOW')
      .default('read,write,delete'),
  )
  .addOption(
    new Option('--policy <file>', 'rules that allow, ask or deny, instead of --allow; see docs/policy.md')
      .env('ATHENA_POLICY')
      .conflicts('allow'),
  )
  .addOption(
    new Option('--personal-data <how>', 'how personal data leaves in replies: as tokens, or plain')
      .env('ATHENA_PERSONAL_DATA')
      .choices(['tokens', 'plain'])
      .default('tokens'),
  )
  .addOption(
    new Option('--require-confinement <level>', 'do not start where workers are confined less')
      .env('ATHENA_REQUIRE_CONFINEMENT')
      .choices(CONFINEMENT_LEVELS),
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
  .action(() => run(start));

command
  .command('doctor')
  .description('show how workers are confined on this machine, layer by layer')
  .option('--json', 'as one JSON object')
  .action((own: { readonly json?: boolean }) =>
    run(async ({ limit, requireConfinement }) => {
      await printDiagnosis(parseLimits(limit), requireConfinement, own.json === true, print);
    }),
  );

const audit = command.command('audit').description('the audit log: what programs did');
audit
  .command('verify')
  .description('tell whether the audit log is whole; the exit code is 1 when it is not')
  .option('--head <head>', 'a head that was printed earlier, and must still be there')
  .action((own: { readonly head?: string }) =>
    run(async ({ dataDir }) => {
      const isWhole = await printVerification(locateFiles(dataDir).auditFiles, own.head, print);
      if (!isWhole) process.exitCode = 1;
    }),
  );
audit
  .command('show')
  .description('print the audit log, oldest entry first, one JSON object a line')
  .option('--execution <id>', 'only what belongs to one execution')
  .action((own: { readonly execution?: string }) =>
    run(({ dataDir }) => printAudit(locateFiles(dataDir).auditFiles, own.execution, print)),
  );

function print(text: string): void {
  process.stdout.write(text);
}

/** Does one thing and ends; what a person can do something about is told without a stack. */
async function run(work: (flags: Flags, log: Logger) => Promise<void>): Promise<void> {
  const flags = command.opts<Flags>();
  const log = openLog(flags.logLevel);
  try {
    await work(flags, log);
  } catch (error) {
    const known = nameStartError(error);
    if (known === undefined) log.fatal('INTERNAL_ERROR: {error}', { error });
    else log.fatal('{code}: {message}', { code: known.code, message: known.message });
    // A start that failed half-way has opened workers and threads that nobody will use.
    process.exit(1);
  }
}

async function start(flags: Flags, log: Logger): Promise<void> {
  // A signal from a worker must not open the inspector in this process.
  process.on('SIGUSR1', () => undefined);
  const stop = new AbortController();
  // A launcher passes on what the terminal has sent to both: a second signal is not a wish for more haste.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
  await serve(flags, log, stop.signal);
  // What a client left half-read on standard input must not keep the process alive.
  process.stdin.destroy();
}

async function serve(flags: Flags, log: Logger, stop: AbortSignal): Promise<void> {
  const limits = parseLimits(flags.limit);
  const further = await loadFurther(flags.also);
  const catalogue = joinCatalogues(
    athena,
    further.map((one) => one.catalogue),
  );
  const policy = await openPolicy(catalogue, flags.policy ?? parseEffects(flags.allow));
  const privacy = await openPrivacy(catalogue, flags.policy);
  const directory = openDataDirectory(flags.dataDir);
  const onBug = (error: unknown): void => log.error('INTERNAL_ERROR: {error}', { error });

  const open = async (): Promise<{ readonly engine: Engine; readonly backend: Backend }> => {
    const backend = await openBackends(flags.backend, further, directory, log, onBug);
    const engine = await openEngine({
      catalogue,
      backend,
      sessionsFile: directory.sessionsFile,
      auditFiles: directory.auditFiles,
      cacheDirectory: directory.cacheDirectory,
      limits,
      requiredLevel: flags.requireConfinement,
      policy,
      privacy,
      personalDataLeaves: flags.personalData === 'plain',
      onSandboxEvent: (event) => log.debug('sandbox: {event}', { event: forLog(event) }),
      onBug,
    });
    log.info('{start}', { start: describeStart(engine, catalogue, backend, directory) });
    return { engine, backend };
  };
  const opening = open();
  // The client is answered while the engine opens: its first execution waits for what it needs.
  const server = createMcpServer({
    version: packageJson.version,
    principal: PRINCIPAL,
    defaultSession: `connection-${randomBytes(6).toString('hex')}`,
    runMs: limits.runMs,
    execute: async (request, caller) => (await opening).engine.execute(request, caller),
    composeReply: (outcome) => composeReply(outcome, limits.replyCharacters),
    discover: async (request) => (await opening).engine.disclosure.discover(request),
    typings: catalogue.typings,
    readResult: async (execution) => (await opening).engine.readResult(PRINCIPAL, execution),
    pageCharacters: limits.replyCharacters,
    onBug,
  });
  if (process.stdin.isTTY)
    log.info('this is an MCP server over stdio: add it to an MCP client, or end it with Ctrl-D');
  const serving = serveStdio(server, stop);
  const { engine, backend } = await opening;
  const reason = await serving;
  log.info('{reason}: ending', { reason });
  // Closing the connection cancels what is still under way.
  const disconnect = async (): Promise<void> => {
    // The last replies leave first.
    await new Promise(setImmediate);
    await server.close();
  };
  if (reason === 'client left') {
    await Promise.race([engine.idle(), wait(LEFT_MS)]);
    await disconnect();
  }
  await engine.close();
  await disconnect();
  await backend.close();
}

/** What was opened before one that cannot be is closed again. */
async function openBackends(
  mainCommand: string | undefined,
  further: readonly FurtherBackend[],
  directory: DataDirectory,
  log: Logger,
  onBug: (error: unknown) => void,
): Promise<Backend> {
  const main =
    mainCommand === undefined
      ? await openEmbeddedAthena(directory.memoryFile, onBug)
      : await openRemote(mainCommand, log);
  const others = new Map<string, Backend>();
  try {
    for (const { catalogue, command } of further) others.set(catalogue.name, await openRemote(command, log));
  } catch (error) {
    await joinBackends(main, others).close();
    throw error;
  }
  return joinBackends(main, others);
}

async function openRemote(commandLine: string, log: Logger): Promise<Backend> {
  try {
    // Loaded only when it is asked for: it brings an MCP client along.
    const { openRemoteBackend } = await import('../backend/remote/remote-backend.ts');
    return await openRemoteBackend({
      command: commandLine,
      version: packageJson.version,
      onEvent: (event) => log.info('backend: {event}', { event }),
    });
  } catch (error) {
    throw new StartError(
      'BACKEND_START_FAILED',
      error instanceof Error ? error.message : String(error),
      error,
    );
  }
}

/** An agent chooses the names of its sessions: they may hold what no log may. */
function forLog(event: SandboxEvent): object {
  return event.kind === 'worker-bound' ? { ...event, session: undefined } : event;
}

function describeStart(
  engine: Engine,
  catalogue: Catalogue,
  backend: Backend,
  directory: DataDirectory,
): string {
  const served = catalogue.operations.filter((operation) => backend.serves(operation)).length;
  return [
    `Athena Code Mode ${packageJson.version}: ${backend.name}, ${served} of ${catalogue.operations.length} operations served`,
    `data in ${directory.path}`,
    `types checked by the ${engine.typeChecker} compiler`,
    `confinement level ${engine.confinementLevel ?? 'none'}: ${engine.confinement.join(', ')}`,
  ].join('; ');
}

/** The errors that a person can do something about, with their codes. */
function nameStartError(error: unknown): { readonly code: ErrorCode; readonly message: string } | undefined {
  if (error instanceof StartError) return error;
  if (error instanceof DatabaseUnusable) return { code: 'DATABASE_UNUSABLE', message: error.message };
  if (error instanceof AuditKeyUnusable)
    return {
      code: 'DATA_DIR_UNUSABLE',
      message: `The key of the audit log cannot be used: ${error.message}.`,
    };
  if (error instanceof ConfinementFailed) return { code: 'CONFINEMENT_FAILED', message: error.message };
  return undefined;
}

await command.parseAsync();
