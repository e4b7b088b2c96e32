import { type DynamicModule, Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../config.js';
import { ReadModels } from '../read-models/read-models.js';
import { streamsBy } from '../read-models/subject-index.js';
import { openEventStore } from '../stores.js';
import { EventStore } from './event-store.js';
import type { SqliteEventStoreOptions } from './sqlite.event-store.js';

/** The log, as the settings say. */
@Global()
@Module({})
export class EventStoreModule implements OnApplicationShutdown {
  static of(options: SqliteEventStoreOptions = {}): DynamicModule {
    const open = ({ settings }: Config, readModels: ReadModels) => openEventStore(settings, streamsBy(readModels), options);
    return { module: EventStoreModule, providers: [{ provide: EventStore, useFactory: open, inject: [Config, ReadModels] }], exports: [EventStore] };
  }

  constructor(private readonly events: EventStore) {}

  async onApplicationShutdown(): Promise<void> {
    await this.events.close();
  }
}
