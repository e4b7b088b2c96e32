import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { Catalogue } from '../catalogue/catalogue.js';

import { endAt } from '../event-store/reading/log-times.js';
import { PastEvents } from '../event-store/reading/past-events.js';
import { Sessions } from '../identity/sessions/sessions.js';
import { Clock } from '../kernel/clock.js';
import { log } from '../kernel/log.js';
import { ReadModelLag } from '../read-models/projecting/read-model-lag.js';
import { ProjectionCode } from '../read-models/projection-code.js';
import { PastReadModels } from '../read-models/serving/past.read-models.js';
import { ServedReadModels } from '../read-models/serving/served.read-models.js';
import type { Settings } from '../settings/settings.js';
import { Photos } from '../vault/photos.js';
import { ForgottenSafe } from '../vault/safe.js';
import type { Vault } from '../vault/vault.js';
import { AppModule } from './app.module.js';
import { projectionsFor, servedFor } from './known/projections.js';
import { type GivenStores, GivenStoresModule } from './modules/given-stores.module.js';
import { createServer } from './server.js';
import { openBuildStore, openEventStore, openReadModels, photosFolder } from './stores.js';
import { streamsBy, subjectIndexOf } from './subject-index.js';

/** A page of the centre that is to be looked at as a candidate sees it. */
export interface PageToLook {
  readonly candidateId: string;
  /** Such as `/center/results`. */
  readonly address: string;
  /** A past moment (ISO 8601, UTC), whose documents and reference data are folded from the log; unset: those that are stored, now. */
  readonly at: string | undefined;
  /** Whether personal values are opened. */
  readonly opened: boolean;
}

export interface LookedAtPage {
  readonly status: number;
  /** Where the page leads instead. */
  readonly location: string | undefined;
  readonly contentType: string;
  readonly body: string;
  /** Why the page could not be made. */
  readonly failure?: unknown;
  /** The styles that the page names. */
  readonly styles: string;
}

/** Renders a page by the routes, views and templates of this release. Nothing is recorded, and nobody is signed in. */
export async function lookAtPage(settings: Settings, vault: Vault, { candidateId, address, at, opened }: PageToLook): Promise<LookedAtPage> {
  const builds = await openBuildStore(settings);
  const served = new ServedReadModels(await openReadModels(settings), builds, projectionsFor(settings));
  const store = await openEventStore(settings, streamsBy(served));
  try {
    const end = at === undefined ? await store.head() : await endAt(store, at);
    const events = new PastEvents(store, end);
    const past = at === undefined ? undefined : new PastReadModels({ events, subjectIndex: subjectIndexOf(settings) }, end, servedFor(settings));
    const readModels = past ?? served;
    const lag = new ReadModelLag(events, readModels, builds, servedFor(settings));
    const photos = new Photos(photosFolder(settings));
    const stores = { events, readModels, builds, lag, vault: lookedInto(vault, opened), photos, code: new ProjectionCode(servedFor(settings)) };
    return await rendered(settings, stores, { candidateId, address, at, opened });
  } finally {
    await Promise.all([store.close(), served.close(), builds.close()]);
  }
}

async function rendered(settings: Settings, stores: GivenStores, { candidateId, address, at }: PageToLook): Promise<LookedAtPage> {
  log.level = 'silent'; // nobody has asked for the page, and who looks at it is told what failed
  const clock = new FixedClock(at === undefined ? new Date() : new Date(at));
  const app = await createServer(AppModule.of(settings, clock, [GivenStoresModule.of(stores)]), settings);
  try {
    const server = app.getHttpAdapter().getInstance();
    let failure: unknown;
    server.addHook('onResponse', async (request) => {
      failure ??= request.failure;
    });
    await app.init();
    await server.ready();
    await app.get(Catalogue).start();
    if (at === undefined) await stores.lag.start();
    const cookie = app.get(Sessions).cookieToLook(candidateId, randomUUID());
    const get = (url: string, headers = {}) =>
      app.inject({ method: 'GET', url, headers: { accept: 'text/html', 'sec-fetch-site': 'same-origin', ...headers } });
    const { statusCode, headers, body } = await get(address, { cookie });
    const sheets = [...body.matchAll(/<link rel="stylesheet" href="([^"]+)">/g)].flatMap(([, href]) => href ?? []);
    const styles = await Promise.all(sheets.map(async (href) => (await get(href)).body));
    const { location } = headers;
    return {
      status: statusCode,
      location: location === undefined ? undefined : String(location),
      contentType: String(headers['content-type']),
      body,
      failure,
      styles: styles.join('\n'),
    };
  } finally {
    await stores.lag.stop();
    await app.close();
  }
}

/** One moment, for as long as a page is looked at. */
class FixedClock extends Clock {
  constructor(private readonly moment: Date) {
    super();
  }

  override now(): Date {
    return this.moment;
  }

  override async until(): Promise<void> {}
}

/** The vault without any way to change it; where nothing is to be opened, as if everybody were forgotten. */
function lookedInto(vault: Vault, opened: boolean): Vault {
  const forget = async () => undefined;
  const looked = Object.assign(Object.create(vault) as Vault, { forget, setForgottenUpTo: forget, close: forget });
  if (opened) return looked;
  return Object.assign(looked, {
    safe: async (id: string) => new ForgottenSafe(id),
    safes: async (ids: readonly string[]) => ids.map((id) => new ForgottenSafe(id)),
  });
}
