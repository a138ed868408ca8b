import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { promisify } from 'node:util';
import type { Limits } from '../contract/limits.ts';

/** Layers that can be switched off, for tests of the ones that remain. All are on when left out. */
export interface ConfinementChoice {
  /** Node's permission model. */
  readonly permissions?: boolean;
  /** Namespaces, capabilities and privileges of the operating system. */
  readonly operatingSystem?: boolean;
  /** Limits on memory outside the heap, on files and on processes. */
  readonly processLimits?: boolean;
  /** The text of another guest than the product's own, run as it is in the worker's start realm. */
  readonly guest?: string;
}

/** How workers are started and confined on this machine. */
export interface Confinement {
  readonly command: string;
  readonly args: readonly string[];
  /** Path of `prlimit`, where limits can be lowered once a worker is ready. */
  readonly prlimit: string | undefined;
  /** In plain words, strongest first. */
  readonly layers: readonly string[];
}

interface Wrapper {
  readonly words: readonly string[];
  readonly layers: readonly string[];
}

const TOOL_FOLDERS = ['/usr/bin', '/bin', '/usr/sbin', '/sbin', '/run/current-system/sw/bin'];
const PROBE_MS = 5_000;

/** Reads one frame from standard input and runs it: the guest. */
const BOOT = `
const { readSync } = require('node:fs');
const fill = (buffer) => {
  for (let filled = 0; filled < buffer.length; ) {
    const bytes = readSync(0, buffer, { offset: filled });
    if (bytes === 0) process.exit(0);
    filled += bytes;
  }
  return buffer;
};
const guest = fill(Buffer.allocUnsafe(fill(Buffer.alloc(4)).readUInt32LE(0))).toString();
const { runInThisContext } = require('node:vm');
// Later, since Node still writes to the global once this script is done.
setImmediate(() => {
  // A script compiled this way has no module loader: every form of import() in it is refused by Node.
  runInThisContext(guest, { filename: 'guest.js' });
});
`;

/** Finds out how far workers can be confined here, by trying. */
export async function probeConfinement(limits: Limits, choice: ConfinementChoice): Promise<Confinement> {
  const wrapper = choice.operatingSystem === false ? undefined : await findWrapper();
  const prlimit = choice.processLimits === false ? undefined : findTool('prlimit');
  const [command = process.execPath, ...args] = [...(wrapper?.words ?? []), process.execPath];
  const permissions = choice.permissions === false ? [] : ['--permission'];
  return {
    command,
    args: [...args, ...permissions, ...nodeFlags(limits), '-e', BOOT],
    prlimit,
    layers: [
      'separate processes',
      ...(choice.guest === undefined ? ['hardened JavaScript (SES)'] : []),
      ...(permissions.length > 0 ? ['Node permission model'] : []),
      ...(wrapper?.layers ?? []),
      ...(prlimit === undefined ? [] : ['limits on memory, files and processes']),
    ],
  };
}

function nodeFlags(limits: Limits): readonly string[] {
  return ['--no-js-source-phase-imports', '--disable-sigusr1', `--max-old-space-size=${limits.heapMb}`];
}

/** The strongest wrapper that works here. `unshare` and `setpriv` are from util-linux. */
async function findWrapper(): Promise<Wrapper | undefined> {
  const setpriv = findTool('setpriv');
  const unshare = findTool('unshare');
  if (setpriv === undefined) return undefined;
  const privileges: Wrapper = {
    words: [setpriv, '--no-new-privs', '--pdeathsig', 'KILL'],
    layers: ['no new privileges', 'death with the server'],
  };
  // Inside its user namespace a process holds all capabilities until they are dropped.
  const capabilities: Wrapper = {
    words: [setpriv, '--bounding-set=-all', '--inh-caps=-all', '--pdeathsig', 'KILL'],
    layers: ['no capabilities'],
  };
  const namespaces: Wrapper = {
    words: [
      unshare ?? '',
      '--user',
      '--map-current-user',
      '--net',
      '--pid',
      '--ipc',
      '--fork',
      '--kill-child',
    ],
    layers: ['namespaces (user, network, process, IPC)'],
  };
  const candidates = [
    ...(unshare === undefined
      ? []
      : [join(privileges, namespaces, capabilities), join(privileges, namespaces)]),
    join(privileges, capabilities),
    privileges,
  ];
  for (const candidate of candidates) {
    if (await works(candidate, setpriv)) return candidate;
  }
  return undefined;
}

function join(...wrappers: readonly Wrapper[]): Wrapper {
  return {
    words: wrappers.flatMap((wrapper) => wrapper.words),
    layers: wrappers.flatMap((wrapper) => wrapper.layers),
  };
}

async function works(wrapper: Wrapper, harmless: string): Promise<boolean> {
  const [command = '', ...args] = wrapper.words;
  const options = { env: {}, timeout: PROBE_MS };
  return promisify(execFile)(command, [...args, harmless, '--version'], options).then(
    () => true,
    () => false,
  );
}

/** The path of a tool, looked for where the system keeps its own: never in the environment's path. */
function findTool(name: string): string | undefined {
  return TOOL_FOLDERS.map((folder) => `${folder}/${name}`).find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
