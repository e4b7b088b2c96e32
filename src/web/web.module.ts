import { Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { Config } from '../config.js';
import { ErrorPages } from './errors.filter.js';
import { HealthPage } from './health.page.js';
import { HomePage } from './home.page.js';
import { OutcomePage } from './outcome.page.js';
import { Outcomes } from './outcomes.js';
import { PublicPages } from './public.page.js';
import { Views } from './views.js';

/** What every page shares. */
@Module({
  controllers: [HealthPage, HomePage, OutcomePage, PublicPages],
  providers: [
    Outcomes,
    { provide: APP_FILTER, useClass: ErrorPages },
    { provide: Views, useFactory: ({ settings }: Config) => new Views(settings), inject: [Config] },
  ],
})
export class WebModule {}
