import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { checkServerIdentity, connect as connectTls } from 'node:tls';
import { AccessDenied, CallTimeout, describeError, type Endpoint, isNotReady, LeaderUnreachable, NotLeader } from '../errors.js';
import type { ServerAddress } from '../url.js';
import { targetOf } from './node.js';
import { DnsTimeout, resolveHost } from './resolve-host.js';

/** Milliseconds that probing a host may take. */
const PROBE_TIMEOUT = 1_500;

const UNKNOWN_AUTHORITY = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
]);

/** TLS error codes when the peer does not speak TLS. */
const NOT_TLS = new Set(['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG', 'ERR_SSL_HTTP_REQUEST']);

/** Explains to an operator why EventStoreDB cannot be used, by probing its hosts. Contains no secret. */
export async function diagnose(address: ServerAddress, error: unknown): Promise<string> {
  if (error instanceof AccessDenied) return describeAccessDenied(address, error);
  const seen = await Promise.all(address.hosts.map((host) => probeHost(address, host)));
  const wrong = [...new Set(seen.filter((each) => each !== undefined))];
  if (wrong.length > 0 && seen.every((each) => each !== undefined)) return wrong.join('; ');
  if (error instanceof LeaderUnreachable) return [error.message, ...wrong].join('; ');
  if (error instanceof NotLeader && error.leader && (await probeHost(address, error.leader)))
    return [new LeaderUnreachable(error.leader, error).message, ...wrong].join('; ');
  if (error instanceof NotLeader || /no leader/.test(describeError(error)))
    return [`${address.hosts.map(targetOf).join(', ')} answers, and the cluster has no leader: a majority of its nodes must be there`, ...wrong].join('; ');
  if (error instanceof CallTimeout) return 'the server takes calls and does not answer them';
  if (isNotReady(error)) return ['the server is not ready: it is starting, or waits for its cluster', ...wrong].join('; ');
  if (/No connection established/.test(describeError(error)))
    return [`what answers at ${address.hosts.map(targetOf).join(', ')} is no EventStoreDB, or closes connections`, ...wrong].join('; ');
  return [describeError(error), ...wrong].join('; ');
}

/** Explains to an operator why the user was refused. */
export function describeAccessDenied({ credentials, tls }: ServerAddress, { why }: AccessDenied): string {
  if (!credentials) return 'the server wants a user: write it into the URL as user:password@';
  if (!tls) return 'the server wants a user, and with tls=false none is sent';
  if (why === 'user') return `the server refuses the user ${credentials.username} or its password`;
  if (why === 'write') return `the user ${credentials.username} has no right to write to the centre's streams`;
  return `the user ${credentials.username} has no right to read $all, or to what was asked of the centre's streams`;
}

/** What is wrong with a host as seen from here; undefined when it can be connected to as the URL says. */
async function probeHost(address: ServerAddress, host: Endpoint): Promise<string | undefined> {
  const target = targetOf(host);
  const found = await resolveHost(host.address, PROBE_TIMEOUT).catch((error: unknown) => (error instanceof DnsTimeout ? error.message : []));
  if (typeof found === 'string') return found;
  const [where] = found;
  if (!where) return `no address is known for the host ${host.address}`;
  const plain = await tryConnect(connectTcp({ host: where.address, port: host.port }), 'connect');
  if (plain === 'silence') return `${target} does not answer`;
  if (plain) return `nobody answers at ${target}`;
  const isNamed = isIP(host.address) === 0;
  const options = { host: where.address, port: host.port, ALPNProtocols: ['h2'], servername: isNamed ? host.address : '' };
  if (!address.tls) {
    const anybody = await tryConnect(connectTls({ ...options, rejectUnauthorized: false }), 'secureConnect');
    return anybody === undefined ? `${target} speaks TLS: the URL must not say tls=false` : undefined;
  }
  const { authority: ca } = address.certificates;
  const identity = (_: string, certificate: Parameters<typeof checkServerIdentity>[1]) => checkServerIdentity(host.address, certificate);
  const refused = await tryConnect(connectTls({ ...options, checkServerIdentity: identity, ...(ca && { ca }) }), 'secureConnect');
  if (refused === undefined) return undefined;
  if (UNKNOWN_AUTHORITY.has(refused)) return `the certificate of ${target} is of an authority that is not known here: name its file with tlsCAFile`;
  if (refused === 'CERT_HAS_EXPIRED') return `the certificate of ${target} has expired`;
  if (refused === 'ERR_TLS_CERT_ALTNAME_INVALID') return `the certificate of ${target} is for another name than ${host.address}`;
  if (refused === 'silence') return `${target} takes connections and does not answer when TLS begins`;
  if (NOT_TLS.has(refused)) return `${target} speaks without TLS (${refused}): it needs a certificate`;
  return `TLS with ${target} fails: ${refused}`;
}

/** Undefined when the connection succeeded; otherwise the error's code, or `silence`. */
async function tryConnect(socket: Socket, made: 'connect' | 'secureConnect'): Promise<string | undefined> {
  try {
    return await new Promise((resolve) => {
      socket.setTimeout(PROBE_TIMEOUT, () => resolve('silence'));
      socket.once(made, () => resolve(undefined));
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      socket.once('close', () => resolve('it was closed'));
    });
  } finally {
    socket.on('error', () => undefined); // later errors are ignored
    socket.destroy();
  }
}
