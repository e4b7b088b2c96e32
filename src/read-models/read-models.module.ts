import { join } from 'node:path';
import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../config.js';
import { ReadModels } from './read-models.js';
import { SqliteReadModels } from './sqlite.read-models.js';

/** What pages read, as the settings say. */
@Global()
@Module({
  providers: [
    {
      provide: ReadModels,
      useFactory: ({ settings }: Config) => new SqliteReadModels(join(settings.DATA_DIR, 'read-models.sqlite')),
      inject: [Config],
    },
  ],
  exports: [ReadModels],
})
export class ReadModelsModule implements OnApplicationShutdown {
  constructor(private readonly readModels: ReadModels) {}

  async onApplicationShutdown(): Promise<void> {
    await this.readModels.close();
  }
}
