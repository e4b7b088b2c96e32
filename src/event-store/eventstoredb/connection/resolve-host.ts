import { type LookupAddress, promises } from 'node:dns';

/** The system's lookup of all addresses of a name, which has no timeout. */
const ofSystem = (name: string) => promises.lookup(name, { all: true });

/**
 * Resolves a host name to its addresses.
 * @param ms timeout in milliseconds
 * @throws DnsTimeout, or Error when there is no address
 */
export async function resolveHost(
  name: string,
  ms: number,
  look: (name: string) => Promise<readonly LookupAddress[]> = ofSystem,
): Promise<readonly LookupAddress[]> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new DnsTimeout(name, ms)), ms);
  try {
    return await Promise.race([look(name), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The system's resolver has not answered in time. */
export class DnsTimeout extends Error {
  override readonly name = 'DnsTimeout';
  constructor(host: string, ms: number) {
    super(`${ms} 毫秒内没有找到主机 ${host} 的地址：域名服务器没有应答`);
  }
}
