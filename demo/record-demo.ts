import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Catalogue } from '../src/catalogue/catalogue.js';
import type { Settings } from '../src/config.js';
import { START } from '../src/event-store/event.js';
import { type ImportPorts, importFolder } from '../src/imports/import-folder.js';
import { allCameIn, reportLines } from '../src/imports/import-report.js';
import type { DemoAccount } from './accounts.js';
import { writeCohort } from './cohort.js';
import type { KnownPerson } from './sandbox-bjt/persona.js';

/** What is remembered of a demo cohort: when it was begun, and whether it is recorded whole. */
interface DemoState {
  readonly begun: string;
  readonly recorded: boolean;
  readonly accounts: readonly DemoAccount[];
  readonly people?: readonly KnownPerson[];
}

/**
 * Records the demo cohort when the log is empty, or goes on where a start was killed in the middle of it.
 * Answers the accounts to try; none when what is in the log is not a demo.
 */
export async function recordDemo(ports: ImportPorts & { readonly catalogue: Catalogue }, now: Date): Promise<readonly DemoAccount[]> {
  const file = fileIn(ports.settings);
  const known = stateIn(file);
  if (known?.recorded) return known.accounts;
  if (!known && (await ports.events.head()) !== START) return [];
  const begun = known?.begun ?? now.toISOString();
  const folder = mkdtempSync(join(ports.settings.DATA_DIR, 'demo-'));
  try {
    const { accounts, people, corrections } = await writeCohort(folder, new Date(begun));
    keep(file, { begun, recorded: false, accounts, people });
    for (const batch of [folder, corrections]) {
      const report = await importFolder(batch, {}, ports);
      await ports.catalogue.caughtUp(await ports.events.head());
      if (!allCameIn(report)) throw new Error(`the demo cohort is not fit to be imported:\n${[...reportLines(report)].join('\n')}`);
    }
    keep(file, { begun, recorded: true, accounts, people });
    return accounts;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Whom the sandbox of 北京通 offers; nobody where no demo was recorded. */
export function demoPeople(settings: Pick<Settings, 'DATA_DIR'>): readonly KnownPerson[] {
  return stateIn(fileIn(settings))?.people ?? [];
}

function fileIn({ DATA_DIR }: Pick<Settings, 'DATA_DIR'>): string {
  return join(DATA_DIR, 'demo.json');
}

function stateIn(file: string): DemoState | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as DemoState) : undefined;
}

function keep(file: string, state: DemoState): void {
  writeFileSync(`${file}.new`, JSON.stringify(state), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
