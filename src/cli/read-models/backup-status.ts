import { existsSync } from 'node:fs';
import { readLastBackup } from '../../backup/last-backup.js';
import { sealOf } from '../../backup/manifest.js';
import type { Settings } from '../../settings/settings.js';
import { beijing } from '../program/beijing-time.js';

/** Something that is not well, and the commands that cure it. */
export interface BackupProblem {
  readonly says: string;
  readonly cure: readonly string[];
}

/** What is known of the backup that was made last. */
export interface BackupStatus {
  readonly folder: string;
  readonly madeAt: string;
  readonly ageHours: number;
  /** The last event in it; null where the log is elsewhere. */
  readonly position: string | null;
  /** SHA-256 of its manifest. */
  readonly seal: string;
  /** `gone`: its folder cannot be seen from here. */
  readonly sealed: 'as-made' | 'changed' | 'gone';
  /** When it was read through last. */
  readonly checkedAt: string | null;
}

const HOUR = 60 * 60 * 1_000;
/** Docs of operating: a backup is made every day. */
const TOO_OLD_HOURS = 48;

/** Undefined where no backup is known. */
export async function backupStatus(
  { DATA_DIR }: Settings,
  now: Date,
): Promise<{ readonly backup?: BackupStatus; readonly problems: readonly BackupProblem[] }> {
  const last = await readLastBackup(DATA_DIR);
  if (!last) return { problems: [] };
  const { folder, madeAt, position, seal, checkedAt, fault } = last;
  const ageHours = Math.floor((now.getTime() - Date.parse(madeAt)) / HOUR);
  const found = existsSync(folder) ? await sealOf(folder) : undefined;
  const sealed = found === undefined ? 'gone' : found === seal ? 'as-made' : 'changed';
  const again = ['backup FOLDER'];
  const problems: readonly BackupProblem[] = [
    ...(fault === undefined ? [] : [{ says: `上次备份 ${folder} 检查时不能使用：${fault}`, cure: again }]),
    ...(sealed === 'changed' ? [{ says: `上次备份 ${folder} 的清单与备份时不同`, cure: [`backup ${folder} --check`, ...again] }] : []),
    ...(ageHours >= TOO_OLD_HOURS ? [{ says: `上次备份是 ${Math.floor(ageHours / 24)} 天前的`, cure: again }] : []),
  ];
  const backup = { folder, madeAt: beijing(madeAt), ageHours, position, seal, sealed, checkedAt: checkedAt === undefined ? null : beijing(checkedAt) } as const;
  return { backup, problems };
}

/** It in words. */
export function linesOfBackup(backup: BackupStatus | undefined): readonly string[] {
  if (!backup) return ['备份：没有记录做过备份（backup 在这个数据文件夹中记下最近的一次）'];
  const { folder, madeAt, position, seal, sealed, checkedAt } = backup;
  const upTo = position === null ? '' : `，事件到位置 ${position}`;
  const where = sealed === 'gone' ? '（现在从这里看不到它）' : '';
  return [
    `备份：${madeAt}，在 ${folder}${where}${upTo}`,
    `  清单 SHA-256 ${seal}；${checkedAt === null ? '还没有检查过（backup --check）' : `检查于 ${checkedAt}`}`,
  ];
}
