import { join } from 'node:path';
import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../config.js';
import { knownEvents } from '../known-events.js';
import { EventStore } from './event-store.js';
import { SqliteEventStore } from './sqlite.event-store.js';

/** The log, as the settings say. */
@Global()
@Module({
  providers: [
    {
      provide: EventStore,
      useFactory: ({ settings }: Config) => new SqliteEventStore(join(settings.DATA_DIR, 'events.sqlite'), knownEvents),
      inject: [Config],
    },
  ],
  exports: [EventStore],
})
export class EventStoreModule implements OnApplicationShutdown {
  constructor(private readonly events: EventStore) {}

  async onApplicationShutdown(): Promise<void> {
    await this.events.close();
  }
}
