import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Clock, SystemClock } from '../kernel/clock.js';
import { Readiness } from '../kernel/readiness.js';
import { Config, type Settings } from './settings.js';

/** Provides the settings, the clock and readiness to every module. */
@Global()
@Module({})
export class ConfigModule {
  static of(settings: Settings, clock: Clock = new SystemClock()): DynamicModule {
    return {
      module: ConfigModule,
      providers: [{ provide: Config, useValue: new Config(settings) }, { provide: Clock, useValue: clock }, Readiness],
      exports: [Config, Clock, Readiness],
    };
  }
}
