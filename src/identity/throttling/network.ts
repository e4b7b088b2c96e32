import ipaddr from 'ipaddr.js';

/** The prefix length of the IPv6 network that one connection has to itself. */
const PREFIX = 64;
const WITH_PORT = /^\[([^\]]+)\](?::\d{1,5})?$|^(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}$/;

/**
 * The canonical form of a client's address as a connection or a proxy writes it (`203.0.113.10:51001`, `[2001:db8::1]:443`,
 * `::ffff:203.0.113.10`), without port and zone. A text that is no address stays as it is: proxies write `unknown`.
 */
export function plainAddress(written: string): string {
  return parsed(written)?.toString() ?? written.slice(0, 100);
}

/** The network of an address: for IPv6 a /64, because one connection has all its addresses to itself. */
export function networkOf(address: string): string {
  const read = parsed(address);
  if (!(read instanceof ipaddr.IPv6)) return read?.toString() ?? address;
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${read.toNormalizedString()}/${PREFIX}`)}/${PREFIX}`;
}

function parsed(written: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  const text = written.trim();
  const [, six, four] = WITH_PORT.exec(text) ?? [];
  const [address = ''] = (six ?? four ?? text).split('%');
  if (ipaddr.IPv4.isValidFourPartDecimal(address)) return ipaddr.IPv4.parse(address);
  return ipaddr.IPv6.isValid(address) ? ipaddr.process(address) : undefined;
}
