import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface SmallDisk {
  /** An empty folder, which is the disk to the command that is run and to nobody else. */
  readonly place: string;
  readonly megabytes: number;
  /** Whether the command may mount, as root can; otherwise it has the rights of the test. */
  readonly mayMount?: boolean;
}

/** The words before a command that is to see a small empty disk. An ordinary user needs a namespace for it. */
export function onSmallDisk({
  place,
  megabytes,
  mayMount = false,
}: SmallDisk): readonly [string, ...string[]] {
  const own = mayMount ? ['--user', '--map-root-user'] : ['--user', '--map-current-user', '--keep-caps'];
  const run = mayMount ? 'exec "$@"' : 'exec setpriv --inh-caps=-all --ambient-caps=-all "$@"';
  const mount = `mount -t tmpfs -o size=${megabytes}m tmpfs "$0" && ${run}`;
  return ['unshare', ...(process.getuid?.() === 0 ? [] : own), '--mount', 'sh', '-c', mount, place];
}

/** Why a test that needs one is skipped; false where this machine gives small disks. */
export function noSmallDisk(): string | false {
  const place = mkdtempSync(join(tmpdir(), 'small-disk-'));
  const [command, ...args] = onSmallDisk({ place, megabytes: 1 });
  const isThere = spawnSync(command, [...args, 'true']).status === 0;
  rmdirSync(place);
  return isThere ? false : 'a small disk takes mount namespaces, which this machine does not give';
}
