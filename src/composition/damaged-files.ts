import { join } from 'node:path';
import type { Problem } from '../read-models/verifying/problems.js';
import type { StoreSettings } from '../settings/settings.js';
import { damageOf } from '../sqlite/integrity.js';
import { REBUILD, RESTORE } from '../sqlite/remedies.js';

/** The damaged files of DATA_DIR. @param thorough reads each file completely */
export function damagedFiles({ DATA_DIR, EVENT_STORE_URL, READ_MODELS_URL }: StoreSettings, thorough: boolean): readonly Problem[] {
  const files = [
    ...(EVENT_STORE_URL === undefined ? ([['events.sqlite', RESTORE]] as const) : []),
    ...(READ_MODELS_URL === undefined
      ? ([
          ['vault.sqlite', RESTORE],
          ['read-models.sqlite', REBUILD],
        ] as const)
      : []),
  ];
  return files.flatMap(([name, remedy]): readonly Problem[] => {
    const says = damageOf(join(DATA_DIR, name), remedy, thorough);
    return says === undefined ? [] : [{ kind: 'file', says, cure: [] }];
  });
}
