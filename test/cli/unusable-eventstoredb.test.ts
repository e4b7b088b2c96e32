import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ServerCredentials } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SilentHost } from '../event-store/eventstoredb/silent-host.js';
import { MemoryLog } from '../event-store/eventstoredb/test-server/memory-log.js';
import { TestCluster } from '../event-store/eventstoredb/test-server/test-cluster.js';
import { TestServer } from '../event-store/eventstoredb/test-server/test-server.js';
import { smallBatch } from '../imports/scratch.js';
import { TcpProxy } from '../tcp-proxy.js';

const PROGRAM = fileURLToPath(new URL('../../bin/personal-centre.mjs', import.meta.url));
const tls = fileURLToPath(new URL('../fixtures/tls/', import.meta.url));
const SECRET = 'secret-word';
const NOT_REACHED = '集群所说的主节点 127.0.0.1:1 从这里连接不上';
/** Milliseconds after which a command that does not end by itself is killed: before the peer or the system ends its connections. */
const KILLED = 60_000;
const { ESDB_URL: real = '' } = process.env;
/** What is wrong with a URL is tried at the server of ESDB_URL as far as its own is right in this way: with TLS, an authority and a user, or without TLS. */
const isRealPlain = /[?&]tls=false/i.test(real);
const isRealSecured = !isRealPlain && /:\/\/[^:@/]+:[^@/]+@.*[?&]tlscafile=/i.test(real);
const [, user = 'centre', password = SECRET] = isRealSecured ? (/:\/\/([^:@/]+):([^@/]+)@/.exec(real) ?? []) : [];

const as = (credentials: string, url: string) => url.replace(/:\/\/(?:[^@/]*@)?/, `://${credentials && `${credentials}@`}`);
/** Without an option, or with another value. */
function but(option: string, url: string, value?: string): string {
  const [place, query = ''] = url.split('?');
  const options = query.split('&').filter((pair) => pair !== '' && pair.split('=')[0]?.toLowerCase() !== option);
  return `${place}?${[...options, ...(value === undefined ? [] : [`${option}=${value}`])].join('&')}`;
}

const portOf = (server: Server) => (server.address() as AddressInfo).port;

