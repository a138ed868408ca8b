import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from '@logtape/logtape';
import { concealCredentials, createConceal } from '../backend/conceal.ts';
import { openEmbeddedAthena } from '../backend/embedded/athena.ts';
import type { RemoteEvent } from '../backend/remote/remote-backend.ts';
import { catalogue as athena } from '../generated/catalogue.ts';
import packageJson from '../package.json' with { type: 'json' };
import { readHeaders, strayHeaders } from './backend-headers.ts';
import type { Backend } from './contract/backend.ts';
import type { Catalogue } from './contract/catalogue.ts';
import type { Limits } from './contract/limits.ts';
import { type DataDirectory, openDataDirectory } from './data-directory.ts';
import { describeSession, listSessions } from './describe-sessions.ts';
import { layersOf } from './disclosure/layers-of.ts';
import { type Engine, openEngine } from './engine.ts';
import type { Flags } from './flags.ts';
import { joinBackends } from './join-backends.ts';
import { type BackendPlace, type FurtherBackend, joinFurther, loadFurther, placeOf } from './load-further.ts';
import { openPolicy, openPrivacy } from './open-policy.ts';
import { composeReply } from './reply.ts';
import type { SandboxEvent } from './sandbox/event.ts';
import { createMcpServer } from './server/mcp-server.ts';
import { serveStdio } from './server/serve-stdio.ts';
import { parseEffects, parseLimits, parseProject } from './settings.ts';
import { StartError } from './start-error.ts';

/** What a run may still take when the client has left, in ms: less than clients wait before they kill a server. */
const LEFT_MS = 1_500;

/**
 * The composition root of the server: opens what the flags name, joins it, and serves MCP over stdio until the client
 * leaves or `stop` is aborted.
 * @param principal whose data it is: over stdio there is one client
 * @throws {StartError | DatabaseUnusable | AuditKeyUnusable | ConfinementFailed} what a person can do something about
 */
export async function serve(flags: Flags, log: Logger, principal: string, stop: AbortSignal): Promise<void> {
  const limits = parseLimits(flags.limit);
  const project = parseProject(flags.project);
  const further = await loadFurther(flags.also, flags.plainHttp);
  const main = flags.backend === undefined ? undefined : placeOf(flags.backend, '--backend', flags.plainHttp);
  const catalogue = joinFurther(further);
  const connect = createConnect(limits, log);
  const roots = [
    ...(main?.kind === 'server' ? [athena.name] : []),
    ...further.flatMap(({ catalogue: { name }, place }) => (place.kind === 'command' ? [] : [name])),
  ];
  for (const name of strayHeaders(process.env, roots))
    log.warning('{name} is set, and no backend of that name is at an address', { name });
  const policy = await openPolicy(catalogue, flags.policy ?? parseEffects(flags.allow));
  const privacy = await openPrivacy(catalogue, flags.policy);
  const directory = openDataDirectory(flags.dataDir);
  const onBug = (error: unknown): void => log.error('INTERNAL_ERROR: {error}', { error });

  const open = async (): Promise<{ readonly engine: Engine; readonly backend: Backend }> => {
    const backend = await openBackends(main, further, directory, connect, onBug);
    const engine = await openEngine({
      catalogue,
      backend,
      sessionsFile: directory.sessionsFile,
      project,
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
    principal,
    defaultSession: `connection-${randomBytes(6).toString('hex')}`,
    runMs: limits.runMs,
    execute: async (request, caller) => (await opening).engine.execute(request, caller),
    composeReply: (outcome) => composeReply(outcome, limits.replyCharacters),
    discover: async (request) => (await opening).engine.disclosure.discover(request, principal),
    typings: catalogue.typings,
    layers: layersOf(catalogue.operations),
    readResult: async (execution) => (await opening).engine.readResult(principal, execution),
    listSessions: async () => await listSessions((await opening).engine.sessions, principal),
    describeSession: async (name) => await describeSession((await opening).engine.sessions, principal, name),
    pageCharacters: limits.replyCharacters,
    onBug,
  });
  if (process.stdin.isTTY)
    log.info('this is an MCP server over stdio: add it to an MCP client, or end it with Ctrl-D');
  const serving = serveStdio(server, stop);
  const { engine, backend } = await opening;
  const reason = await serving;
  log.info('{reason}: ending', { reason });
  engine.leave();
  // Closing the connection cancels what is still under way.
  const disconnect = async (): Promise<void> => {
    // The last replies leave first.
    await new Promise(setImmediate);
    await server.close();
  };
  if (reason === 'client left') {
    const waiting = new AbortController();
    await Promise.race([engine.idle(), wait(LEFT_MS, undefined, waiting)]);
    // A timer that nobody waits for would keep the process alive.
    waiting.abort();
    await disconnect();
  }
  await engine.close();
  await disconnect();
  await backend.close();
}

type Connect = (root: string, place: BackendPlace) => Promise<Backend>;

/** What was opened before one that cannot be is closed again. */
async function openBackends(
  mainPlace: BackendPlace | undefined,
  further: readonly FurtherBackend[],
  directory: DataDirectory,
  connect: Connect,
  onBug: (error: unknown) => void,
): Promise<Backend> {
  const main =
    mainPlace === undefined
      ? await openEmbeddedAthena(directory.memoryFile, onBug)
      : await connect(athena.name, mainPlace);
  const others = new Map<string, Backend>();
  try {
    for (const { catalogue, place } of further)
      others.set(catalogue.name, await connect(catalogue.name, place));
  } catch (error) {
    await joinBackends(main, others).close();
    throw error;
  }
  return joinBackends(main, others);
}

function createConnect(limits: Limits, log: Logger): Connect {
  return async (root, place) => {
    const headers = place.kind === 'command' ? {} : readHeaders(root, process.env);
    const conceal = createConceal(headers);
    try {
      const backend = await openPlace(root, place, headers, limits, (event) =>
        log.info('{event}', { event: conceal(`backend: ${JSON.stringify(event)}`) }),
      );
      return Object.keys(headers).length === 0 ? backend : concealCredentials(backend, conceal);
    } catch (error) {
      const message = conceal(error instanceof Error ? error.message : String(error));
      const isGuess = place.kind === 'server' && root !== athena.name;
      const hint = isGuess ? '. The folder has no routes.json, so it is taken for that of an MCP server' : '';
      throw new StartError('BACKEND_START_FAILED', `${message}${hint}`, error);
    }
  };
}

/** What talks to other machines is loaded only when it is asked for. */
async function openPlace(
  root: string,
  place: BackendPlace,
  headers: Readonly<Record<string, string>>,
  limits: Limits,
  onEvent: (event: RemoteEvent) => void,
): Promise<Backend> {
  const { version } = packageJson;
  if (place.kind === 'service') {
    const { openHttpBackend } = await import('../backend/http/http-backend.ts');
    return openHttpBackend({ name: root, routes: place.routes, base: place.url, headers, version, limits });
  }
  const { openRemoteBackend } = await import('../backend/remote/remote-backend.ts');
  return await openRemoteBackend(
    place.kind === 'command'
      ? { command: place.command, version, onEvent }
      : { url: place.url, headers, version, onEvent },
  );
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
