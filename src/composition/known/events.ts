import { catalogueEvents } from '../../catalogue/catalogue.events.js';
import { declarationEvents } from '../../declarations/declarations.events.js';
import { enrolmentEvents } from '../../enrolments/enrolments.events.js';
import type { EventTypes } from '../../event-store/event-types.js';
import { identityEvents } from '../../identity/identity.events.js';
import { importEvents } from '../../imports/imports.events.js';
import { installationEvents } from '../../installation/installation.events.js';
import { noticeEvents } from '../../notices/notices.events.js';
import { correctionEvents } from '../../office/corrections/corrections.events.js';
import { officeEvents } from '../../office/office.events.js';
import { officerEvents } from '../../office/officers/officers.events.js';
import { paymentEvents } from '../../payments/payments.events.js';
import { reconciliationEvents } from '../../payments/reconciliation/reconciliation.events.js';
import { registrationEvents } from '../../registrations/registrations.events.js';
import { resultEvents } from '../../results/results.events.js';
import { applicationEvents } from '../../status-applications/status-applications.events.js';
import type { AnyEvent } from '../../timeline/any-event.js';

/** All event types of this release; any other is of a newer release. */
export const knownEvents: EventTypes = complete({
  ...installationEvents,
  ...importEvents,
  ...catalogueEvents,
  ...noticeEvents,
  ...registrationEvents,
  ...enrolmentEvents,
  ...resultEvents,
  ...paymentEvents,
  ...reconciliationEvents,
  ...declarationEvents,
  ...applicationEvents,
  ...identityEvents,
  ...officeEvents,
  ...officerEvents,
  ...correctionEvents,
});

/** The types of another module do not compile before they are among `AnyEvent`, and have their sentences in the timeline. */
function complete<Types extends EventTypes<AnyEvent>>(types: Types & Readonly<Record<Exclude<keyof Types, AnyEvent['type']>, never>>): EventTypes {
  return types;
}
