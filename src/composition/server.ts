import type { DynamicModule } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { NotificationApi } from '../payments/notifications/notification.api.js';
import { redirectReturns } from '../payments/paying/return.page.js';
import { PaymentPlatform } from '../payments/platform/payment-platform.js';
import type { Settings } from '../settings/settings.js';
import type { TimeLimits } from '../web/requests/time-limits.js';
import { createWebServer, type ServedModules } from '../web/server.js';
import { knownProjections } from './known-projections.js';

const served: ServedModules = {
  rawRoutes: (app) => [
    { why: 'the platform signs what it tells', register: (scope) => app.get(NotificationApi).serve(scope) },
    { why: 'it changes nothing and leads to the bill', register: redirectReturns },
  ],
  formTargets: (app) => {
    const { origin } = app.get(PaymentPlatform);
    return origin === undefined ? [] : [origin];
  },
  readModels: knownProjections,
};

/** The web server of the whole centre: not yet listening. */
export function createServer(application: DynamicModule, settings: Settings, limits?: TimeLimits): Promise<NestFastifyApplication> {
  return createWebServer(application, settings, served, limits);
}
