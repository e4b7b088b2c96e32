import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { z } from 'zod';
import { CHINESE } from '../../kernel/chinese-messages.js';

/** The address of EventStoreDB and how to connect, from its URL. */
export interface ServerAddress {
  /** A single node, or the nodes of a cluster. */
  readonly hosts: readonly [Host, ...Host[]];
  /** Whether the host is a DNS name of all nodes of a cluster (`esdb+discover:`, `kurrentdb+discover:`). */
  readonly discover: boolean;
  readonly tls: boolean;
  readonly credentials?: { readonly username: string; readonly password: string };
  readonly certificates: { readonly authority?: Buffer; readonly user?: { readonly certificate: Buffer; readonly key: Buffer } };
  /** In milliseconds, except `gossipTimeout`, which is in seconds as in the client. */
  readonly settings: {
    readonly connectionName?: string;
    readonly keepAliveInterval?: number;
    readonly keepAliveTimeout?: number;
    readonly maxDiscoverAttempts?: number;
    readonly discoveryInterval?: number;
    readonly gossipTimeout?: number;
  };
}

interface Host {
  readonly address: string;
  readonly port: number;
}

/** The URL is invalid. The message never quotes the URL, which may hold a password. */
class BadEventStoreUrl extends Error {
  override readonly name = 'BadEventStoreUrl';
}

const EXPECTED = 'esdb://[user:password@]host[:port][,host…][?tls=…] 或 esdb+discover://…，也可以写 kurrentdb';
const SHAPE = /^(?:esdb|kurrentdb)(?<discover>\+discover)?:\/\/(?:(?<username>[^:@/?]+):(?<password>[^@/?]+)@)?(?<hosts>[^@/?#]+)\/?(?:\?(?<query>[^#]*))?$/;
const HOST = /^(?<address>[\w.-]+)(?::(?<port>\d{1,5}))?$/;
const DEFAULT_PORT = 2113;
const LAST_PORT = 65_535;

const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const whole = (least: number) => z.coerce.number().int().min(least);

/** Our own parser, because the client's prints the whole URL with its password for an unknown option. */
const options = z
  .strictObject({
    tls: flag.default(true),
    tlscafile: z.string().optional(),
    usercertfile: z.string().optional(),
    userkeyfile: z.string().optional(),
    connectionname: z
      .string()
      .regex(/^[ -~]*$/, '只能用可见的 ASCII 字符')
      .optional(),
    keepaliveinterval: whole(10_000).optional(),
    keepalivetimeout: whole(1).optional(),
    maxdiscoverattempts: whole(1).optional(),
    discoveryinterval: whole(1).optional(),
    gossiptimeout: whole(1).optional(),
    nodepreference: z.literal('leader', '只能是 leader：命令由主节点决定').optional(),
  })
  .refine(({ usercertfile, userkeyfile }) => !usercertfile === !userkeyfile, 'userCertFile 和 userKeyFile 要一起给出');

/**
 * Reads and checks the URL of an EventStoreDB.
 * @throws BadEventStoreUrl when it is malformed, asks for something that is not supported, or in production does not use TLS
 */
export function parseEventStoreUrl(text: string, { production }: { readonly production: boolean }): ServerAddress {
  const shape = SHAPE.exec(text.trim());
  if (!shape) throw new BadEventStoreUrl(`请写成 ${EXPECTED}`);
  const { username, password, hosts = '', query = '' } = shape.groups ?? {};
  const read = options.safeParse(optionsIn(query), { error: CHINESE });
  if (!read.success) throw new BadEventStoreUrl(read.error.issues.map(({ path, message }) => [...path, message].join(': ')).join('；'));
  const { tls, tlscafile, usercertfile, userkeyfile, connectionname, keepaliveinterval, keepalivetimeout, ...discovery } = read.data;
  if (production && !tls)
    throw new BadEventStoreUrl(username ? 'tls=false 时用户名和密码根本不会发出：正式运行时必须用 TLS' : '正式运行时必须用 TLS，不能写 tls=false');
  const discover = shape.groups?.discover !== undefined;
  const [first, ...others] = hosts.split(',').map(hostIn);
  if (!first || (discover && others.length > 0)) throw new BadEventStoreUrl('esdb+discover 只写一个主机：能找到所有节点的那个名称');
  return {
    hosts: [first, ...others],
    discover,
    tls,
    ...(username && password && { credentials: { username: decoded(username), password: decoded(password) } }),
    certificates: {
      ...(tlscafile && { authority: certificateIn('tlsCAFile', tlscafile) }),
      ...(usercertfile && userkeyfile && { user: userIn(usercertfile, userkeyfile) }),
    },
    settings: {
      ...(connectionname && { connectionName: connectionname }),
      ...(keepaliveinterval && { keepAliveInterval: keepaliveinterval }),
      ...(keepalivetimeout && { keepAliveTimeout: keepalivetimeout }),
      ...(discovery.maxdiscoverattempts && { maxDiscoverAttempts: discovery.maxdiscoverattempts }),
      ...(discovery.discoveryinterval && { discoveryInterval: discovery.discoveryinterval }),
      ...(discovery.gossiptimeout && { gossipTimeout: discovery.gossiptimeout }),
    },
  };
}

/** Parses options. Their names are case-insensitive and may contain `-` and `_`, as in the client. */
function optionsIn(query: string): Readonly<Record<string, string>> {
  const pairs = query.split('&').filter((pair) => pair !== '');
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return [name.toLowerCase().replaceAll(/[_-]/g, ''), decoded(value.join('='))];
    }),
  );
}

function hostIn(text: string): Host {
  const { address, port: given = DEFAULT_PORT } = HOST.exec(text.trim())?.groups ?? {};
  if (!address) throw new BadEventStoreUrl(`请写成 ${EXPECTED}`);
  const port = Number(given);
  if (port < 1 || port > LAST_PORT) throw new BadEventStoreUrl(`端口应为 1 到 ${LAST_PORT} 的数字，不能是 ${port}`);
  return { address, port };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    throw new BadEventStoreUrl('其中有一个 % 后面不是编码', { cause: error });
  }
}

/** Checks the certificate and its key now, because TLS would only fail at each connection. */
function userIn(certificateFile: string, keyFile: string): { readonly certificate: Buffer; readonly key: Buffer } {
  const certificate = certificateIn('userCertFile', certificateFile);
  const key = pemIn('userKeyFile', keyFile, '不带密码的私钥', createPrivateKey);
  if (!new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key)))
    throw new BadEventStoreUrl('userCertFile 和 userKeyFile 不是一对：密钥属于另外的证书');
  try {
    createSecureContext({ cert: certificate, key });
  } catch (error) {
    throw new BadEventStoreUrl('userCertFile 和 userKeyFile: TLS 不能使用它们', { cause: error });
  }
  return { certificate, key };
}

function certificateIn(option: string, file: string): Buffer {
  return pemIn(option, file, '证书', (pem) => new X509Certificate(pem));
}

function pemIn(option: string, file: string, what: string, read: (pem: Buffer) => unknown): Buffer {
  let pem: Buffer;
  try {
    pem = readFileSync(file);
  } catch (error) {
    throw new BadEventStoreUrl(`${option}: 无法读取这个文件`, { cause: error });
  }
  try {
    if (!pem.includes('-----BEGIN ')) throw new Error('it has no beginning');
    read(pem);
  } catch (error) {
    throw new BadEventStoreUrl(`${option}: 这个文件中没有 PEM 格式的${what}`, { cause: error });
  }
  return pem;
}
