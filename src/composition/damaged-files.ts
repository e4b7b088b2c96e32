import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { damagesOfLog, type LogCheck } from '../event-store/sqlite/log-integrity.js';
import type { Problem } from '../read-models/verifying/problems.js';
import type { StoreSettings } from '../settings/settings.js';
import { damageOf } from '../sqlite/integrity.js';
import { REBUILD, RESTORE } from '../sqlite/remedies.js';
import { DamagedFile } from '../sqlite/sqlite-errors.js';
import { SqliteFile } from '../sqlite/sqlite-file.js';
import { streamRules } from './known/stream-categories.js';

const LOG = 'events.sqlite';

/** The damaged files of DATA_DIR, and what is wrong with the log in its file. @param check with `whole` each file is read completely */
export function damagedFiles(settings: StoreSettings, check: LogCheck): readonly Problem[] {
  const { DATA_DIR, EVENT_STORE_URL, READ_MODELS_URL } = settings;
  const files = [
    ...(EVENT_STORE_URL === undefined ? ([[LOG, RESTORE]] as const) : []),
    ...(READ_MODELS_URL === undefined
      ? ([
          ['vault.sqlite', RESTORE],
          ['read-models.sqlite', REBUILD],
        ] as const)
      : []),
  ];
  return files.flatMap(([name, remedy]): readonly Problem[] => {
    const says = damageOf(join(DATA_DIR, name), remedy, check === 'whole') ?? (name === LOG ? damageOfLog(settings, check) : undefined);
    return says === undefined ? [] : [{ kind: 'file', says, cure: [] }];
  });
}

/**
 * Asserts that no event of the log is missing or changed, as far as it is checked: nothing is to be made from another one.
 * @throws DamagedFile
 */
export function assertSoundLog(settings: StoreSettings, check: LogCheck): void {
  const says = damageOfLog(settings, check);
  if (says !== undefined) throw new DamagedFile(says);
}

/** Undefined where the log is sound, or is on a server. */
function damageOfLog({ DATA_DIR, EVENT_STORE_URL }: StoreSettings, check: LogCheck): string | undefined {
  const file = join(DATA_DIR, LOG);
  if (EVENT_STORE_URL !== undefined || !existsSync(file)) return undefined;
  const db = new SqliteFile(file, { timeout: 10_000, remedy: RESTORE });
  try {
    db.exec('BEGIN'); // all of it at one moment
    const damages = damagesOfLog(db, streamRules, check);
    db.exec('COMMIT');
    return damages.length > 0 ? `${file} 已损坏（${damages.join('；')}）：${RESTORE}` : undefined;
  } finally {
    db.close();
  }
}
