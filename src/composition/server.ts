import type { DynamicModule } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { NotificationApi } from '../payments/notifications/notification.api.js';
import { redirectReturns } from '../payments/paying/return.page.js';
import { PaymentPlatform } from '../payments/platform/payment-platform.js';
import type { Settings } from '../settings/settings.js';
import type { TimeLimits } from '../web/requests/time-limits.js';
import { createWebServer, type ServedModules } from '../web/server.js';
import { knownProjections } from './known/projections.js';

const served: ServedModules = {
  rawRoutes: (app) => [
    { why: 'the platform signs its notifications', register: (scope) => app.get(NotificationApi).serve(scope) },
    { why: 'it changes nothing and redirects to the bill', register: redirectReturns },
  ],
  formTargets: (app) => {
    const { origin } = app.get(PaymentPlatform);
    return origin === undefined ? [] : [origin];
  },
  readModels: knownProjections,
};

/** Makes the web server of the whole centre; it does not listen yet. */
export function createServer(application: DynamicModule, settings: Settings, limits?: TimeLimits): Promise<NestFastifyApplication> {
  return createWebServer(application, settings, served, limits);
}
