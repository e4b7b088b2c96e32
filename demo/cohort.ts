import { join } from 'node:path';
import { accountsToTry, type DemoAccount } from './accounts.js';
import { calendar } from './calendar.js';
import { particularCases } from './cases.js';
import { addCatalogue } from './catalogue.js';
import { addContents } from './contents.js';
import { crowd } from './crowd.js';
import { addDeclarationPeriods } from './declaration-periods.js';
import { Ledger } from './ledger.js';
import { addMajors } from './majors.js';
import { addNotices } from './notices.js';
import { People } from './people.js';
import { drawPhotos } from './photos.js';
import { Random } from './random.js';
import type { KnownPerson } from './sandbox-bjt/persona.js';
import { Stage } from './stage.js';
import { visitors } from './visitors.js';

/** Any number would do; with another, chance casts other people. */
const SEED = 19_810_113;
const CANDIDATES = 200;

/** How to try the demo cohort. */
export interface DemoAccounts {
  /** Five, each showing another side of the centre. */
  readonly accounts: readonly DemoAccount[];
  /** Whom the sandbox of 北京通 offers. */
  readonly people: readonly KnownPerson[];
  /** A folder inside the cohort's with scores that were corrected: to be imported after it. */
  readonly corrections: string;
}

/**
 * Writes a fictitious cohort of 200 candidates as a folder of input files with photos (columns: the .import.ts files of src/):
 * three periods around the day of `now` (results out since yesterday; exam in 3 to 9 days with arrangements released; enrolment
 * open) and earlier ones. The same for the whole of a day in Beijing; passwords are in the clear, so no import in production takes it.
 */
export async function writeCohort(folder: string, now: Date): Promise<DemoAccounts> {
  const days = calendar(now);
  const random = new Random(SEED);
  const ledger = new Ledger(days, random);
  const { batch } = ledger;
  addCatalogue(batch, days);
  addMajors(batch, days.today);
  addDeclarationPeriods(batch, days.today);
  addNotices(batch, days);
  await addContents(batch, days);
  const stage = new Stage(ledger, new People(random));
  const accounts = accountsToTry(stage);
  particularCases(stage);
  crowd(stage, CANDIDATES);
  const corrections = join(folder, 'corrections');
  await Promise.all([batch.write(folder), ledger.corrections.write(corrections), drawPhotos(folder)]);
  return { accounts, people: visitors(ledger.candidates, accounts), corrections };
}
