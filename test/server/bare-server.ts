import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Reply } from '../../runtime/reply.ts';
import { isAlive, until } from '../await-state.ts';
import { MAIN, processesBelow } from './open-client.ts';

/** The built server with its pipes in the test's own hands, to break them. */
export interface BareServer {
  readonly child: ChildProcess & { readonly pid: number };
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  log(): string;
  /** Sends a program; resolves to its reply, or never. */
  execute(code: string, more?: Record<string, unknown>): Promise<Reply>;
  /** Every process that the server has started and that is there now: the server stands still meanwhile. */
  freeze(): Promise<readonly number[]>;
}

/** Tests ask until something holds: how often depends on the machine. */
const ANY_NUMBER = ['--limit', 'executionsPerMinute=10000'];

/** @param wrapper a command that becomes the server, given its command line */
export async function startBareServer(
  dataDirectory: string,
  flags: readonly string[] = [],
  wrapper: readonly string[] = [],
): Promise<BareServer> {
  const server = [process.execPath, MAIN, '--data-dir', dataDirectory, ...ANY_NUMBER, ...flags];
  const [command = '', ...args] = [...wrapper, ...server];
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
  const waiting = new Map<number, (result: { structuredContent?: Reply }) => void>();
  let log = '';
  let last = 0;
  child.stderr.on('data', (chunk: Buffer) => {
    log += chunk.toString();
  });
  // Breaking the pipe is what these tests are for.
  child.stdin.on('error', () => undefined);
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { id, result } = JSON.parse(line);
    waiting.get(id)?.(result);
  });
  const request = (method: string, params: unknown): Promise<{ structuredContent?: Reply }> => {
    last += 1;
    const id = last;
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
    return new Promise((resolve) => waiting.set(id, resolve));
  };
  await request('initialize', {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: 'bare', version: '1' },
  });
  child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' })}\n`);
  const pid = child.pid ?? 0;
  return {
    child: Object.assign(child, { pid }),
    ended,
    log: () => log,
    execute: async (code, more = {}) => {
      const { structuredContent } = await request('tools/call', {
        name: 'execute',
        arguments: { code, ...more },
      });
      if (structuredContent === undefined) throw new Error('a reply without content');
      return structuredContent;
    },
    freeze: async () => {
      process.kill(pid, 'SIGSTOP');
      await until(() => /^State:\s+T/m.test(readFileSync(`/proc/${pid}/status`, 'utf8')));
      return processesBelow(pid);
    },
  };
}

/** Waits until none of these processes is there. */
export async function untilGone(pids: readonly number[]): Promise<void> {
  await until(() => !pids.some(isAlive));
}
