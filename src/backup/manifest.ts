import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { open, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';

/** A folder is no valid backup, or none can be made; the message is for the person who runs the command. */
export class BadBackup extends Error {
  override readonly name = 'BadBackup';
}

/** Written last: a folder without it holds half a backup. */
const MANIFEST = 'manifest.json';

const manifest = z.object({
  format: z.literal(1),
  /** When it was begun, in Beijing's time with its offset; those of an earlier release are in UTC. */
  madeAt: z.string(),
  /** The last event of the log in it; null when the log is elsewhere. */
  position: z.string().nullable(),
  files: z.array(z.object({ name: z.string(), bytes: z.number(), sha256: z.string() })),
  photos: z.object({ files: z.number(), bytes: z.number() }),
  /** What the centre has elsewhere or can make anew, and is not in it. */
  without: z.array(z.enum(['read-models', 'log', 'vault'])),
  /** By file, why no backup has it; missing in those of an earlier release. */
  omitted: z.record(z.string(), z.string()).optional(),
});

export type BackupManifest = Readonly<z.infer<typeof manifest>>;

/** The manifest's entry for a file of a backup. */
export async function entryOf(folder: string, name: string): Promise<BackupManifest['files'][number]> {
  const file = join(folder, name);
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return { name, bytes: (await stat(file)).size, sha256: hash.digest('hex') };
}

/** Writes the manifest atomically. */
export async function writeBackupManifest(folder: string, written: BackupManifest): Promise<void> {
  const draft = join(folder, `${MANIFEST}.new`);
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(written, null, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, join(folder, MANIFEST));
  await flushFolder(folder);
}

/** @throws BadBackup when there is none, or one that this release cannot read */
export async function readBackupManifest(folder: string): Promise<BackupManifest> {
  const file = join(folder, MANIFEST);
  if (!existsSync(file)) throw new BadBackup(`${folder} 中没有 ${MANIFEST}：不是备份，或者备份没有做完，不能使用`);
  const read = manifest.safeParse(jsonIn(await readFile(file, 'utf8')));
  if (!read.success) throw new BadBackup(`${file} 无法识别，可能由更新的版本写成`);
  return read.data;
}

/** The SHA-256 of a backup's manifest, which holds those of its files; undefined where there is none. */
export async function sealOf(folder: string): Promise<string | undefined> {
  return existsSync(join(folder, MANIFEST)) ? (await entryOf(folder, MANIFEST)).sha256 : undefined;
}

/** Makes changes of a folder's entries durable. */
export async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // as little a manifest as any other text
  }
}
