import { join } from 'node:path';
import { accountsToTry, type DemoAccount } from './accounts.js';
import { calendar } from './calendar.js';
import { addCatalogue } from './catalogue.js';
import { CohortBuilder } from './cohort-builder.js';
import { CohortRecords } from './cohort-records.js';
import { addContents } from './contents.js';
import { addDeclarationPeriods } from './declaration-periods.js';
import { addMajors } from './majors.js';
import { addNotices } from './notices.js';
import { addOtherCandidates } from './other-candidates.js';
import { People } from './people.js';
import { drawPhotos } from './photos.js';
import { Random } from './random.js';
import type { KnownPerson } from './sandbox-bjt/persona.js';
import { sandboxPeople } from './sandbox-people.js';
import { addSpecialCases } from './special-cases.js';

/** Any number works; another gives other people. */
const SEED = 19_810_113;
const CANDIDATES = 200;

/** How to try the demo cohort. */
export interface DemoAccounts {
  /** Five, each of which shows something else of the centre. */
  readonly accounts: readonly DemoAccount[];
  /** The people whom the sandbox of 北京通 offers. */
  readonly people: readonly KnownPerson[];
  /** A folder inside the cohort's with corrected scores, to be imported after it. */
  readonly corrections: string;
}

/**
 * Writes a fictitious cohort of 200 candidates as a folder of input files with photos (columns: the .import.ts files of src/):
 * three periods around the day of `now` (results out since yesterday; exam in 3 to 9 days with arrangements released; enrolment
 * open) and earlier ones. It is the same for a whole day in Beijing. Passwords are plain text, so an import in production refuses it.
 */
export async function writeCohort(folder: string, now: Date): Promise<DemoAccounts> {
  const days = calendar(now);
  const random = new Random(SEED);
  const records = new CohortRecords(days, random);
  const { batch } = records;
  addCatalogue(batch, days);
  addMajors(batch, days.today);
  addDeclarationPeriods(batch, days.today);
  addNotices(batch, days);
  await addContents(batch, days);
  const builder = new CohortBuilder(records, new People(random));
  const accounts = accountsToTry(builder);
  addSpecialCases(builder);
  addOtherCandidates(builder, CANDIDATES);
  const corrections = join(folder, 'corrections');
  await Promise.all([batch.write(folder), records.corrections.write(corrections), drawPhotos(folder)]);
  return { accounts, people: sandboxPeople(records.candidates, accounts), corrections };
}
