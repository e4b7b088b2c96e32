import 'reflect-metadata';
import { parentPort, workerData } from 'node:worker_threads';
import { NestFactory } from '@nestjs/core';
import { CommandBus } from '@nestjs/cqrs';
import { v4 as uuid } from 'uuid';
import { Catalogue } from '../catalogue/catalogue.js';
import { AppModule } from '../composition/app.module.js';
import { actorsFor } from '../composition/known-actors.js';
import { openActingStore } from '../composition/stores.js';
import { EventStore } from '../event-store/event-store.js';
import { Clock } from '../kernel/clock.js';
import { goAfterPages } from '../kernel/priority.js';
import { refusedToOffice } from '../office/refused-reaction.js';
import { ReadModels } from '../read-models/read-models.js';
import type { Settings } from '../settings/settings.js';
import { act } from './acting.js';

/** Reactors and timers in a thread of their own: what a thousand candidates set off at once must not hold up pages. */
const settings = workerData as Settings;

goAfterPages();

const stopping = new AbortController();
parentPort?.once('message', () => stopping.abort());

const application = await NestFactory.createApplicationContext(AppModule.withoutPages(settings), { logger: false, abortOnError: false });
const store = await openActingStore(settings);
try {
  await application.get(Catalogue).start();
  const commands = application.get(CommandBus);
  const ports = {
    events: application.get(EventStore),
    readModels: application.get(ReadModels),
    clock: application.get(Clock),
    store,
    commands,
    refused: refusedToOffice(commands),
  };
  await act(actorsFor(settings), ports, { holder: uuid(), report: (progress) => parentPort?.postMessage(progress) }, stopping.signal);
} finally {
  await store.close();
  await application.close();
}
process.exit(); // ends the thread alone, which a connection to the log that is still being made would keep for minutes
