import { createHash, randomUUID } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode } from '../kernel/error-code.js';
import { inheritOwner, makeFolder } from '../kernel/file-owner.js';
import { DamagedFile } from '../sqlite/faults.js';
import { keptPhoto } from './photo.js';
import type { Safe } from './vault.js';

/** Registration photos: sealed files beside the vault, each named by its candidate and the digest of what came in. */
export class Photos {
  /** @param folder made when it is not there, for its owner alone */
  constructor(private readonly folder: string) {}

  /**
   * Keeps a photo, and answers the keyed digest of the bytes given, under which it is found again. The same bytes again
   * change nothing, but that a damaged file is written anew. Durable when it answers.
   * @throws BadPhoto when it is over 5 MB, not JPEG, or broken
   */
  async put(safe: Safe, bytes: Uint8Array): Promise<string> {
    const digest = safe.digest(createHash('sha256').update(bytes).digest('base64url'));
    const file = this.file(safe, digest);
    if (await isWhole(safe, file)) return digest;
    const sealed = safe.sealBytes(await keptPhoto(bytes));
    makeFolder(dirname(file));
    await writeWhole(file, sealed);
    return digest;
  }

  /**
   * The photo as JPEG; undefined when there is none under this digest, or its candidate was forgotten.
   * @throws DamagedFile when its file does not open
   */
  get(safe: Safe, digest: string): Promise<Uint8Array | undefined> {
    return opened(safe, this.file(safe, digest));
  }

  private file({ id }: Safe, digest: string): string {
    // the end of an id is random (its beginning is a time): 256 folders of about the same size
    return join(this.folder, id.slice(-2), `${id}.${encodeURIComponent(digest)}`);
  }
}

/** The file is there whole or not at all, whenever the power goes. */
async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
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

/** What is sealed in a file; undefined where there is none. @throws DamagedFile */
async function opened(safe: Safe, file: string): Promise<Uint8Array | undefined> {
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

async function isWhole(safe: Safe, file: string): Promise<boolean> {
  try {
    return (await opened(safe, file)) !== undefined;
  } catch (error) {
    if (error instanceof DamagedFile) return false;
    throw error;
  }
}
