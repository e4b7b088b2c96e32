import type { HandlerClass } from '../event-store/handler.js';
import { ArrangeSeatHandler } from './arrangements/arrange-seat.command.js';
import { CorrectSeatHandler } from './arrangements/correct-seat.command.js';
import { ConfirmEnrolmentHandler } from './confirm-enrolment.command.js';
import { CorrectEnrolmentHandler } from './correct-enrolment.command.js';
import { WithdrawCourseHandler } from './courses/withdraw-course.command.js';
import { FreeEnrolmentHandler } from './free-enrolment.command.js';
import { RecordEnrolmentHandler } from './record-enrolment.command.js';
import { SettleEnrolmentHandler } from './settle-enrolment.command.js';
import { WithdrawEnrolmentPaymentHandler } from './withdraw-enrolment-payment.command.js';

/** The handlers of the module's commands. */
export const enrolmentsHandlers = [
  RecordEnrolmentHandler,
  ConfirmEnrolmentHandler,
  SettleEnrolmentHandler,
  WithdrawEnrolmentPaymentHandler,
  FreeEnrolmentHandler,
  ArrangeSeatHandler,
  CorrectSeatHandler,
  CorrectEnrolmentHandler,
  WithdrawCourseHandler,
] satisfies readonly HandlerClass[];
