import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { checkServerIdentity, connect as connectTls } from 'node:tls';
import { AccessDenied, CallTimeout, describeError, type Endpoint, isNotReady, LeaderUnreachable, NoLeader, NotLeader } from '../errors.js';
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
  if (wrong.length > 0 && seen.every((each) => each !== undefined)) return wrong.join('；');
  if (error instanceof LeaderUnreachable) return [error.message, ...wrong].join('；');
  if (error instanceof NotLeader && error.leader && (await probeHost(address, error.leader)))
    return [new LeaderUnreachable(error.leader, error).message, ...wrong].join('；');
  if (error instanceof NotLeader || error instanceof NoLeader)
    return [`${address.hosts.map(targetOf).join('、')} 有应答，但集群没有主节点：要有半数以上的节点在运行`, ...wrong].join('；');
  if (error instanceof CallTimeout) return '服务器接受请求，但不应答：请看它的磁盘、负载和日志';
  if (isNotReady(error)) return ['服务器还没有准备好：它在启动，或者在等集群的其他节点', ...wrong].join('；');
  if (/No connection established/.test(describeError(error)))
    return [`${address.hosts.map(targetOf).join('、')} 的应答不是 EventStoreDB 的，或者它关闭了连接：请检查地址、端口和中间的代理`, ...wrong].join('；');
  return [describeError(error), ...wrong].join('；');
}

/** Explains to an operator why the user was refused. */
export function describeAccessDenied({ credentials, tls }: ServerAddress, { why }: AccessDenied): string {
  if (!credentials) return '服务器要求用户名和密码：请在 URL 中写 user:password@';
  if (!tls) return '服务器要求用户名和密码，而 tls=false 时不会发出';
  if (why === 'user') return `服务器拒绝了用户 ${credentials.username} 或它的密码`;
  if (why === 'write') return `用户 ${credentials.username} 没有权限写这个中心的事件流`;
  return `用户 ${credentials.username} 没有权限读 $all，或者没有权限使用这个中心的事件流`;
}

/** What is wrong with a host as seen from here; undefined when it can be connected to as the URL says. */
async function probeHost(address: ServerAddress, host: Endpoint): Promise<string | undefined> {
  const target = targetOf(host);
  const found = await resolveHost(host.address, PROBE_TIMEOUT).catch((error: unknown) => (error instanceof DnsTimeout ? error.message : []));
  if (typeof found === 'string') return found;
  const [where] = found;
  if (!where) return `找不到主机 ${host.address} 的地址：请检查名称和 DNS`;
  const plain = await tryConnect(connectTcp({ host: where.address, port: host.port }), 'connect');
  if (plain === 'silence') return `${target} 没有应答：请检查服务器、端口和防火墙`;
  if (plain) return `${target} 没有程序在监听：请检查服务器是否在运行、端口是否正确`;
  const isNamed = isIP(host.address) === 0;
  const options = { host: where.address, port: host.port, ALPNProtocols: ['h2'], servername: isNamed ? host.address : '' };
  if (!address.tls) {
    const anybody = await tryConnect(connectTls({ ...options, rejectUnauthorized: false }), 'secureConnect');
    return anybody === undefined ? `${target} 使用 TLS：URL 中不能写 tls=false` : undefined;
  }
  const { authority: ca } = address.certificates;
  const identity = (_: string, certificate: Parameters<typeof checkServerIdentity>[1]) => checkServerIdentity(host.address, certificate);
  const refused = await tryConnect(connectTls({ ...options, checkServerIdentity: identity, ...(ca && { ca }) }), 'secureConnect');
  if (refused === undefined) return undefined;
  if (UNKNOWN_AUTHORITY.has(refused)) return `${target} 的证书由这里不认识的机构签发：请用 tlsCAFile 给出它的文件`;
  if (refused === 'CERT_HAS_EXPIRED') return `${target} 的证书已过期`;
  if (refused === 'ERR_TLS_CERT_ALTNAME_INVALID') return `${target} 的证书不是给 ${host.address} 的`;
  if (refused === 'silence') return `${target} 接受连接，但 TLS 开始后不应答：服务器或中间的设备停住了`;
  if (NOT_TLS.has(refused)) return `${target} 没有使用 TLS（${refused}）：服务器需要证书`;
  return `与 ${target} 的 TLS 连接失败：${refused}`;
}

/** Undefined when the connection succeeded; otherwise the error's code, or `silence`. */
async function tryConnect(socket: Socket, made: 'connect' | 'secureConnect'): Promise<string | undefined> {
  try {
    return await new Promise((resolve) => {
      socket.setTimeout(PROBE_TIMEOUT, () => resolve('silence'));
      socket.once(made, () => resolve(undefined));
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      socket.once('close', () => resolve('连接被关闭'));
    });
  } finally {
    socket.on('error', () => undefined); // later errors are ignored
    socket.destroy();
  }
}
