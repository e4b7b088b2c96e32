import { Global, Module, type OnApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import { EventStore } from '../../event-store/event-store.js';
import { Readiness } from '../../kernel/readiness.js';
import { BuildStore } from '../../read-models/build-store.js';
import { ReadModelLag } from '../../read-models/projecting/read-model-lag.js';
import { ProjectionCode } from '../../read-models/projection-code.js';
import { ReadModels } from '../../read-models/read-models.js';
import { ServedReadModels } from '../../read-models/serving/served.read-models.js';
import { Config } from '../../settings/settings.js';
import { hasDiskSpace } from '../../sqlite/disk-reserve.js';
import { projectionsFor, servedFor } from '../known/projections.js';
import { openBuildStore, openReadModels } from '../stores.js';

/** The read models, as configured by the settings. */
@Global()
@Module({
  providers: [
    { provide: ProjectionCode, useFactory: ({ settings }: Config) => new ProjectionCode(servedFor(settings)), inject: [Config] },
    { provide: BuildStore, useFactory: ({ settings }: Config) => openBuildStore(settings), inject: [Config] },
    {
      provide: ReadModels,
      useFactory: async ({ settings }: Config, builds: BuildStore) => new ServedReadModels(await openReadModels(settings), builds, projectionsFor(settings)),
      inject: [Config, BuildStore],
    },
    {
      provide: ReadModelLag,
      useFactory: (events: EventStore, readModels: ReadModels, builds: BuildStore, { settings }: Config) => {
        const cannotMove = () => settings.READ_MODELS_URL === undefined && !hasDiskSpace(settings.DATA_DIR);
        return new ReadModelLag(events, readModels, builds, servedFor(settings), undefined, cannotMove);
      },
      inject: [EventStore, ReadModels, BuildStore, Config],
    },
  ],
  exports: [ReadModels, BuildStore, ReadModelLag, ProjectionCode],
})
export class ReadModelsModule implements OnModuleDestroy, OnApplicationShutdown {
  constructor(
    private readonly readModels: ReadModels,
    private readonly builds: BuildStore,
    private readonly lag: ReadModelLag,
    readiness: Readiness,
  ) {
    readiness.addCheck('read models', () => lag.healthProblem());
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
