import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Clock, SystemClock } from './clock.js';
import { Config, type Settings } from './config.js';
import { Readiness } from './readiness.js';

/** Settings, clock and readiness, for every module. */
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
