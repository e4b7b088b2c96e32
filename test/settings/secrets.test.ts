import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { loadSecrets } from '../../src/settings/secrets.js';

let DATA_DIR: string;
beforeEach(() => {
  DATA_DIR = mkdtempSync(join(tmpdir(), 'secrets-'));
});
afterEach(() => rmSync(DATA_DIR, { recursive: true }));

it('Secrets of the settings are used, and no file is written', () => {
  const master = randomBytes(32);
  const secrets = loadSecrets({ NODE_ENV: 'production', DATA_DIR, SESSION_SECRET: 'x'.repeat(32), MASTER_KEY: master.toString('base64') });
  expect(Buffer.from(secrets.master)).toEqual(master);
  expect(secrets.session.export().toString()).toBe('x'.repeat(32));
  expect(readdirSync(DATA_DIR)).toEqual([]);
});

it('Missing secrets are generated once outside production, in files that only their owner can read', () => {
  const first = loadSecrets({ NODE_ENV: 'development', DATA_DIR });
  const again = loadSecrets({ NODE_ENV: 'development', DATA_DIR });
  expect(again.master).toEqual(first.master);
  expect(again.session.equals(first.session)).toBe(true);
  expect(first.master).toHaveLength(32);
  expect(readdirSync(DATA_DIR).toSorted()).toEqual(['master-key', 'session-secret']);
  for (const name of readdirSync(DATA_DIR)) expect(statSync(join(DATA_DIR, name)).mode & 0o777).toBe(0o600);
});

it('Missing secrets are refused in production', () => {
  expect(() => loadSecrets({ NODE_ENV: 'production', DATA_DIR })).toThrow('正式运行时必须设置');
});

it('A stored secret that was truncated is refused as damaged', () => {
  loadSecrets({ NODE_ENV: 'development', DATA_DIR });
  writeFileSync(join(DATA_DIR, 'master-key'), 'short');
  expect(() => loadSecrets({ NODE_ENV: 'development', DATA_DIR })).toThrow(`${join(DATA_DIR, 'master-key')} 已损坏`);
});

it('A master key that is gone is not made anew beside the vault that was made with it, and its remedy is named', () => {
  loadSecrets({ NODE_ENV: 'development', DATA_DIR });
  rmSync(join(DATA_DIR, 'master-key'));
  writeFileSync(join(DATA_DIR, 'vault.sqlite'), 'a vault');
  expect(() => loadSecrets({ NODE_ENV: 'development', DATA_DIR })).toThrow(/master-key 不见了，而 vault\.sqlite 还在：请恢复备份的这个文件/);
  expect(readdirSync(DATA_DIR)).not.toContain('master-key');
});

it('Threads that load missing secrets at the same time all get the same ones', async () => {
  const program = `
    import { parentPort, workerData } from 'node:worker_threads';
    const { loadSecrets } = await import(workerData.module);
    parentPort.postMessage(Buffer.from(loadSecrets({ NODE_ENV: 'development', DATA_DIR: workerData.folder }).master).toString('hex'));
  `;
  const workerData = { module: new URL('../../dist/src/settings/secrets.js', import.meta.url).href, folder: join(DATA_DIR, 'new') };
  const keys = await Promise.all(
    Array.from({ length: 6 }, () => {
      const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(program)}`), { workerData });
      return new Promise<string>((resolve, reject) => worker.once('message', resolve).once('error', reject));
    }),
  );
  expect(new Set(keys).size).toBe(1);
});
