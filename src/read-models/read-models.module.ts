import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../config.js';
import { projectionsFor } from '../known-projections.js';
import { openBuildStore, openReadModels } from '../stores.js';
import { BuildStore } from './build-store.js';
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
  ],
  exports: [ReadModels, BuildStore],
})
export class ReadModelsModule implements OnApplicationShutdown {
  constructor(
    private readonly readModels: ReadModels,
    private readonly builds: BuildStore,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.readModels.close();
    await this.builds.close();
  }
}
