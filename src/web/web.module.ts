import { Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { Config } from '../settings/settings.js';
import { ErrorPages } from './errors/errors.filter.js';
import { HealthPage } from './health.page.js';
import { CommandOutcomes } from './outcomes/command-outcomes.js';
import { OutcomePage } from './outcomes/outcome.page.js';
import { Views } from './views/views.js';

/** What every page shares. */
@Module({
  controllers: [HealthPage, OutcomePage],
  providers: [
    CommandOutcomes,
    { provide: APP_FILTER, useClass: ErrorPages },
    { provide: Views, useFactory: ({ settings }: Config) => new Views(settings), inject: [Config] },
  ],
  exports: [CommandOutcomes],
})
export class WebModule {}
