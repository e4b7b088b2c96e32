import { Global, Module } from '@nestjs/common';
import { Catalogue } from '../../catalogue/catalogue.js';
import { EventStore } from '../../event-store/event-store.js';
import { CorrectionDesk } from '../../office/corrections/correction-desk.js';
import { Config } from '../../settings/settings.js';
import { Safes } from '../../vault/vault.js';
import { correctionRelease } from '../known/correction-release.js';

/** Corrections, by everything that this release decides and projects. */
@Global()
@Module({
  providers: [
    {
      provide: CorrectionDesk,
      useFactory: (events: EventStore, safes: Safes, catalogue: Catalogue, { settings }: Config) =>
        new CorrectionDesk(events, safes, catalogue, correctionRelease, settings.CORRECTION_ROWS_ALONE),
      inject: [EventStore, Safes, Catalogue, Config],
    },
  ],
  exports: [CorrectionDesk],
})
export class CorrectionsModule {}
