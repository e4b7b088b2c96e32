import { declarationCorrection } from '../../declarations/declaration.correction.js';
import { seatCorrection } from '../../enrolments/arrangements/seat.correction.js';
import { enrolmentCorrection } from '../../enrolments/enrolment.correction.js';
import type { CorrectionKind } from '../../office/corrections/correction.js';
import type { CorrectionName } from '../../office/corrections/corrections.events.js';
import { paymentCorrection } from '../../payments/bills/corrections/payment.correction.js';
import { confirmationCorrection } from '../../registrations/confirmation/confirmation.correction.js';
import { accountCorrection } from '../../registrations/corrections/account.correction.js';
import { personCorrection } from '../../registrations/corrections/person.correction.js';
import { majorCorrection } from '../../registrations/majors/major.correction.js';
import { scoreCorrection } from '../../results/score.correction.js';
import { applicationCorrection } from '../../status-applications/application.correction.js';

/** The kinds of corrections by name. A kind that is missing here does not compile. */
export const knownCorrections: { readonly [Name in CorrectionName]: CorrectionKind } = {
  score: scoreCorrection,
  person: personCorrection,
  seat: seatCorrection,
  enrolment: enrolmentCorrection,
  confirmation: confirmationCorrection,
  account: accountCorrection,
  major: majorCorrection,
  payment: paymentCorrection,
  declaration: declarationCorrection,
  application: applicationCorrection,
};
