import { contents } from '../../catalogue/contents/contents.import.js';
import { courses } from '../../catalogue/courses/courses.import.js';
import { declarationPeriods } from '../../catalogue/declaration-periods/declaration-periods.import.js';
import { districts } from '../../catalogue/districts/districts.import.js';
import { fees } from '../../catalogue/fees/fees.import.js';
import { majorCourses } from '../../catalogue/majors/major-courses.import.js';
import { majors } from '../../catalogue/majors/majors.import.js';
import { periods } from '../../catalogue/periods/periods.import.js';
import { timetable } from '../../catalogue/periods/timetable.import.js';
import { units } from '../../catalogue/periods/units.import.js';
import { declarations } from '../../declarations/declarations.import.js';
import { arrangements } from '../../enrolments/arrangements/arrangements.import.js';
import { enrolments } from '../../enrolments/enrolments.import.js';
import type { ImportFile } from '../../imports/files/import-file.js';
import { notices } from '../../notices/notices.import.js';
import { payments } from '../../payments/bills/payments.import.js';
import { receipts } from '../../payments/receipts/receipts.import.js';
import { candidates } from '../../registrations/candidates.import.js';
import { candidateMajors } from '../../registrations/majors/candidate-majors.import.js';
import { scores } from '../../results/scores.import.js';
import { statusApplications } from '../../status-applications/status-applications.import.js';

/** Every kind of input file, in the order in which a batch is read and recorded; those with rows of the same streams are recorded with the first of them. */
export const knownImportFiles: readonly ImportFile[] = [
  periods,
  units,
  timetable,
  courses,
  majors,
  majorCourses,
  districts,
  fees,
  declarationPeriods,
  candidates,
  candidateMajors,
  enrolments,
  payments,
  receipts,
  arrangements,
  scores,
  declarations,
  statusApplications,
  notices,
  contents,
];
