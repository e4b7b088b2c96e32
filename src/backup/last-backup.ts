import { readFile, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { errorCode } from '../kernel/error-code.js';
import { inheritOwner } from '../kernel/file-owner.js';
import { type BackupManifest, sealOf } from './manifest.js';

/** Beside the stores: which backup was made of them last. */
export const LAST_BACKUP = 'last-backup.json';

const lastBackup = z.object({
  /** An absolute path, as it was on the machine that made it. */
  folder: z.string(),
  /** As in its manifest. */
  madeAt: z.string(),
  position: z.string().nullable(),
  /** SHA-256 of its manifest, which holds those of all files. */
  seal: z.string(),
  /** When it was read through last; ISO 8601 instant. */
  checkedAt: z.string().optional(),
  /** Why it cannot be used, as that found. */
  fault: z.string().optional(),
});

export type LastBackup = Readonly<z.infer<typeof lastBackup>>;

/** Notes a backup that was made. */
export async function noteBackup(data: string, folder: string, { madeAt, position }: BackupManifest): Promise<void> {
  await write(data, { folder: resolve(folder), madeAt, position, seal: (await sealOf(folder)) ?? '' });
}

/** Notes that the backup that was made last was read through, and what is wrong with it; nothing happens where it was another. */
export async function noteCheck(data: string, folder: string, at: Date, fault?: string): Promise<void> {
  const last = await readLastBackup(data);
  if (!last || last.folder !== resolve(folder)) return;
  const { fault: _, ...rest } = last;
  await write(data, { ...rest, checkedAt: at.toISOString(), ...(fault !== undefined && { fault }) });
}

/** Undefined where none is known: none was made by this release, or what is noted cannot be read. */
export async function readLastBackup(data: string): Promise<LastBackup | undefined> {
  try {
    return lastBackup.safeParse(JSON.parse(await readFile(join(data, LAST_BACKUP), 'utf8'))).data;
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function write(data: string, last: LastBackup): Promise<void> {
  const file = join(data, LAST_BACKUP);
  const draft = `${file}.new`;
  await writeFile(draft, `${JSON.stringify(last, null, 2)}\n`, { mode: 0o600, flush: true });
  inheritOwner(draft);
  await rename(draft, file);
}
