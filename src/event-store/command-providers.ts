import type { FactoryProvider, Type } from '@nestjs/common';
import { CommandHandler } from '@nestjs/cqrs';
import { providerOf } from '../kernel/provider.js';
import type { HandlerClass } from './handler.js';

/** The providers by which Nest's command bus finds handlers. */
export function commandProviders(handlers: readonly (HandlerClass & Type)[]): FactoryProvider[] {
  return handlers.map((each) => {
    CommandHandler(each.command as Type)(each);
    return providerOf(each, each.needs);
  });
}
