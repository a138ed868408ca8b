import { BlockList, isIP } from 'node:net';
import { announcedBy, type Surroundings } from './context.ts';

/**
 * Addresses that tell of nobody: loopback, private, link-local, shared, documentation, benchmarks, multicast
 * and reserved, of RFC 6890 and its kin. They are the same in every network, and an agent that looks into a
 * service's configuration needs them.
 */
const NOBODY = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  NOBODY.addSubnet(network, prefix, 'ipv4');
NOBODY.addSubnet('2001:db8::', 32, 'ipv6');
NOBODY.addSubnet('3fff::', 20, 'ipv6');

/** The addresses of IPv6 that are given out so far: 2000::/3. */
const GLOBAL_IPV6 = /^[23][\da-f]{3}:/i;
/** What stands before a version of four parts: `v`, `Chrome/`, `version`. */
const isVersion = announcedBy(
  'v|ver|vers|version|release|build|revision|firmware|sdk|driver|file ?version|product ?version|oid|section|chapter|upgrade|to|from version',
);
const isAddress = announcedBy(
  'ip|ips|ip ?v4|ip ?addr(?:ess)?|address|addr|host|client|remote|peer|server|source|src|dst|from|via|login from|forwarded ?for|real ?ip',
);
const ALL_SINGLE_DIGITS = /^\d\.\d\.\d\.\d$/;

/** Whether a text, as a whole, is the address of somebody's machine, and no version of four parts. */
export function isPersonalAddress(text: string, around: () => Surroundings): boolean {
  switch (isIP(text)) {
    case 4: {
      if (NOBODY.check(text, 'ipv4')) return false;
      if (ALL_SINGLE_DIGITS.test(text) && !isAddress(around())) return false;
      return !isVersion(around()) || isAddress(around());
    }
    case 6:
      return GLOBAL_IPV6.test(text) && !NOBODY.check(text, 'ipv6');
    default:
      return false;
  }
}
