import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { EventStore } from '../../event-store/event-store.js';
import { ReadModels } from '../../read-models/read-models.js';
import { Config } from '../../settings/settings.js';
import { openEventStore } from '../stores.js';
import { streamsBy } from '../subject-index.js';

/** The log, as configured by the settings. */
@Global()
@Module({
  providers: [
    {
      provide: EventStore,
      useFactory: ({ settings }: Config, readModels: ReadModels) => openEventStore(settings, streamsBy(readModels)),
      inject: [Config, ReadModels],
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
