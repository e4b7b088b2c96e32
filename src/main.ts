import 'reflect-metadata';
import cluster from 'node:cluster';
import { CommandBus } from '@nestjs/cqrs';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Catalogue } from './catalogue/catalogue.js';
import { AppModule } from './composition/app.module.js';
import type { Centre } from './composition/centre.js';
import { knownProjections, projectionsFor } from './composition/known/projections.js';
import { ReactionsRole } from './composition/reactions-role.js';
import { createServer } from './composition/server.js';
import { establishAtStart } from './composition/starting/establish-installation.js';
import { waitForLog } from './composition/starting/wait-for-log.js';
import { assertLogReached, openBuildStore } from './composition/stores.js';
import { EventStore } from './event-store/event-store.js';
import { hashPassword } from './identity/passwords/password-hash.js';
import { EndedSessions } from './identity/sessions/ended-sessions.js';
import { abortableDelay } from './kernel/abortable-delay.js';
import { Clock } from './kernel/clock.js';
import { errorCode } from './kernel/error-code.js';
import { makeFolder } from './kernel/file-owner.js';
import { log } from './kernel/log.js';
import type { Metrics } from './kernel/metrics.js';
import { Readiness } from './kernel/readiness.js';
import { retryUntilAvailable } from './kernel/retry-until-available.js';
import { exposeApplicationMetrics } from './metrics/application.js';
import type { MetricsServer } from './metrics/metrics.server.js';
import { exposeProjectionMetrics } from './metrics/projections.js';
import { exposeWebProcessMetrics } from './metrics/web-processes.js';
import { WEB_PROCESS_SLOT, webProcessFork } from './processes/fork.js';
import { listenOnSetting } from './processes/listen-on-setting.js';
import { WebProcesses } from './processes/web-processes.js';
import { BuildStore } from './read-models/build-store.js';
import { assertUsable, knownFingerprints } from './read-models/fingerprints.js';
import { newVersions } from './read-models/projecting/new-versions.js';
import { ProjectorHost } from './read-models/projecting/projector-host.js';
import { ReadModelLag } from './read-models/projecting/read-model-lag.js';
import { ReadModels } from './read-models/read-models.js';
import { AlreadyReplaying } from './read-models/rebuilding/replay-lock.js';
import { waitForPosition } from './read-models/serving/wait-for-position.js';
import { NameHashMigration } from './registrations/name-hash-migration.js';
import { BadSettings, checkServingSettings, ROLES, readSettings, type Settings } from './settings/settings.js';
import { DiskReserve } from './sqlite/disk-reserve.js';
import { isExclusiveMode } from './sqlite/exclusive-mode.js';
import { lostFileProblem } from './sqlite/open-file-watch.js';
import { Vault } from './vault/vault.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Starts the roles that the settings ask for, and with an empty log the demo cohort. A demo that is told of no payment platform
 * or no 北京通 brings a sandbox of it along; on a log that no demo has begun there is no demo, whatever the settings say.
 * @throws BadSettings when a setting is wrong
 */
export async function start(environment: Environment = process.env): Promise<Centre> {
  const settings = readSettings(environment);
  checkServingSettings(settings);
  makeFolder(settings.DATA_DIR);
  const reserve = DiskReserve.prepare(
    settings.DATA_DIR,
    ROLES.every((role) => settings.ROLES.includes(role)),
  );
  try {
    const centre = await withInstallation(environment, isExclusiveMode() ? { ...settings, WEB_PROCESSES: 1 } : settings);
    centre.readiness.addCheck('disk', () => reserve.healthProblem);
    const stop = async () => {
      await centre.stop();
      reserve.close();
    };
    return { ...centre, stop };
  } catch (error) {
    reserve.close();
    throw error;
  }
}

async function withInstallation(environment: Environment, settings: Settings): Promise<Centre> {
  if (settings.DEMO) await assertDemoInstalled();
  const installation = await waitForLog(settings, async () => {
    await assertLogReached(settings);
    return establishAtStart(settings);
  });
  const isDemo = settings.DEMO && installation?.demo === true;
  if (settings.DEMO && !isDemo)
    log.warn('the data are not the demo’s: no sandbox is started, nobody enters without a password. For real use set NODE_ENV=production');
  const site = isDemo ? (await import('../demo/site.js')).exampleSite(settings) : {};
  return withPlatform({ ...environment, ...site }, { ...settings, ...site, DEMO: isDemo });
}

