import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Clock, SystemClock } from './clock.js';
import { Config, type Settings } from './config.js';

/** Settings and clock, for every module. */
@Global()
@Module({})
export class ConfigModule {
  static of(settings: Settings, clock: Clock = new SystemClock()): DynamicModule {
    return {
      module: ConfigModule,
      providers: [
        { provide: Config, useValue: new Config(settings) },
        { provide: Clock, useValue: clock },
      ],
      exports: [Config, Clock],
    };
  }
}
