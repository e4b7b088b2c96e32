import 'reflect-metadata';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fastify } from 'fastify';
import { type Bills, bills } from '../projections/bills.js';
import { type Candidate, candidate } from '../projections/candidate.js';
import { type Sittings, sittings } from '../projections/sittings.js';
import { Catalogue } from '../src/catalogue/catalogue.js';
import { contentText } from '../src/catalogue/contents/content-text.js';
import { knownEvents } from '../src/composition/known/events.js';
import { SqliteEventStore } from '../src/event-store/sqlite/event-store.js';
import { functionsFor } from '../src/home/centre-functions.js';
import { homeView } from '../src/home/home.view.js';
import { quickChannels } from '../src/home/quick-channels.js';
import type { ReadModel } from '../src/read-models/projection.js';
import { SqliteReadModels } from '../src/read-models/sqlite/read-models.js';
import { tableOf } from '../src/read-models/sqlite/tables.js';
import { resultsView } from '../src/results/results.view.js';
import { loadSecrets } from '../src/settings/secrets.js';
import { readSettings } from '../src/settings/settings.js';
import { arrayQuery } from '../src/sqlite/query.js';
import { SqliteVault } from '../src/vault/sqlite/vault.js';
import { Views } from '../src/web/views/views.js';

/** Serves pages without Nest, session or hooks. The address names the candidate. */
const settings = readSettings(process.env);
const readModelsFile = join(settings.DATA_DIR, 'read-models.sqlite');
const events = new SqliteEventStore(join(settings.DATA_DIR, 'events.sqlite'), knownEvents);
const readModels = new SqliteReadModels(readModelsFile);
const catalogue = new Catalogue(events, readModels);
await catalogue.start();
const vault = new SqliteVault(join(settings.DATA_DIR, 'vault.sqlite'), loadSecrets(settings).master);
const views = new Views(settings);
const db = new DatabaseSync(readModelsFile, { readOnly: true });

function reading<Document>(model: ReadModel<Document>): (key: string) => Document {
  const statement = arrayQuery<readonly [document: string]>(db, `SELECT document FROM ${tableOf(model)} WHERE key = ?`);
  return (key) => {
    const row = statement.get(key);
    return row ? JSON.parse(row[0]) : model.empty;
  };
}

const candidateOf = reading<Candidate>(candidate);
const sittingsOf = reading<Sittings>(sittings);
const billsOf = reading<Bills>(bills);
const server = fastify();

server.get<{ Params: { id: string } }>('/home/:id', async ({ params: { id } }, reply) => {
  const [own, sat, owed, [safe]] = [candidateOf(id), sittingsOf(id), billsOf(id), await vault.safes([id])];
  const now = new Date();
  const view = homeView(own, sat, owed, catalogue, now);
  const data = {
    page: { title: '首页', tab: 'home' },
    person: own.person && safe?.open(own.person),
    photo: own.photo?.slice(0, 12),
    ...view,
    functions: functionsFor(view),
    channels: quickChannels(contentText(catalogue, 'quick_channels', now)),
  };
  reply.header('content-type', 'text/html; charset=utf-8');
  return views.render('home/home', data, contextAt(now));
});

server.get<{ Params: { id: string } }>('/results/:id', async ({ params: { id } }, reply) => {
  const now = new Date();
  const data = { page: { title: '当期成绩', parent: '/center', tab: 'exam' }, ...resultsView(sittingsOf(id), catalogue, now, 'all') };
  reply.header('content-type', 'text/html; charset=utf-8');
  return views.render('results/results', data, contextAt(now));
});

function contextAt(now: Date) {
  return { now: now.getTime(), session: { secondsLeft: 7_200, limited: false } };
}

process.stdout.write(`${JSON.stringify({ address: await server.listen({ host: settings.HOST, port: settings.PORT }) })}\n`);
