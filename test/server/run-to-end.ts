import { execFile } from 'node:child_process';
import { MAIN } from './open-client.ts';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built program with these arguments and nothing on standard input, until it ends by itself. */
export function runToEnd(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return new Promise((done) => {
    const child = execFile(
      process.execPath,
      [MAIN, ...args],
      { env: { ...process.env, ...env } },
      (error, stdout, stderr) =>
        done({ code: error === null ? 0 : (error.code as unknown as number), stdout, stderr }),
    );
    child.stdin?.end();
  });
}
