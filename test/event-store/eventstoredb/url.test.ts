import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parseEventStoreUrl } from '../../../src/event-store/eventstoredb/url.js';

const tls = fileURLToPath(new URL('../../fixtures/tls/', import.meta.url));
const der = () => new X509Certificate(readFileSync(`${tls}server.pem`)).raw;
/** A private key of no certificate. */
function ownKey(password?: string): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return String(privateKey.export({ type: 'pkcs8', format: 'pem', ...(password && { cipher: 'aes-256-cbc', passphrase: password }) }));
}

describe('The URL of an EventStoreDB', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'certificates-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const read = (url: string, production = false) => parseEventStoreUrl(url, { production });
  const refusal = (url: string, production = false): string => {
    try {
      read(url, production);
    } catch (error) {
      if (error instanceof Error && error.name === 'BadEventStoreUrl') return `${error.message} ${(error.cause as Error | undefined)?.message ?? ''}`;
      throw error;
    }
    throw new Error(`${url} was not refused`);
  };

  it('The URL of an EventStoreDB names one node, with TLS and the default port unless it says otherwise', () => {
    expect(read('esdb://events')).toEqual({ hosts: [{ address: 'events', port: 2113 }], discover: false, tls: true, certificates: {}, settings: {} });
    expect(read(' esdb://127.0.0.1:4000/?tls=false ')).toMatchObject({ hosts: [{ address: '127.0.0.1', port: 4000 }], tls: false });
  });

  it('The URL of an EventStoreDB names the nodes of a cluster, or a DNS name of all of them', () => {
    expect(read('esdb://a.example,b.example:2114,c.example')).toMatchObject({
      hosts: [
        { address: 'a.example', port: 2113 },
        { address: 'b.example', port: 2114 },
        { address: 'c.example', port: 2113 },
      ],
      discover: false,
    });
    expect(read('esdb+discover://cluster.example:2113')).toMatchObject({ hosts: [{ address: 'cluster.example' }], discover: true });
    expect(refusal('esdb+discover://a,b')).toContain('只写一个主机');
  });

  it('The URL of an EventStoreDB may use the scheme of KurrentDB', () => {
    expect(read('kurrentdb://a,b:2114?tls=false')).toEqual(read('esdb://a,b:2114?tls=false'));
    expect(read('kurrentdb+discover://cluster.example')).toEqual(read('esdb+discover://cluster.example'));
  });

  it('The URL of an EventStoreDB may hold credentials with percent-encoded characters', () => {
    expect(read('esdb://centre:p%40ss%3Aword%25@events').credentials).toEqual({ username: 'centre', password: 'p@ss:word%' });
  });

  it('The URL of an EventStoreDB may hold options in any spelling of their names', () => {
    const url = 'esdb://events?tls=true&keepAliveInterval=15000&keep-alive-timeout=5000&Connection_Name=the%20centre&nodePreference=leader';
    expect(read(`${url}&maxDiscoverAttempts=3&discoveryInterval=50&gossipTimeout=2`).settings).toEqual({
      keepAliveInterval: 15_000,
      keepAliveTimeout: 5_000,
      connectionName: 'the centre',
      maxDiscoverAttempts: 3,
      discoveryInterval: 50,
      gossipTimeout: 2,
    });
  });

  describe('Its certificate files', () => {
    const server = { certificate: `${tls}server.pem`, key: `${tls}server.key` };
    const written = (name: string, text: string | Buffer) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const user = (certificate: string, key: string) => `esdb://centre:secret-word@events?userCertFile=${certificate}&userKeyFile=${key}`;

    it('The URL of an EventStoreDB names certificate files, which are read when it is parsed', () => {
      const authority = written('both.pem', Buffer.concat([readFileSync(`${tls}authority.pem`), readFileSync(server.certificate)]));
      const { certificates } = read(`${user(server.certificate, server.key)}&tlsCaFile=${authority}`);
      expect(certificates).toEqual({
        authority: readFileSync(authority),
        user: { certificate: readFileSync(server.certificate), key: readFileSync(server.key) },
      });
    });

    it.each<[string, () => string, string]>([
      ['an authority that is not there', () => `esdb://events?tlsCaFile=${folder}/none.pem`, 'tlsCAFile: 无法读取这个文件'],
      ['an authority that is a folder', () => `esdb://events?tlsCaFile=${folder}`, 'tlsCAFile: 无法读取这个文件'],
      ['an authority that is no certificate', () => `esdb://events?tlsCaFile=${written('ca', 'secret-word')}`, 'tlsCAFile: 这个文件中没有 PEM 格式的证书'],
      ['a key in the place of an authority', () => `esdb://events?tlsCaFile=${server.key}`, 'tlsCAFile: 这个文件中没有 PEM 格式的证书'],
      ['a name that no header can hold', () => 'esdb://events?connectionName=%E8%80%83', 'connectionname: 只能用可见的 ASCII 字符'],
      ['a certificate without its key', () => `esdb://events?userCertFile=${server.certificate}`, '要一起给出'],
      ['a certificate that is none', () => user(written('user', 'secret-word'), server.key), 'userCertFile: 这个文件中没有 PEM 格式的证书'],
      ['a certificate in DER', () => user(written('user', der()), server.key), 'userCertFile: 这个文件中没有 PEM 格式的证书'],
      ['a key that is none', () => user(server.certificate, written('key', 'secret-word')), 'userKeyFile: 这个文件中没有 PEM 格式的不带密码的私钥'],
      ['a key with a password', () => user(server.certificate, written('key', ownKey('secret-word'))), 'userKeyFile: 这个文件中没有 PEM 格式的不带密码的私钥'],
      ['the key of another certificate', () => user(server.certificate, written('key', ownKey())), 'userCertFile 和 userKeyFile 不是一对'],
    ])('Certificate files in the URL of an EventStoreDB are refused where they name %s', (_, url, reason) => {
      const said = refusal(url());
      expect(said).toContain(reason);
      expect(said).not.toContain('secret-word');
    });
  });

  it('The URL of an EventStoreDB needs TLS in production, since credentials are not sent without it', () => {
    expect(read('esdb://centre:secret@events', true)).toMatchObject({ tls: true });
    expect(refusal('esdb://centre:secret@events?tls=false', true)).toContain('用户名和密码根本不会发出');
    expect(refusal('esdb://events?tls=false', true)).toContain('必须用 TLS');
    expect(read('esdb://centre:secret@events?tls=false')).toMatchObject({ tls: false });
  });

  it.each([
    ['', '请写成'],
    ['events:2113', '请写成'],
    ['http://events', '请写成'],
    ['esdb://', '请写成'],
    ['esdb://a,,b', '请写成'],
    ['esdb://events:port', '请写成'],
    ['esdb://events:0', '端口应为 1 到 65535 的数字，不能是 0'],
    ['esdb://events:65536', '端口应为 1 到 65535 的数字，不能是 65536'],
    ['esdb://events,others:99999?tls=false', '端口应为 1 到 65535 的数字，不能是 99999'],
    ['esdb://events/path?tls=false', '请写成'],
    ['esdb://events?tls=no', 'tls'],
    ['esdb://events?tlsVerifyCert=false', 'tlsverifycert'],
    ['esdb://events?throwOnAppendFailure=false', 'throwonappendfailure'],
    ['esdb://events?nodePreference=follower', '命令由主节点决定'],
    ['esdb://events?keepAliveInterval=10', 'keepaliveinterval'],
    ['esdb://events?gossipTimeout=soon', 'gossiptimeout'],
    ['esdb://centre:100%@events', '%'],
  ])('The URL of an EventStoreDB is refused with a reason: %s', (url, reason) => {
    expect(refusal(url)).toContain(reason);
  });

  it.each([
    'esdb://centre:secret-word@events?tls=no',
    'esdb://centre:secret-word@events?unknown=1',
    'esdb://centre:secret-word@events:port',
    'esdb://centre:secret-word@@events',
    'esdb://centre:secret-word%@events',
    'esdb://centre@secret-word@events',
  ])('The URL of an EventStoreDB is refused without showing its password: %s', (url) => {
    expect(refusal(url)).not.toContain('secret-word');
  });
});
