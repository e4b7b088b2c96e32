import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import type { Ended } from '../../cli/run.js';
import { told } from '../../cli/told.js';
import { CentreProcess, folder, ready } from '../centre-process.js';

const SECRETS = { SESSION_SECRET: 's'.repeat(32), MASTER_KEY: Buffer.alloc(32, 1).toString('base64') };
const KEY = fileURLToPath(new URL('../../fixtures/tls/server.key', import.meta.url));

/** Expects that a process does not start, prints these lines without a stack, and exits as for wrong settings. */
async function refuses(environment: Readonly<Record<string, string>>, ...reasons: readonly RegExp[]) {
  expectRefused(2, await startedApart(environment), reasons);
}

/** The same with correct settings. */
async function fails(environment: Readonly<Record<string, string>>, ...reasons: readonly RegExp[]) {
  expectRefused(1, await startedApart(environment), reasons);
}

/** The same of settings, which are refused before a centre is made. */
async function refusesSettings(environment: Readonly<Record<string, string>>, ...reasons: readonly RegExp[]) {
  expectRefused(2, await told(['start', '--json'], { DATA_DIR: folder(), PORT: '0', DEMO: 'false', ...environment }), reasons);
}

function startedApart(environment: Readonly<Record<string, string>>): Promise<Ended> {
  return new CentreProcess({ DATA_DIR: folder(), ...environment }).ended;
}

function expectRefused(exit: number, { code, stderr, stdout }: Ended, reasons: readonly RegExp[]): void {
  const said = stderr
    .replace(/^设置有误：/, '')
    .trimEnd()
    .split('\n');
  expect({ code, said }).toEqual({ code: exit, said: reasons.map((reason) => expect.stringMatching(reason)) });
  expect(stdout).not.toContain('"address"');
}

/** A DATA_DIR that a centre has used. */
async function used(environment: Readonly<Record<string, string>> = {}): Promise<string> {
  const data = folder();
  const centre = new CentreProcess({ DATA_DIR: data, ...environment });
  await centre.started();
  await centre.kill('SIGTERM');
  return data;
}

