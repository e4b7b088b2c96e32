import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../../settings/settings.js';
import { PhotoIntake, Photos } from '../../vault/photos.js';
import { Safes, Vault } from '../../vault/vault.js';
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
    { provide: Safes, useExisting: Vault },
    { provide: PhotoIntake, useExisting: Photos },
  ],
  exports: [Vault, Safes, Photos, PhotoIntake],
})
export class VaultModule implements OnApplicationShutdown {
  constructor(private readonly vault: Vault) {}

  async onApplicationShutdown(): Promise<void> {
    await this.vault.close();
  }
}
