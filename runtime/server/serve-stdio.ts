import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';

/**
 * Serves one client over standard input and output until it goes away or `stop` is aborted.
 * @returns why it ended
 */
export async function serveStdio(server: Server, stop: AbortSignal): Promise<'client left' | 'stopped'> {
  const { promise, resolve } = Promise.withResolvers<'client left' | 'stopped'>();
  // The transport does not notice either end of the client going away.
  process.stdin.once('end', () => resolve('client left'));
  process.stdin.once('close', () => resolve('client left'));
  // More than once: each reply to a client that has gone fails anew.
  process.stdout.on('error', () => resolve('client left'));
  server.onclose = () => resolve('client left');
  stop.addEventListener('abort', () => resolve('stopped'), { once: true });
  await server.connect(new StdioServerTransport());
  return promise;
}