describe('The centre does not start, and says why in a line,', () => {
  it.each<[string, Readonly<Record<string, string>>, RegExp]>([
    ['a port that is none', { PORT: 'x' }, /^PORT: /],
    ['a port beyond all', { PORT: '70000' }, /^PORT: /],
    ['metrics on the port of the candidates', { PORT: '4999', METRICS_PORT: '4999' }, /^METRICS_PORT: 4999/],
    ['no web process at all', { WEB_PROCESSES: '0' }, /^WEB_PROCESSES: /],
    ['a duration that is none', { SESSION_IDLE: 'an hour' }, /^SESSION_IDLE: .*2 h/],
    ['a role that there is not', { ROLES: 'web,cook' }, /^ROLES/],
    ['a short secret', { SESSION_SECRET: 'short' }, /^SESSION_SECRET: /],
    ['a master key of another length', { MASTER_KEY: 'c2hvcnQ=' }, /^MASTER_KEY: /],
    ['a secret’s file that is not there', { MASTER_KEY_FILE: '/nowhere/key' }, /^MASTER_KEY_FILE: .*\/nowhere\/key/],
    ['a folder of check files that is not there', { ROOT_FILES_DIR: '/nowhere/files' }, /^ROOT_FILES_DIR: .*\/nowhere\/files/],
    ['an issuer of 北京通 without its client', { BJT_ISSUER: 'https://bjt.example', BJT_CLIENT_ID: 'centre' }, /^BJT_CLIENT_SECRET: /],
    [
      '北京通 without TLS in production',
      { NODE_ENV: 'production', BJT_ISSUER: 'http://bjt.example', BJT_CLIENT_ID: 'centre', BJT_CLIENT_SECRET: 'secret', ...SECRETS },
      /^BJT_ISSUER: .*https/,
    ],
    [
      'a log without TLS in production',
      { NODE_ENV: 'production', DEMO: '', PUBLIC_URL: 'https://centre.example', EVENT_STORE_URL: 'esdb://events?tls=false', ...SECRETS },
      /^EVENT_STORE_URL: 正式运行时必须用 TLS，不能写 tls=false$/,
    ],
    [
      'a user of the log without TLS in production',
      { NODE_ENV: 'production', DEMO: '', PUBLIC_URL: 'https://centre.example', EVENT_STORE_URL: 'esdb://centre:secret-word@events?tls=false', ...SECRETS },
      /^EVENT_STORE_URL: tls=false 时用户名和密码根本不会发出：正式运行时必须用 TLS$/,
    ],
    ['a log at a port that is none', { EVENT_STORE_URL: 'esdb://127.0.0.1,127.0.0.1:99999' }, /^EVENT_STORE_URL: 端口应为 1 到 65535 的数字，不能是 99999$/],
    [
      'a user’s certificate that is none',
      { EVENT_STORE_URL: `esdb://events?userCertFile=${KEY}&userKeyFile=${KEY}` },
      /^EVENT_STORE_URL: userCertFile: .*没有 PEM 格式的证书$/,
    ],
    ['a sandbox of 北京通 in production', { NODE_ENV: 'production', BJT_SANDBOX_PORT: '4000', ...SECRETS }, /^BJT_SANDBOX_PORT/],
    ['the demo in production', { NODE_ENV: 'production', DEMO: 'true', ...SECRETS }, /^DEMO: /],
  ])('The centre does not start, and says why in a line, with %s', (_, environment, reason) => refusesSettings(environment, reason));

  it('The centre does not start, and says why in a line, for each wrong setting', () =>
    refusesSettings({ PORT: 'x', LOG_LEVEL: 'loud' }, /^PORT: /, /^LOG_LEVEL: /));

  it.each([
    ['no address that candidates see', {}],
    ['an address of plain http', { PUBLIC_URL: 'http://centre.example' }],
    ['a word that is not yes', { PUBLIC_URL: 'http://centre.example', ALLOW_PLAIN_HTTP: 'false' }],
  ])('The centre does not start, and says why in a line, in production with %s', (_, settings) =>
    refusesSettings(
      { NODE_ENV: 'production', DEMO: '', ...SECRETS, ...settings },
      /^PUBLIC_URL: 正式运行时必须给出考生看到的 https 地址.*ALLOW_PLAIN_HTTP=true/,
    ),
  );

  it('The centre does not start, and says why in a line, in production without its secrets', () =>
    refusesSettings({ NODE_ENV: 'production' }, /^SESSION_SECRET: /, /^MASTER_KEY: /));

  it('The centre does not start, and says why in a line, on a port that another has', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    await refuses({ PORT: String(port) }, new RegExp(`^PORT: .*EADDRINUSE.*${port}`));
    await refuses({ METRICS_PORT: String(port) }, new RegExp(`^METRICS_PORT: .*EADDRINUSE.*${port}`));
    await fails({ PORT: String(port), WEB_PROCESSES: '2' }, new RegExp(`^无法启动：PORT: .*EADDRINUSE.*${port}`));
    await refuses({ DEMO: 'true', BJT_SANDBOX_PORT: String(port) }, new RegExp(`^BJT_SANDBOX_PORT: .*EADDRINUSE.*${port}`));
    await refuses({ DEMO: 'true', SANDBOX_PORT: String(port) }, new RegExp(`^SANDBOX_PORT: .*EADDRINUSE.*${port}`));
    await refuses({ HOST: '192.0.2.1' }, /^HOST: .*EADDRNOTAVAIL/);
    other.close();
  });

  it('The centre does not start, and says why in a line, on a log that a newer release has written', async () => {
    const data = await used();
    const db = new DatabaseSync(join(data, 'events.sqlite'));
    db.exec('PRAGMA user_version = 99');
    db.close();
    await fails({ DATA_DIR: data }, /events\.sqlite 由更新的版本写成（格式 99/);
  });

  it('The centre does not start, and says why in a line, with another master key than the vault was made with', async () => {
    const data = await used();
    await fails({ DATA_DIR: data, MASTER_KEY: SECRETS.MASTER_KEY }, /^MASTER_KEY 不是 .*vault\.sqlite 的主密钥/);
  });

  it('The centre does not start, and says why in a line, on a DATA_DIR that is a file', () => fails({ DATA_DIR: '/dev/null' }, /\/dev\/null/));
});

it('Production starts with its secrets, and with nothing of a demo', async () => {
  const centre = new CentreProcess({ DATA_DIR: folder(), NODE_ENV: 'production', DEMO: '', PUBLIC_URL: 'https://centre.example', ...SECRETS });
  const { address, demo } = await centre.started();
  expect(demo).toEqual([]);
  await ready(address);
});

it('Production starts without https when ALLOW_PLAIN_HTTP is set', async () => {
  const centre = new CentreProcess({ DATA_DIR: folder(), NODE_ENV: 'production', DEMO: '', ALLOW_PLAIN_HTTP: 'true', ...SECRETS });
  const { address } = await centre.started();
  expect((await fetch(`${address}/health/live`)).status).toBe(200);
});
