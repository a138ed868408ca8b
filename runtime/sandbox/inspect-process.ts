import { readFileSync, readlinkSync } from 'node:fs';

export const NAMESPACES = ['user', 'net', 'pid', 'ipc'] as const;
export type Namespace = (typeof NAMESPACES)[number];

/** What the system says of a process (Linux: `proc(5)`). Members are undefined where it says nothing. */
export interface ProcessFacts {
  readonly hasNoNewPrivileges: boolean | undefined;
  /** Permitted capabilities, hex. */
  readonly capabilities: string | undefined;
  /** Whether each namespace is another one than this process's. */
  readonly ownNamespaces: Readonly<Record<Namespace, boolean | undefined>>;
  /** Soft limits by the names of `/proc/<pid>/limits`, such as `Max data size`; `unlimited` or a number. */
  readonly limits: ReadonlyMap<string, string>;
}

/** Asks the system how a process is confined. Never throws. */
export function inspectProcess(pid: number): ProcessFacts {
  const status = read(`/proc/${pid}/status`);
  const find = (field: string): string | undefined =>
    new RegExp(`^${field}:\\s*(\\w+)$`, 'm').exec(status)?.[1];
  const noNewPrivileges = find('NoNewPrivs');
  return {
    hasNoNewPrivileges: noNewPrivileges === undefined ? undefined : noNewPrivileges === '1',
    capabilities: find('CapPrm'),
    ownNamespaces: {
      user: isOther(pid, 'user'),
      net: isOther(pid, 'net'),
      pid: isOther(pid, 'pid'),
      ipc: isOther(pid, 'ipc'),
    },
    limits: new Map(
      [...read(`/proc/${pid}/limits`).matchAll(/^(Max [a-z ]+?) {2,}(\w+)/gm)].map(
        ([, name = '', soft = '']) => [name, soft],
      ),
    ),
  };
}

function isOther(pid: number, namespace: Namespace): boolean | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/${namespace}`) !== readlinkSync(`/proc/self/ns/${namespace}`);
  } catch {
    return undefined;
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
