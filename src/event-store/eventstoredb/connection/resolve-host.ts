import { type LookupAddress, promises } from 'node:dns';

/** Asks the system for all addresses of a name; it may take as long as its resolver likes. */
const ofSystem = (name: string) => promises.lookup(name, { all: true });

/**
 * The addresses of a host's name.
 * @param ms milliseconds after which it is given up
 * @throws Error when there are none, or none in time
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

/** The system's resolver has not answered: whether the name has an address is not known. */
export class DnsTimeout extends Error {
  override readonly name = 'DnsTimeout';
  constructor(host: string, ms: number) {
    super(`no address for the host ${host} was found within ${ms} ms: the name server does not answer`);
  }
}
