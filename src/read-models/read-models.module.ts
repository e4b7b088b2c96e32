import { join } from 'node:path';
import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../config.js';
import { knownProjections } from '../known-projections.js';
import { BuildStore } from './build-store.js';
import { ReadModels } from './read-models.js';
import { ServedReadModels } from './served.read-models.js';
import { SqliteBuildStore } from './sqlite.build-store.js';
import { SqliteReadModels } from './sqlite.read-models.js';

const fileOf = ({ settings }: Config) => join(settings.DATA_DIR, 'read-models.sqlite');

/** What pages read, as the settings say. */
@Global()
@Module({
  providers: [
    { provide: BuildStore, useFactory: (config: Config) => new SqliteBuildStore(fileOf(config)), inject: [Config] },
    {
      provide: ReadModels,
      useFactory: (config: Config, builds: BuildStore) => new ServedReadModels(new SqliteReadModels(fileOf(config)), builds, knownProjections),
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
