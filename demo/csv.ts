import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';

/** The files of a batch and their columns, in the order in which an import reads them. */
const COLUMNS = {
  periods: [
    'period',
    'name',
    'registration_opens',
    'registration_closes',
    'confirmation_opens',
    'confirmation_closes',
    'enrolment_opens',
    'enrolment_closes',
    'payment_closes',
    'arrangements_released',
    'results_released',
    'review_closes',
    'exam_starts',
    'exam_ends',
  ],
  units: ['period', 'unit', 'date', 'starts'],
  timetable: ['period', 'course', 'unit', 'form', 'minutes'],
  courses: ['code', 'name', 'credits'],
  majors: ['code', 'name', 'level', 'university', 'state', 'last_registration', 'last_exam', 'last_thesis', 'last_graduation', 'last_degree'],
  major_courses: ['major', 'course', 'required'],
  districts: ['name', 'office', 'place', 'address', 'phone'],
  fees: ['kind', 'from_period', 'amount_fen'],
  declaration_periods: ['kind', 'code', 'name', 'opens', 'closes', 'payment_closes'],
  candidates: [
    'admission_no',
    'name',
    'id_type',
    'id_no',
    'sex',
    'birth',
    'health',
    'ethnicity',
    'household',
    'district',
    'registered_period',
    'account_state',
    'confirmed',
    'photo',
    'password_hash',
  ],
  candidate_majors: ['admission_no', 'major', 'state', 'added_period'],
  enrolments: ['admission_no', 'period', 'course', 'state'],
  payments: ['bill_no', 'admission_no', 'period', 'kind', 'state', 'amount_fen', 'created_at', 'due_by', 'paid_at', 'items'],
  receipts: ['bill_no', 'receipt_code', 'receipt_no', 'check_code', 'issued_at'],
  arrangements: ['admission_no', 'period', 'course', 'site', 'address', 'room', 'seat', 'state'],
  scores: ['admission_no', 'period', 'course', 'score', 'grade', 'remark'],
  declarations: ['id', 'admission_no', 'kind', 'period', 'major', 'university', 'state', 'applied_on', 'decided_on', 'remark'],
  status_applications: ['id', 'admission_no', 'kind', 'state', 'applied_on', 'remark', 'detail'],
  notices: ['id', 'title', 'published_at', 'state', 'body'],
  contents: ['key', 'effective_from', 'body'],
} as const;

export type FileName = keyof typeof COLUMNS;

/** A row by column; a missing column is an empty field. */
export type Row<File extends FileName> = { readonly [Column in (typeof COLUMNS)[File][number]]?: string | number | undefined };

/** The rows of a batch of input files, to be written as a folder of CSV. */
export class CsvFiles {
  readonly #rows = new Map<FileName, Row<FileName>[]>();

  add<File extends FileName>(file: File, row: Row<File>): void {
    const rows = this.#rows.get(file) ?? [];
    rows.push(row);
    this.#rows.set(file, rows);
  }

  /** Writes each file that has rows, and creates the folder if it does not exist. */
  async write(folder: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    for (const [file, rows] of this.#rows) {
      await writeFile(join(folder, `${file}.csv`), stringify(rows, { header: true, columns: [...COLUMNS[file]] }));
    }
  }
}
