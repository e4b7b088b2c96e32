import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { run } from '../cli/run.js';
import { MemoryLog } from '../event-store/eventstoredb/test-server/memory-log.js';
import { TestServer } from '../event-store/eventstoredb/test-server/test-server.js';
import { TcpProxy } from '../tcp-proxy.js';
import { until } from '../until.js';
import { ask, CentreProcess, folder, ready } from './centre-process.js';
import { ACCOUNT, FILES, PASSWORD } from './one-candidate.js';

const REPLACED = '日志是另一份，或是较旧的副本';

/** An older copy of a log that has continued: it has other events at the same positions, from the one at `first` on. */
function olderCopyOf({ entries }: MemoryLog, first = entries.length - 1): MemoryLog {
  const copy = new MemoryLog();
  for (const [at, entry] of entries.entries())
    if (at >= copy.entries.length) copy.append(entry.stream, 'any', [at >= first ? { ...entry, id: crypto.randomUUID() } : entry]);
  return copy;
}

it('A running centre whose log is replaced by an older copy reports it, records nothing, and continues when its own log is back; a start is refused', async () => {
  const server = await TestServer.start();
  const proxy = await TcpProxy.to(server.port);
  const environment = { DATA_DIR: folder(), EVENT_STORE_URL: `esdb://127.0.0.1:${proxy.port}?tls=false`, LOG_LEVEL: 'info' };
  const batch = folder();
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(batch, name), text);
  expect(await run(['import', batch], environment).ended).toMatchObject({ code: 0 });

  const centre = new CentreProcess(environment);
  const { address } = await centre.started();
  await ready(address);
  const restored = await TestServer.start(olderCopyOf(server.log));
  const before = restored.log.entries.length;
  proxy.target = restored.port;
  proxy.cut();
  const reasons = async (at: string) => JSON.parse((await ask(at, '/health/ready')).body).reasons as Readonly<Record<string, string>>;
  await until('readiness to name it', async () => (await reasons(address))['read models']?.includes(REPLACED));
  await until('reference data to name it', async () => (await reasons(address))['reference data']?.includes(REPLACED));
  await until('the projector to stop', () => centre.logged.some((line) => line.includes('"needs-rebuild"') && line.includes(REPLACED)));
  expect((await ask(address, '/login', { form: { account: ACCOUNT, password: PASSWORD } })).status).toBe(503);
  expect(restored.log.entries.length).toBe(before);
  const told = (what: string) => centre.logged.map((line) => JSON.parse(line)).flatMap(({ msg, err }) => (msg.startsWith(what) ? [err.message] : []));
  for (const what of ['reference data could not follow', 'ended sessions could not be followed']) {
    const reasons = await until(what, () => told(what).some((reason) => reason.includes(REPLACED)) && told(what));
    expect(reasons).toEqual([...new Set(reasons)]); // each once, however often it is tried
  }
  proxy.target = server.port;
  proxy.cut();
  await until('it to have its own log again', async () => Object.keys(await reasons(address)).length === 0);
  expect((await ask(address, '/login', { form: { account: ACCOUNT, password: PASSWORD } })).status).toBe(303);
  expect((await centre.kill('SIGTERM')).code).toBe(0);

  // the vault has seen the log up to where a thread was last started, before that sign-in or after it
  const continued = await TestServer.start(olderCopyOf(server.log, before - 1));
  proxy.target = continued.port;
  const again = await run(['start'], environment).ended;
  expect(again.code).toBe(1);
  expect(again.stderr).toContain('日志比密钥库（vault）旧，或是另外的日志');
  await Promise.all([server.stop(), restored.stop(), continued.stop(), proxy.close()]);
});
