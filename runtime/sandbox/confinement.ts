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
  /** The user that workers run as, where it is not the server's. */
  readonly user: number | undefined;
  /** In plain words, strongest first. */
  readonly layers: readonly string[];
}

interface Wrapper {
  readonly words: readonly string[];
  readonly layers: readonly string[];
  readonly user?: number;
}

/** The layer that the system does not show of a process afterwards. */
export const DEATH_WITH_SERVER = 'death with the server';

const TOOL_FOLDERS = ['/usr/bin', '/bin', '/usr/sbin', '/sbin', '/run/current-system/sw/bin'];
const PROBE_MS = 5_000;
/** The user that owns nothing, by custom. */
const NOBODY = 65_534;

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
  // Libraries read files that the environment names, past the permission model: from now on it is a mere object.
  Object.defineProperty(process, 'env', { value: Object.freeze({ TZ: process.env.TZ }) });
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
    user: wrapper?.user,
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
  return [
    '--no-js-source-phase-imports',
    '--disable-sigusr1',
    // Node's permission model does not cover database files.
    '--no-experimental-sqlite',
    // V8's flags can switch its own safety off; whoever tries to set one ends the process.
    '--freeze-flags-after-init',
    `--max-old-space-size=${limits.heapMb}`,
    // A worker runs many short programs: with a large nursery it keeps 30 MB more of what they left.
    '--max-semi-space-size=2',
  ];
}

/** The strongest wrapper that works here. `unshare` and `setpriv` are from util-linux. */
async function findWrapper(): Promise<Wrapper | undefined> {
  const [setpriv, unshare] = [findTool('setpriv'), findTool('unshare')];
  for (const candidate of setpriv === undefined ? [] : listWrappers(setpriv, unshare)) {
    if (await works(candidate)) return candidate;
  }
  return undefined;
}

/** All wrappers that these tools can make, strongest first. */
function listWrappers(setpriv: string, unshare: string | undefined): readonly Wrapper[] {
  const privileges: Wrapper = {
    words: [setpriv, '--no-new-privs', '--pdeathsig', 'KILL'],
    layers: ['no new privileges', DEATH_WITH_SERVER],
  };
  // Root is exempt from limits on processes, and owns too many files to be what is left after an escape.
  const nobody: Wrapper = {
    words: [setpriv, `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'],
    layers: ['a user of no rights'],
    user: NOBODY,
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
  const confined = [
    ...(unshare === undefined
      ? []
      : [join(privileges, namespaces, capabilities), join(privileges, namespaces)]),
    join(privileges, capabilities),
    privileges,
  ];
  return process.getuid?.() === 0
    ? confined.flatMap((wrapper) => [join(nobody, wrapper), wrapper])
    : confined;
}

function join(...wrappers: readonly Wrapper[]): Wrapper {
  const user = wrappers.find((wrapper) => wrapper.user !== undefined)?.user;
  return {
    words: wrappers.flatMap((wrapper) => wrapper.words),
    layers: wrappers.flatMap((wrapper) => wrapper.layers),
    ...(user !== undefined && { user }),
  };
}

/** Whether the wrapper can be put on, and whoever wears it may still run Node. */
async function works(wrapper: Wrapper): Promise<boolean> {
  const [command = '', ...args] = wrapper.words;
  const probe = [findTool('test') ?? '', '-x', process.execPath];
  return promisify(execFile)(command, [...args, ...probe], { env: {}, timeout: PROBE_MS }).then(
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
