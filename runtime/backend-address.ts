import { BlockList, isIP } from 'node:net';
import { StartError } from './start-error.ts';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8);
LOOPBACK.addAddress('::1', 'ipv6');

/** Whether a text is an address, and no command. */
export function isAddress(text: string): boolean {
  return /^https?:/i.test(text);
}

/**
 * Reads the address of a backend. What is sent there, credentials among it, is encrypted, stays on this machine, or
 * goes to a host that was named for it.
 * @param what the setting, for messages; the address itself may hold what no log may
 * @param plainHttp hosts that may be spoken to over http://
 * @throws {StartError} INVALID_SETTING
 */
export function parseAddress(text: string, what: string, plainHttp: readonly string[]): URL {
  const url = URL.parse(text);
  if (url === null || !isAddress(text)) throw invalid(what, 'it needs an http or https address');
  if (url.username !== '' || url.password !== '')
    throw invalid(
      what,
      'credentials in an address are seen by all; give them as a header in the environment',
    );
  if (url.hash !== '') throw invalid(what, 'an address has nothing after a #');
  if (url.protocol === 'http:' && !isLoopback(url.hostname) && !plainHttp.includes(url.hostname)) {
    throw invalid(
      what,
      `http:// is not encrypted; use https://, or allow it with --plain-http ${url.hostname}`,
    );
  }
  return url;
}

function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (host === 'localhost') return true;
  return isIP(host) !== 0 && LOOPBACK.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4');
}

function invalid(what: string, why: string): StartError {
  return new StartError('INVALID_SETTING', `${what}: ${why}.`);
}
