import { execFile, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { SystemClock } from '../../src/kernel/clock.js';
import { configuredPaymentPlatform } from '../../src/payments/platform/configured-payment-platform.js';
import { readSettings } from '../../src/settings/settings.js';
import { CentreProcess, folder, ready } from '../processes/centre-process.js';
import { until } from '../until.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const service = z.object({
  image: z.string(),
  build: z.object({ target: z.string() }).optional(),
  entrypoint: z.array(z.string()).default(['node', 'bin/personal-centre.mjs']),
  command: z.array(z.string()).default(['start']),
  environment: z.record(z.string(), text).default({}),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  networks: z
    .union([z.array(z.string()), z.record(z.string(), z.object({ aliases: z.array(z.string()) }))])
    .transform((all) =>
      Array.isArray(all) ? new Map(all.map((name) => [name, [] as string[]])) : new Map(Object.entries(all).map(([name, { aliases }]) => [name, aliases])),
    ),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  healthcheck: z.object({ test: z.tuple([z.literal('CMD'), z.literal('node'), z.literal('-e'), z.string()]) }),
});

/** The file's text as Compose reads it where the environment says nothing but the secrets. */
const interpolated = readFileSync(`${ROOT}docker-compose.yml`, 'utf8').replace(/\$\{\w+(?::-([^}]*)|:\?[^}]*)\}/g, (_, otherwise = 'given') => otherwise);
const compose = z
  .object({ services: z.record(z.string(), z.looseObject({ image: z.string() })), volumes: z.record(z.string(), z.null()) })
  .parse(parse(interpolated, { merge: true }));
const ours = new Map(
  Object.entries(compose.services)
    .filter(([, { image }]) => image.startsWith('personal-centre'))
    .map(([name, each]) => [name, service.parse(each)]),
);
const named = (name: string) => {
  const found = ours.get(name);
  if (!found) throw new Error(`no service ${name}`);
  return found;
};
/** By each sandbox, what of the centre's settings is its address. */
const SANDBOXES = new Map([
  ['sandbox-platform', 'PAYMENT_PLATFORM_URL'],
  ['sandbox-bjt', 'BJT_ISSUER'],
]);
const USERS = ['web-1', 'web-2', 'timer'];

describe('The compose file', () => {
  it('The compose file starts programs that the build makes, those that need the demo’s packages from its target', () => {
    for (const [name, { entrypoint, image, build }] of ours) {
      expect([name, entrypoint[0], existsSync(ROOT + entrypoint[1])]).toEqual([name, 'node', true]);
      const isDemo = name === 'projector' || SANDBOXES.has(name);
      expect([name, image, build?.target]).toEqual([name, isDemo ? 'personal-centre-demo' : 'personal-centre', isDemo ? 'demo' : 'production']);
    }
  });

  it('The compose file has a sandbox found by one address: by phones at its published port, by the centre under its name on a network of both', () => {
    for (const [name, setting] of SANDBOXES) {
      const { environment, ports, networks } = named(name);
      const { port, hostname } = new URL(environment.SANDBOX_URL ?? '');
      expect(environment.PORT).toBe(port);
      expect(ports).toEqual([`127.0.0.1:${port}:${port}`]);
      expect(hostname).toMatch(/\.localhost$/);
      expect(networks.get('front')).toContain(hostname);
      for (const user of USERS) {
        expect(named(user).environment[setting]).toBe(environment.SANDBOX_URL);
        expect([...named(user).networks.keys()]).toContain('front');
        expect(named(user).depends_on[name]).toEqual({ condition: 'service_healthy' });
      }
    }
  });

  it('The compose file gives who talks to a sandbox the files that this has made, and nobody a volume that is not declared', () => {
    for (const [user, { environment, volumes }] of ours) {
      const mounted = new Map(volumes.map((volume) => volume.split(':')).map(([volume, at]) => [at, volume]));
      for (const volume of mounted.values()) expect(Object.keys(compose.volumes)).toContain(volume);
      if (!USERS.includes(user)) continue;
      const files = ['PAYMENT_KEY_FILE', 'PAYMENT_PLATFORM_KEY_FILE', 'BJT_CLIENT_SECRET_FILE'].map((setting) => environment[setting] ?? '');
      expect(files.map((file) => mounted.get(file.slice(0, file.lastIndexOf('/'))))).toEqual(['sandbox-platform', 'sandbox-platform', 'sandbox-bjt']);
    }
    for (const name of SANDBOXES.keys()) expect(named(name).volumes).toContain(`${name}:/data`);
  });
});

