import { BlockList, isIP } from 'node:net';

// IANA's special-purpose registries (RFC 6890 and after): everything that is not the public internet.
const RESERVED_IPV4: [string, number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
];
const RESERVED_IPV6: [string, number][] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  // 6to4 carries an IPv4 address, which could be any.
  ['2002::', 16],
  ['3fff::', 20],
];

const reserved = new BlockList();
for (const [net, bits] of RESERVED_IPV4) reserved.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of RESERVED_IPV6) reserved.addSubnet(net, bits, 'ipv6');

/** Of all IPv6 only what is routed worldwide. */
const global6 = new BlockList();
global6.addSubnet('2000::', 3, 'ipv6');

/** IPv4 in IPv6 clothes: mapped, and the translation prefix of networks without IPv4 (RFC 6052). */
const carriesIpv4 = new BlockList();
carriesIpv4.addSubnet('::ffff:0:0', 96, 'ipv6');
carriesIpv4.addSubnet('64:ff9b::', 96, 'ipv6');

/** True for an address on the public internet; false for anything else, also for what is not an address at all. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !reserved.check(address, 'ipv4');
  if (family !== 6 || address.includes('%')) return false;
  if (carriesIpv4.check(address, 'ipv6')) return isPublicAddress(lastFourBytes(address));
  return global6.check(address, 'ipv6') && !reserved.check(address, 'ipv6');
}

// Where clouds hand out credentials to whoever asks from the machine itself: AWS and most others, AWS containers, AWS over
// IPv6, Alibaba, Oracle (and the link-local range they lie in).
const metadata = new BlockList();
metadata.addSubnet('169.254.0.0', 16, 'ipv4');
metadata.addAddress('100.100.100.200', 'ipv4');
metadata.addAddress('192.0.0.192', 'ipv4');
metadata.addAddress('fd00:ec2::254', 'ipv6');
metadata.addAddress('fd20:ce::254', 'ipv6');

/** True for an address that no setting opens: it would give away the machine's own credentials. */
export function isMetadataAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return metadata.check(address, 'ipv4');
  if (family !== 6) return false;
  if (carriesIpv4.check(address, 'ipv6')) return isMetadataAddress(lastFourBytes(address));
  return metadata.check(address, 'ipv6');
}

function lastFourBytes(address: string): string {
  // The URL parser writes every IPv6 address in one form, a dotted tail as two groups.
  const groups = new URL(`http://[${address}]`).hostname.slice(1, -1).split(':');
  const [high = 0, low = 0] = groups.slice(-2).map((group) => Number.parseInt(group || '0', 16));
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}
