import { createHash, randomUUID } from 'node:crypto';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode } from '../kernel/error-code.js';
import { inheritOwner, makeFolder } from '../kernel/file-owner.js';
import { folderEntries } from '../kernel/folder-entries.js';
import { DamagedFile } from '../sqlite/sqlite-errors.js';
import { normalizedPhoto } from './photo.js';
import type { Safe } from './vault.js';

/** Where commands put registration photos. */
export abstract class PhotoIntake {
  /**
   * Stores a photo and returns its digest, by which it is found. The same bytes again change nothing, except that a damaged file is
   * replaced. Durable when it resolves.
   * @param normalized the photo as it is stored, where it is known already
   * @throws BadPhoto when it is over 5 MB, not JPEG, or broken
   */
  abstract put(safe: Safe, bytes: Uint8Array, normalized?: Uint8Array): Promise<string>;
}

/** Names photos as they would be stored, and stores none: for previews, of photos that were checked before. */
export class PhotoDigests extends PhotoIntake {
  async put(safe: Safe, bytes: Uint8Array): Promise<string> {
    return photoDigest(safe, bytes);
  }
}

/** Registration photos: sealed files beside the vault, each named by its candidate and the digest of the original bytes. */
export class Photos extends PhotoIntake {
  /** @param folder created when it is missing, with access for its owner alone */
  constructor(private readonly folder: string) {
    super();
  }

  async put(safe: Safe, bytes: Uint8Array, normalized?: Uint8Array): Promise<string> {
    const digest = photoDigest(safe, bytes);
    const file = this.file(safe, digest);
    if (await isIntact(safe, file)) return digest;
    const sealed = safe.sealBytes(normalized ?? (await normalizedPhoto(bytes)));
    makeFolder(dirname(file));
    await writeAtomically(file, sealed);
    return digest;
  }

  /**
   * The photo as JPEG; undefined when there is none with this digest, or its candidate was forgotten.
   * @throws DamagedFile when its file cannot be decrypted
   */
  get(safe: Safe, digest: string): Promise<Uint8Array | undefined> {
    return openFile(safe, this.file(safe, digest));
  }

  private file({ id }: Safe, digest: string): string {
    // the end of an id is random (its beginning is a time): 256 folders of about the same size
    return join(this.folder, id.slice(-2), `${id}.${encodeURIComponent(digest)}`);
  }
}

/** The keyed digest of a photo's bytes as they were given. */
export function photoDigest(safe: Safe, bytes: Uint8Array): string {
  return safe.digest(createHash('sha256').update(bytes).digest('base64url'));
}

/** Writes a file so that a power failure leaves either the whole file or none. */
async function writeAtomically(file: string, bytes: Uint8Array): Promise<void> {
  const draft = `${file}.${randomUUID()}`;
  try {
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
      inheritOwner(draft);
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  const folder = await open(dirname(file), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** The decrypted contents of a file; undefined when it does not exist. @throws DamagedFile */
async function openFile(safe: Safe, file: string): Promise<Uint8Array | undefined> {
  const sealed = await sealedIn(file);
  try {
    return sealed && safe.openBytes(sealed);
  } catch (error) {
    throw new DamagedFile(`${file} 已损坏（无法解密）：请重新导入这张照片，或从最近的备份恢复这个文件`, { cause: error });
  }
}

async function sealedIn(file: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function isIntact(safe: Safe, file: string): Promise<boolean> {
  try {
    return (await openFile(safe, file)) !== undefined;
  } catch (error) {
    if (error instanceof DamagedFile) return false;
    throw error;
  }
}

/** Milliseconds after which nobody writes a draft any more. */
const DRAFT_AGE = 24 * 60 * 60 * 1_000;

/** Files in a folder of photos that a process has begun to write and left when it was killed. */
export async function abandonedDrafts(folder: string, now: Date): Promise<readonly { readonly file: string; readonly bytes: number }[]> {
  const subfolders = (await folderEntries(folder)).filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
  const drafts: { readonly file: string; readonly bytes: number }[] = [];
  for (const subfolder of subfolders) {
    for (const { name } of await folderEntries(subfolder)) {
      if (name.split('.').length !== 3) continue;
      const file = join(subfolder, name);
      const { size, mtimeMs } = await stat(file);
      if (now.getTime() - mtimeMs > DRAFT_AGE) drafts.push({ file, bytes: size });
    }
  }
  return drafts;
}
