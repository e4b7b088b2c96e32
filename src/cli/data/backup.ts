import { type BackupProgress, backUp, checkBackup } from '../../backup/backup.js';
import { noteCheck } from '../../backup/last-backup.js';
import { type BackupManifest, BadBackup } from '../../backup/manifest.js';
import { streamRules } from '../../composition/known/stream-categories.js';
import { inMegabytes } from '../../kernel/megabytes.js';
import { lowerThreadPriority } from '../../kernel/priority.js';
import type { Settings } from '../../settings/settings.js';
import { beijing } from '../program/beijing-time.js';
import type { CommandResult, Context } from '../program/command.js';
import type { Output } from '../program/output.js';

interface BackupGiven {
  readonly folder: string;
  readonly previous: string | undefined;
  readonly check: boolean;
}

/** `backup FOLDER`: of the centre of DATA_DIR, whether a server runs on it or not; with `check` it reads one through. */
export async function runBackup({ folder, previous, check }: BackupGiven, { settings, out }: Context): Promise<CommandResult> {
  lowerThreadPriority();
  if (check) {
    const manifest = await checked(folder, settings);
    out.answer(`备份完整：${described(manifest)}，备份于 ${beijing(manifest.madeAt)}`);
    return { json: shown(manifest) };
  }
  const manifest = await backUp(settings, folder, { previous, progress: await progressInMegabytes(out), rules: streamRules });
  out.done(`备份完毕：${described(manifest)}，在 ${folder}`);
  for (const part of manifest.without) out.answer(ELSEWHERE[part]);
  return { json: shown(manifest) };
}

/** Notes what came of it where it is the backup that was made last. @throws BadBackup */
async function checked(folder: string, { DATA_DIR }: Settings): Promise<BackupManifest> {
  try {
    const manifest = await checkBackup(folder, streamRules);
    await noteCheck(DATA_DIR, folder, new Date());
    return manifest;
  } catch (error) {
    if (error instanceof BadBackup) await noteCheck(DATA_DIR, folder, new Date(), error.message);
    throw error;
  }
}

function shown(manifest: BackupManifest): object {
  return { ...manifest, madeAt: beijing(manifest.madeAt) };
}

/** What the operator does about what is not in it, and when: read models before the log, the log before the vault. */
const ELSEWHERE: Readonly<Record<BackupManifest['without'][number], string>> = {
  'read-models': '这份备份中没有读模型：恢复后由事件重新生成。',
  log: '这份备份中没有事件：它们在 EventStoreDB 中，请用 EventStoreDB 的备份办法，并且每次都在运行本命令之前完成，否则新考生的密钥可能不在备份中。',
  vault:
    '这份备份中没有密钥库：它在 MongoDB 中，请用 mongodump 备份它的四个集合，先 vault，再 candidates、officers 和 tombstones，并且每次都在本命令完成之后进行。',
};

function described({ files, photos, position }: BackupManifest): string {
  const bytes = files.reduce((all, file) => all + file.bytes, photos.bytes);
  const events = position === null ? '' : `，事件到第 ${Number(position)} 条`;
  return `${files.length} 个文件，${photos.files} 张照片，共 ${inMegabytes(bytes)} MB${events}`;
}

async function progressInMegabytes(out: Output): Promise<BackupProgress> {
  const progress = await out.progress('MB');
  return {
    phase: (name, total) => progress.phase(name, total),
    step: (done) => progress.step(done, inMegabytes(done)),
    end: () => progress.end(),
  };
}
