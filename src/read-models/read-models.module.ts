import { Global, Module, type OnApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import { Config } from '../config.js';
import { hasRoom } from '../disk-reserve.js';
import { EventStore } from '../event-store/event-store.js';
import { projectionsFor, servedFor } from '../known-projections.js';
import { Readiness } from '../readiness.js';
import { openBuildStore, openReadModels } from '../stores.js';
import { BuildStore } from './build-store.js';
import { ReadModelLag } from './lag.js';
import { ReadModels } from './read-models.js';
import { ServedReadModels } from './served.read-models.js';

/** What pages read, as the settings say. */
@Global()
@Module({
  providers: [
    { provide: BuildStore, useFactory: ({ settings }: Config) => openBuildStore(settings), inject: [Config] },
    {
      provide: ReadModels,
      useFactory: async ({ settings }: Config, builds: BuildStore) => new ServedReadModels(await openReadModels(settings), builds, projectionsFor(settings)),
      inject: [Config, BuildStore],
    },
    {
      provide: ReadModelLag,
      useFactory: (events: EventStore, readModels: ReadModels, { settings }: Config) => {
        const cannotMove = () => settings.READ_MODELS_URL === undefined && !hasRoom(settings.DATA_DIR);
        return new ReadModelLag(events, readModels, servedFor(settings), undefined, cannotMove);
      },
      inject: [EventStore, ReadModels, Config],
    },
  ],
  exports: [ReadModels, BuildStore, ReadModelLag],
})
export class ReadModelsModule implements OnModuleDestroy, OnApplicationShutdown {
  constructor(
    private readonly readModels: ReadModels,
    private readonly builds: BuildStore,
    private readonly lag: ReadModelLag,
    readiness: Readiness,
  ) {
    readiness.watch('read models', () => lag.ailment());
  }

  /** Before the stores are closed. */
  onModuleDestroy(): Promise<void> {
    return this.lag.stop();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.readModels.close();
    await this.builds.close();
  }
}
