import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { RateLimitStore } from '../../identity/throttling/rate-limit-store.js';
import { Config } from '../../settings/settings.js';
import { openRateLimitStore } from '../stores.js';

/** The store of login rate limits, as configured by the settings. */
@Global()
@Module({
  providers: [{ provide: RateLimitStore, useFactory: ({ settings }: Config) => openRateLimitStore(settings), inject: [Config] }],
  exports: [RateLimitStore],
})
export class RateLimitStoreModule implements OnApplicationShutdown {
  constructor(private readonly store: RateLimitStore) {}

  async onApplicationShutdown(): Promise<void> {
    await this.store.close();
  }
}
