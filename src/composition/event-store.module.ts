import { type DynamicModule, Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { EventStore } from '../event-store/event-store.js';
import type { SqliteEventStoreOptions } from '../event-store/sqlite/event-store.js';
import { ReadModels } from '../read-models/read-models.js';
import { Config } from '../settings/settings.js';
import { openEventStore } from './stores.js';
import { streamsBy } from './subject-index.js';

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
