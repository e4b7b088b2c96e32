import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../../settings/settings.js';
import { Photos } from '../../vault/photos.js';
import { Vault } from '../../vault/vault.js';
import { openVault, photosFolder } from '../stores.js';

/** The vault and the photos, as configured by the settings. */
@Global()
@Module({
  providers: [
    {
      provide: Vault,
      useFactory: ({ settings }: Config) => openVault(settings),
      inject: [Config],
    },
    { provide: Photos, useFactory: ({ settings }: Config) => new Photos(photosFolder(settings)), inject: [Config] },
  ],
  exports: [Vault, Photos],
})
export class VaultModule implements OnApplicationShutdown {
  constructor(private readonly vault: Vault) {}

  async onApplicationShutdown(): Promise<void> {
    await this.vault.close();
  }
}