describe('A command that cannot use EventStoreDB', () => {
  let folder: string;
  let plain: TestServer;
  let secured: TestServer;
  let again: TestServer;
  let hanging: TcpProxy;
  let deaf: SilentHost;
  let cluster: TestCluster;
  /** Nodes that name a leader whom nobody reaches, and one that is starting. */
  let misled: TestServer;
  let misledToo: TestServer;
  let early: TestServer;
  /** It speaks HTTP, as a proxy in front of nobody does. */
  let stranger: Server;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'refusals-'));
    plain = await TestServer.start();
    const pair = { private_key: readFileSync(`${tls}server.key`), cert_chain: readFileSync(`${tls}server.pem`) };
    secured = await TestServer.start(new MemoryLog(), 0, undefined, ServerCredentials.createSsl(null, [pair]));
    again = await TestServer.start(new MemoryLog(), 0, undefined, ServerCredentials.createSsl(null, [pair]));
    hanging = await TcpProxy.to(secured.port);
    hanging.hang();
    deaf = await SilentHost.start();
    secured.users = { [`centre:${SECRET}`]: 'all', [`guest:${SECRET}`]: 'own', [`reader:${SECRET}`]: 'read' };
    again.users = secured.users;
    cluster = await TestCluster.start();
    cluster.elect(undefined);
    const elsewhere = { leads: () => false, leader: () => 1, nodes: () => [{ port: 1, leads: true }] };
    [misled, misledToo, early] = await Promise.all([TestServer.start(undefined, 0, elsewhere), TestServer.start(undefined, 0, elsewhere), TestServer.start()]);
    early.notReady = true;
    stranger = createServer((_, answer) => answer.writeHead(502).end());
    await once(stranger.listen(0, '127.0.0.1'), 'listening');
  });
  afterAll(async () => {
    await Promise.all([
      plain.stop(),
      secured.stop(),
      again.stop(),
      hanging.close(),
      deaf.stop(),
      cluster.close(),
      misled.stop(),
      misledToo.stop(),
      early.stop(),
      promisify(stranger.close.bind(stranger))(),
    ]);
    rmSync(folder, { recursive: true });
  });

  const run = (url: string, ...command: string[]) =>
    new Promise<{ code: number | NodeJS.Signals | null; said: string; told: string }>((resolve) => {
      const environment = { ...process.env, DATA_DIR: folder, EVENT_STORE_URL: url, LOG_LEVEL: 'info', NODE_ENV: 'development' };
      const child = spawn(process.execPath, [PROGRAM, ...(command.length > 0 ? command : ['projections'])], { env: environment, stdio: 'pipe' });
      const killing = setTimeout(() => child.kill('SIGKILL'), KILLED);
      let [said, told] = ['', ''];
      child.stderr.on('data', (bytes) => {
        said += bytes;
      });
      child.stdout.on('data', (bytes) => {
        told += bytes;
      });
      child.once('close', (code, signal) => {
        clearTimeout(killing);
        resolve({ code: code ?? signal, said: said.trim(), told });
      });
    });
  const authority = `tlsCAFile=${tls}authority.pem`;
  const closed = async () => {
    const server = await TestServer.start();
    await server.stop();
    return server.port;
  };

  const securedUrl = (host: string) => (isRealSecured ? real : `esdb://centre:${SECRET}@${host}:${secured.port}?${authority}`);
  const twoHosts = (credentials: string) => `esdb://${credentials}127.0.0.1:${secured.port},127.0.0.1:${again.port}?${authority}`;
  const plainUrl = () => (isRealPlain ? real : `esdb://127.0.0.1:${plain.port}?tls=false`);

  it.each<[string, () => string | Promise<string>, string]>([
    ['the password is wrong', () => as(`${user}:not-${SECRET}`, securedUrl('127.0.0.1')), `服务器拒绝了用户 ${user} 或它的密码`],
    ['there are no credentials', () => as('', securedUrl('127.0.0.1')), '服务器要求用户名和密码：请在 URL 中写 user:password@'],
    ['the password is wrong, of two hosts,', () => twoHosts(`centre:not-${SECRET}@`), '服务器拒绝了用户 centre 或它的密码'],
    ['there are no credentials, of two hosts,', () => twoHosts(''), '服务器要求用户名和密码：请在 URL 中写 user:password@'],
    ['the user may not read $all, of two hosts,', () => twoHosts(`guest:${SECRET}@`), '用户 guest 没有权限读 $all'],
    ['it hangs when TLS begins', () => `esdb://centre:${SECRET}@127.0.0.1:${hanging.port}?${authority}`, '接受连接，但 TLS 开始后不应答'],
    ['its host drops what comes', () => `esdb://127.0.0.1:${deaf.port}?tls=false`, '没有应答'],
    ['the user may not read $all', () => `esdb://guest:${SECRET}@localhost:${secured.port}?${authority}`, '用户 guest 没有权限读 $all'],
    ['nobody knows the authority', () => but('tlscafile', securedUrl('localhost')), '的证书由这里不认识的机构签发'],
    ['it asks for TLS and there is none', () => as(`${user}:${SECRET}`, but('tls', plainUrl())), '没有使用 TLS'],
    ['it asks without TLS and there is', () => but('tls', securedUrl('127.0.0.1'), 'false'), '使用 TLS：URL 中不能写 tls=false'],
    ['nobody is at the address', async () => `esdb://127.0.0.1:${await closed()}?tls=false`, '没有程序在监听'],
    ['the host has no address', () => 'esdb://nobody.invalid?tls=false', '找不到主机 nobody.invalid 的地址'],
    ['a follower is alone', () => `esdb://127.0.0.1:${cluster.followers[0]?.port}?tls=false`, '集群没有主节点'],
    ['a cluster has no majority', () => cluster.url, '集群没有主节点'],
    ['the leader is named by an address that leads nowhere', () => `esdb://127.0.0.1:${misled.port}?tls=false`, NOT_REACHED],
    ['the leader is named so, by two hosts,', () => `esdb://127.0.0.1:${misled.port},127.0.0.1:${misledToo.port}?tls=false`, NOT_REACHED],
    ['it is not ready', () => `esdb://127.0.0.1:${early.port}?tls=false`, '服务器还没有准备好'],
    ['one of two hosts is not ready', async () => `esdb://127.0.0.1:${early.port},127.0.0.1:${await closed()}?tls=false`, '服务器还没有准备好'],
    ['something else answers', () => `esdb://127.0.0.1:${portOf(stranger)}?tls=false`, '的应答不是 EventStoreDB 的，或者它关闭了连接'],
  ])('A command that cannot use EventStoreDB says so in one sentence and ends with 3 where %s', async (_, url, sentence) => {
    const { code, said, told } = await run(await url());
    expect({ code, told, lines: said.split('\n').length, said }).toEqual({ code: 3, told: '', lines: 1, said: expect.stringContaining(sentence) });
    for (const secret of [SECRET, password]) expect(said).not.toContain(secret);
  });

  it('A command that cannot use EventStoreDB says so in one sentence and ends with 3 where the user may read and not write', async () => {
    const batch = await smallBatch();
    const { code, said } = await run(`esdb://reader:${SECRET}@127.0.0.1:${secured.port}?${authority}`, 'import', batch.folder);
    const sentences = said.split('\n').filter((line) => !line.startsWith('{"level"')); // the log stands between them
    expect({ code, said: sentences.join('\n') }).toEqual({
      code: 3,
      said: `数据文件夹：${folder}\n事件日志无法使用：用户 reader 没有权限写这个中心的事件流`,
    });
    expect(secured.log.stream('installation')).toBeUndefined();
  });

  it('A command that cannot use EventStoreDB does its work and ends where one of three hosts drops what comes', async () => {
    const sound = await TestCluster.start();
    const [leader, follower] = sound.nodes.map(({ port }) => `127.0.0.1:${port}`);
    const { code, said } = await run(`esdb://${leader},${follower},127.0.0.1:${deaf.port}?tls=false`);
    await sound.close();
    expect({ code, said }).toEqual({ code: 0, said: '' });
  });

  it('A command that cannot use EventStoreDB works with TLS and a user of its own, by an address as well, and without a warning', async () => {
    const { code, said } = await run(securedUrl('127.0.0.1'));
    expect({ code, said }).toEqual({ code: 0, said: '' });
  });
});
