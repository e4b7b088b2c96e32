import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BadEventStoreUrl, eventStoreUrl } from '../../../src/event-store/eventstoredb/url.js';

describe('The URL of an EventStoreDB', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'certificates-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const read = (url: string, production = false) => eventStoreUrl(url, { production });
  const refusal = (url: string, production = false): string => {
    try {
      read(url, production);
    } catch (error) {
      if (error instanceof BadEventStoreUrl) return `${error.message} ${(error.cause as Error | undefined)?.message ?? ''}`;
      throw error;
    }
    throw new Error(`${url} was not refused`);
  };

  it('names one node, with TLS and the usual port when it says nothing else', () => {
    expect(read('esdb://events')).toEqual({ hosts: [{ address: 'events', port: 2113 }], discover: false, tls: true, certificates: {}, settings: {} });
    expect(read(' esdb://127.0.0.1:4000/?tls=false ')).toMatchObject({ hosts: [{ address: '127.0.0.1', port: 4000 }], tls: false });
  });

  it('names the nodes of a cluster, or the name under which they are found', () => {
    expect(read('esdb://a.example,b.example:2114,c.example')).toMatchObject({
      hosts: [
        { address: 'a.example', port: 2113 },
        { address: 'b.example', port: 2114 },
        { address: 'c.example', port: 2113 },
      ],
      discover: false,
    });
    expect(read('esdb+discover://cluster.example:2113')).toMatchObject({ hosts: [{ address: 'cluster.example' }], discover: true });
    expect(refusal('esdb+discover://a,b')).toContain('one host');
  });

  it('has the names of the successor as well', () => {
    expect(read('kurrentdb://a,b:2114?tls=false')).toEqual(read('esdb://a,b:2114?tls=false'));
    expect(read('kurrentdb+discover://cluster.example')).toEqual(read('esdb+discover://cluster.example'));
  });

  it('holds credentials, in which any character may stand for itself as %XX', () => {
    expect(read('esdb://centre:p%40ss%3Aword%25@events').credentials).toEqual({ username: 'centre', password: 'p@ss:word%' });
  });

  it('holds options, however they are written', () => {
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

  it('names certificates, which are read at once', () => {
    for (const name of ['ca.pem', 'user.pem', 'user.key']) writeFileSync(join(folder, name), `the bytes of ${name}`);
    const { certificates } = read(`esdb://events?tlsCaFile=${folder}/ca.pem&userCertFile=${folder}/user.pem&userKeyFile=${folder}/user.key`);
    expect(certificates.authority?.toString()).toBe('the bytes of ca.pem');
    expect(certificates.user?.certificate.toString()).toBe('the bytes of user.pem');
    expect(certificates.user?.key.toString()).toBe('the bytes of user.key');
    expect(refusal(`esdb://events?tlsCaFile=${folder}/none.pem`)).toContain('tlsCAFile');
    expect(refusal(`esdb://events?userCertFile=${folder}/user.pem`)).toContain('go together');
  });

  it('needs TLS in production, the more so with credentials, which the client would drop without a word', () => {
    expect(read('esdb://centre:secret@events', true)).toMatchObject({ tls: true });
    expect(refusal('esdb://centre:secret@events?tls=false', true)).toContain('credentials');
    expect(refusal('esdb://events?tls=false', true)).toContain('needs TLS');
    expect(read('esdb://centre:secret@events?tls=false')).toMatchObject({ tls: false });
  });

  it.each([
    ['', 'write it as'],
    ['events:2113', 'write it as'],
    ['http://events', 'write it as'],
    ['esdb://', 'write it as'],
    ['esdb://a,,b', 'write it as'],
    ['esdb://events:port', 'write it as'],
    ['esdb://events/path?tls=false', 'write it as'],
    ['esdb://events?tls=no', 'tls'],
    ['esdb://events?tlsVerifyCert=false', 'tlsverifycert'],
    ['esdb://events?throwOnAppendFailure=false', 'throwonappendfailure'],
    ['esdb://events?nodePreference=follower', 'what the leader holds'],
    ['esdb://events?keepAliveInterval=10', 'keepaliveinterval'],
    ['esdb://events?gossipTimeout=soon', 'gossiptimeout'],
    ['esdb://centre:100%@events', '%'],
  ])('is refused with the reason: %s', (url, reason) => {
    expect(refusal(url)).toContain(reason);
  });

  it.each([
    'esdb://centre:secret-word@events?tls=no',
    'esdb://centre:secret-word@events?unknown=1',
    'esdb://centre:secret-word@events:port',
    'esdb://centre:secret-word@@events',
    'esdb://centre:secret-word%@events',
    'esdb://centre@secret-word@events',
  ])('does not show its password when it is refused: %s', (url) => {
    expect(refusal(url)).not.toContain('secret-word');
  });
});
