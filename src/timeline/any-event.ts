import type { CatalogueEvent } from '../catalogue/catalogue.events.js';
import type { DeclarationEvent } from '../declarations/declarations.events.js';
import type { EnrolmentEvent } from '../enrolments/enrolments.events.js';
import type { IdentityEvent } from '../identity/identity.events.js';
import type { ImportEvent } from '../imports/imports.events.js';
import type { InstallationEvent } from '../installation/installation.events.js';
import type { NoticeEvent } from '../notices/notices.events.js';
import type { CorrectionEvent } from '../office/corrections/corrections.events.js';
import type { OfficeEvent, ViewingEvent } from '../office/office.events.js';
import type { OfficerEvent } from '../office/officers/officers.events.js';
import type { PaymentEvent } from '../payments/payments.events.js';
import type { ReconciliationEvent } from '../payments/reconciliation/reconciliation.events.js';
import type { RegistrationEvent } from '../registrations/registrations.events.js';
import type { ResultEvent } from '../results/results.events.js';
import type { ApplicationEvent } from '../status-applications/status-applications.events.js';

/** Every event of this release. */
export type AnyEvent =
  | CatalogueEvent
  | NoticeEvent
  | RegistrationEvent
  | EnrolmentEvent
  | ResultEvent
  | PaymentEvent
  | ReconciliationEvent
  | DeclarationEvent
  | ApplicationEvent
  | IdentityEvent
  | OfficeEvent
  | ViewingEvent
  | OfficerEvent
  | CorrectionEvent
  | InstallationEvent
  | ImportEvent;