/** Before anything is recorded. @throws BadSettings where the packages that only a demo needs were left out */
async function assertDemoInstalled(): Promise<void> {
  try {
    await Promise.all([import('../demo/record-demo.js'), import('../demo/sandbox-bjt/with-sandbox.js'), import('../demo/sandbox-platform/with-sandbox.js')]);
  } catch (error) {
    if (errorCode(error) !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new BadSettings('DEMO: 这里没有安装演示所需的软件包：请连同开发用的一起安装，或者设置 NODE_ENV=production', {
      cause: error,
    });
  }
}

async function withPlatform(environment: Environment, settings: Settings): Promise<Centre> {
  if (!settings.DEMO || settings.PAYMENT_PLATFORM_URL || !settings.ROLES.includes('web')) return withSingleSignOn(environment, settings);
  const { withSandbox } = await import('../demo/sandbox-platform/with-sandbox.js');
  return withSandbox(settings, (payment) => withSingleSignOn({ ...environment, ...payment }, { ...settings, ...payment }));
}

async function withSingleSignOn(environment: Environment, settings: Settings): Promise<Centre> {
  if (!settings.DEMO || settings.BJT_ISSUER || !settings.ROLES.includes('web')) return startCentre(environment, settings);
  const { withSandbox } = await import('../demo/sandbox-bjt/with-sandbox.js');
  return withSandbox(settings, (bjt) => startCentre({ ...environment, ...bjt }, { ...settings, ...bjt }));
}

async function startCentre(environment: Environment, settings: Settings): Promise<Centre> {
  const metrics = settings.METRICS_PORT === undefined ? undefined : await processMetrics(ownName(environment));
  const application = await createServer(AppModule.of(settings), settings);
  if (metrics) exposeApplicationMetrics(metrics, application);
  /** Ended in this order. */
  const running = [() => application.close()];
  const stop = async () => {
    for (const end of running.splice(0)) await end();
  };
  try {
    await application.init();
    application.get(Readiness).addCheck('files', lostFileProblem);
    assertUsable(await application.get(BuildStore).registry(), projectionsFor(settings), knownFingerprints());
    const projector = settings.ROLES.includes('projector') ? await ProjectorHost.start(settings) : undefined;
    if (projector) running.push(() => projector.stop()); // after the pages, which wait for what they have recorded
    if (projector) running.push(buildingNewVersions(settings));
    const names = application.get(NameHashMigration);
    running.unshift(() => names.stop());
    const reactions = await ReactionsRole.prepare(settings, application.get(EventStore), metrics);
    running.push(() => reactions.stop());
    let web: WebProcesses | undefined;
    if (metrics) {
      if (projector)
        exposeProjectionMetrics(
          metrics,
          application.get(EventStore),
          application.get(ReadModels),
          application.get(BuildStore),
          projector,
          projectionsFor(settings),
        );
      const server = await answerMetrics(metrics, settings, () => web);
      if (server) running.unshift(() => server.close());
    }
    await retryUntilAvailable('the log', () => application.get(Catalogue).start());
    await application.get(EndedSessions).start();
    const { demo, officers } = settings.DEMO ? await demoCohort(application, settings) : { demo: [] };
    // what is offered to be tried can be tried at once
    if (demo.length > 0 && projector) await shown(application);
    let address: string | undefined;
    if (settings.ROLES.includes('web') && settings.WEB_PROCESSES > 1) {
      const processes = await WebProcesses.start(settings.WEB_PROCESSES, webProcessFork(environment));
      web = processes;
      running.unshift(() => processes.stop());
      address = processes.address;
    } else if (settings.ROLES.includes('web')) {
      await application.get(ReadModelLag).start();
      await listenOnSetting('PORT', () => application.listen(settings.PORT, settings.HOST));
      address = await application.getUrl();
    }
    reactions.start(); // pages first
    if (settings.ROLES.includes('projector')) names.start();
    return { ...(address !== undefined && { address }), demo, ...(officers && { officers }), metrics, readiness: application.get(Readiness), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Builds, beside what is served, the versions of read models that this release brings; answers how that is ended. */
function buildingNewVersions(settings: Settings): () => Promise<void> {
  const stopping = new AbortController();
  const building = replayed(settings, stopping.signal);
  return async () => {
    stopping.abort();
    await building;
  };
}

/** A failure does not affect what is served; the next start or the operator's `replay` retries. */
async function replayed(settings: Settings, signal: AbortSignal): Promise<void> {
  try {
    const builds = await openBuildStore(settings);
    const wanted = newVersions(await builds.registry(), projectionsFor(settings), knownFingerprints()).map(({ name, version }) => `${name}@${version}`);
    await builds.close();
    if (wanted.length === 0) return;
    log.info({ wanted }, 'newer versions of read models are built');
    const { withReplayPorts } = await import('./composition/replay-ports.js');
    const { buildNewVersions } = await import('./read-models/projecting/build-new-versions.js');
    const rebuilt = await whenFree(
      () => withReplayPorts(settings, (ports) => buildNewVersions(ports, settings.AUTO_SWITCH, { signal }), { servesPages: true }),
      signal,
    );
    log.info({ rebuilt }, 'newer versions of read models are built and wait for the switch');
  } catch (error) {
    if (!signal.aborted) log.error({ err: error }, 'newer versions of read models could not be built');
  }
}

/** Milliseconds until a folder at which another process rebuilds or verifies is looked at again. */
const BUSY = 5_000;

async function whenFree<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof AlreadyReplaying)) throw error;
      log.info({ delay: BUSY }, 'another process rebuilds or verifies: newer versions wait for it');
      await abortableDelay(signal, BUSY);
      signal.throwIfAborted();
    }
  }
}

