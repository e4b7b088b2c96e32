import { catalogueHandlers } from '../../catalogue/catalogue.handlers.js';
import { declarationsHandlers } from '../../declarations/declarations.handlers.js';
import { enrolmentsHandlers } from '../../enrolments/enrolments.handlers.js';
import type { HandlerClass } from '../../event-store/handler.js';
import { identityHandlers } from '../../identity/identity.handlers.js';
import { noticesHandlers } from '../../notices/notices.handlers.js';
import { officeHandlers } from '../../office/office.handlers.js';
import { paymentsHandlers } from '../../payments/payments.handlers.js';
import { registrationsHandlers } from '../../registrations/registrations.handlers.js';
import { resultsHandlers } from '../../results/results.handlers.js';
import { statusApplicationsHandlers } from '../../status-applications/status-applications.handlers.js';

/** The handlers of all commands of this release. */
export const knownCommandHandlers: readonly HandlerClass[] = [
  ...catalogueHandlers,
  ...registrationsHandlers,
  ...enrolmentsHandlers,
  ...resultsHandlers,
  ...paymentsHandlers,
  ...declarationsHandlers,
  ...statusApplicationsHandlers,
  ...noticesHandlers,
  ...officeHandlers,
  ...identityHandlers,
];
