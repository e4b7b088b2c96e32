import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Tallies } from '../identity/throttling/tallies.js';
import { Config } from '../settings/settings.js';
import { openTallies } from './stores.js';

/** What slows guessing at passwords, as the settings say. */
@Global()
@Module({ providers: [{ provide: Tallies, useFactory: ({ settings }: Config) => openTallies(settings), inject: [Config] }], exports: [Tallies] })
export class TalliesModule implements OnApplicationShutdown {
  constructor(private readonly tallies: Tallies) {}

  async onApplicationShutdown(): Promise<void> {
    await this.tallies.close();
  }
}
