import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Catalogue } from '../src/catalogue/catalogue.js';
import { START } from '../src/event-store/event.js';
import type { EventStore } from '../src/event-store/event-store.js';
import { type ImportPorts, importFolder } from '../src/imports/import-folder.js';
import { isComplete, reportLines } from '../src/imports/import-report.js';
import type { Settings } from '../src/settings/settings.js';
import type { DemoAccount } from './accounts.js';
import { writeCohort } from './cohort.js';
import { demoStateIn, saveDemoState } from './demo-state.js';
import type { KnownPerson } from './sandbox-bjt/persona.js';

/**
 * Records the demo cohort when the log holds only its installation, or continues where an earlier start was interrupted.
 * @returns the accounts to try; none when the log does not hold the demo
 */
export async function recordDemo(ports: ImportPorts & { readonly catalogue: Catalogue }, now: Date): Promise<readonly DemoAccount[]> {
  const { DATA_DIR } = ports.settings;
  const known = demoStateIn(DATA_DIR);
  const isNew = await isEmpty(ports.events); // the folder's state may belong to another log
  if (known?.recorded && !isNew) return known.accounts;
  if (!known && !isNew) return [];
  const begun = known?.recorded === false ? known.begun : now.toISOString();
  const folder = mkdtempSync(join(DATA_DIR, 'demo-'));
  try {
    const { accounts, people, corrections } = await writeCohort(folder, new Date(begun));
    saveDemoState(DATA_DIR, { begun, recorded: false, accounts, people });
    for (const batch of [folder, corrections]) {
      // after a kill between the two, the first batch restores what the second has corrected
      const report = await importFolder(batch, { origin: { by: 'demo' }, revert: true }, ports);
      await ports.catalogue.caughtUp(await ports.events.head());
      if (!isComplete(report)) throw new Error(`the demo cohort is not fit to be imported:\n${[...reportLines(report)].join('\n')}`);
    }
    saveDemoState(DATA_DIR, { begun, recorded: true, accounts, people });
    return accounts;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The people whom the sandbox of 北京通 offers; nobody where no demo was recorded. */
export function demoPeople(settings: Pick<Settings, 'DATA_DIR'>): readonly KnownPerson[] {
  return demoStateIn(settings.DATA_DIR)?.people ?? [];
}

async function isEmpty(events: EventStore): Promise<boolean> {
  const { events: first } = await events.read(START, 2);
  return first.every(({ type }) => type === 'InstallationMade');
}