describe('The sandboxes of the compose file', () => {
  const running: { kill(): void }[] = [];
  afterEach(() => {
    for (const each of running.splice(0)) each.kill();
  });

  it('The sandboxes of the compose file run by their commands, are healthy by their checks, and serve a centre with the settings of a web process', async () => {
    const centre: string[] = [];
    const notified = createServer((request, response) => {
      centre.push(request.url ?? '');
      response.end();
    });
    await new Promise<void>((resolve) => notified.listen(0, '127.0.0.1', resolve));
    running.push({ kill: () => notified.close() });
    const { port: notifyPort } = notified.address() as AddressInfo;
    let web = JSON.stringify(named('web-1').environment);
    for (const name of SANDBOXES.keys()) {
      const { entrypoint, command, environment, healthcheck } = named(name);
      const [port, data, url] = [await freePort(), folder(), environment.SANDBOX_URL ?? ''];
      const here = `http://127.0.0.1:${port}`;
      const given = {
        ...environment,
        HOST: '127.0.0.1',
        PORT: port,
        SANDBOX_URL: here,
        DATA_DIR: data,
        ...(environment.DEMO_DATA_DIR && { DEMO_DATA_DIR: data }),
      };
      const notify = environment.NOTIFY_URL && { NOTIFY_URL: `http://127.0.0.1:${notifyPort}` };
      const [, program = ''] = entrypoint;
      running.push(spawn(process.execPath, [program, ...command], { cwd: ROOT, env: { PATH: process.env.PATH, ...given, ...notify } }));
      const check = healthcheck.test[3].replaceAll(`127.0.0.1:${environment.PORT}`, `127.0.0.1:${port}`);
      await until(`${name} to be healthy`, () => isHealthy(check));
      web = web.replaceAll(url, here).replaceAll(`"/${name}/`, `"${data}/`);
    }
    const settings: Record<string, string> = Object.fromEntries(Object.entries<string>(JSON.parse(web)).filter(([name]) => /^(PAYMENT|BJT)_/.test(name)));
    const { address } = await new CentreProcess({ DATA_DIR: folder(), ...settings }).started();
    await ready(address);
    const answer = await fetch(`${address}/login/bjt`, { redirect: 'manual' });
    expect(answer.headers.get('location')).toContain(`${settings.BJT_ISSUER}/auth?`);

    const [begunAt = '', endsAt = ''] = [0, 900_000].map((ahead) => new Date(Date.now() + ahead).toISOString());
    const platform = configuredPaymentPlatform(readSettings(settings), new SystemClock());
    const paying = platform.create({ order: '2026112200000101', fen: 100, title: '费', begunAt, endsAt }, `${address}/payments/return`);
    const paid = await fetch(paying, { method: 'POST', body: new URLSearchParams({ do: 'alipay' }), redirect: 'manual' });
    expect(paid.headers.get('location')).toBe(`${address}/payments/return`);
    expect(await platform.query('2026112200000101')).toMatchObject({ state: 'paid', payments: [{ fen: 100 }] });
    await until('the centre to be notified', () => centre.includes('/payments/notify'));
  }, 240_000);
});

async function isHealthy(check: string): Promise<boolean> {
  try {
    await promisify(execFile)(process.execPath, ['-e', check]);
    return true;
  } catch {
    return false;
  }
}

async function freePort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return String(port);
}
