import { type DynamicModule, Global, Module } from '@nestjs/common';
import { EventStore } from '../../event-store/event-store.js';
import { RateLimitStore } from '../../identity/throttling/rate-limit-store.js';
import { BuildStore } from '../../read-models/build-store.js';
import { ReadModelLag } from '../../read-models/projecting/read-model-lag.js';
import { ProjectionCode } from '../../read-models/projection-code.js';
import { ReadModels } from '../../read-models/read-models.js';
import { PhotoIntake, Photos } from '../../vault/photos.js';
import { Safes, Vault } from '../../vault/vault.js';

/** Stores that somebody else has opened, and closes. */
export interface GivenStores {
  readonly events: EventStore;
  readonly readModels: ReadModels;
  readonly builds: BuildStore;
  readonly lag: ReadModelLag;
  readonly vault: Vault;
  readonly photos: Photos;
  readonly code: ProjectionCode;
}

/** Nobody signs in where pages are only looked at. */
class NoSignIns extends RateLimitStore {
  override async run(): Promise<never> {
    throw new Error('nobody signs in here');
  }

  override async close(): Promise<void> {}
}

@Global()
@Module({})
export class GivenStoresModule {
  static of({ events, readModels, builds, lag, vault, photos, code }: GivenStores): DynamicModule {
    const providers = [
      { provide: EventStore, useValue: events },
      { provide: ReadModels, useValue: readModels },
      { provide: BuildStore, useValue: builds },
      { provide: ReadModelLag, useValue: lag },
      { provide: ProjectionCode, useValue: code },
      { provide: Vault, useValue: vault },
      { provide: Safes, useValue: vault },
      { provide: Photos, useValue: photos },
      { provide: PhotoIntake, useValue: photos },
      { provide: RateLimitStore, useValue: new NoSignIns() },
    ];
    return { module: GivenStoresModule, providers, exports: providers.map(({ provide }) => provide) };
  }
}