/** By what name this process is told from others in the metrics. */
function ownName(environment: Readonly<Record<string, string | undefined>>): string {
  return cluster.isWorker ? `web-${environment[WEB_PROCESS_SLOT]}` : 'main';
}

/** Loaded only where metrics are asked for. */
async function processMetrics(name: string): Promise<Metrics> {
  const { Metrics: Measured } = await import('./kernel/metrics.js');
  return new Measured(name);
}

/** A web process among several leaves that to its primary, which asks each. */
async function answerMetrics(metrics: Metrics, settings: Settings, web: () => WebProcesses | undefined): Promise<MetricsServer | undefined> {
  const { METRICS_PORT, HOST, ROLES, WEB_PROCESSES } = settings;
  if (cluster.isWorker || METRICS_PORT === undefined) return undefined;
  if (ROLES.includes('web') && WEB_PROCESSES > 1) exposeWebProcessMetrics(metrics, WEB_PROCESSES, () => web()?.serving ?? 0);
  const gather = async () => {
    const [own, others = []] = await Promise.all([metrics.snapshot(), web()?.measured()]);
    return [own, ...others];
  };
  const { MetricsServer: Server } = await import('./metrics/metrics.server.js');
  return listenOnSetting('METRICS_PORT', () => Server.listen(METRICS_PORT, HOST, gather));
}

/** How long a start waits for pages to show what it has recorded, in milliseconds; they come to it later in any case. */
const TIMEOUT = 30_000;

async function shown(application: NestFastifyApplication): Promise<void> {
  await waitForPosition(application.get(ReadModels), knownProjections, await application.get(EventStore).head(), TIMEOUT);
}

/** Loaded only where it is wanted: nothing of the demo is part of a production process. */
async function demoCohort(application: NestFastifyApplication, settings: Settings): Promise<Pick<Centre, 'demo' | 'officers'>> {
  const [{ recordDemo }, { demoOfficers }] = await Promise.all([import('../demo/record-demo.js'), import('../demo/officers.js')]);
  const ports = {
    commands: application.get(CommandBus),
    events: application.get(EventStore),
    vault: application.get(Vault),
    catalogue: application.get(Catalogue),
    settings,
    hash: hashPassword,
  };
  const now = application.get(Clock).now();
  const demo = await recordDemo(ports, now);
  return { demo, officers: await demoOfficers(ports, now) };
}
