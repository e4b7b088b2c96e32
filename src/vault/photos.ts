import { createHash, randomUUID } from 'node:crypto';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode } from '../kernel/error-code.js';
import { giveToOwner, makeFolder } from '../owner.js';
import { keptPhoto } from './photo.js';
import type { Safe } from './vault.js';

/** Registration photos: sealed files beside the vault, each named by its candidate and the digest of what came in. */
export class Photos {
  /** @param folder made when it is not there, for its owner alone */
  constructor(private readonly folder: string) {}

  /**
   * Keeps a photo, and answers the keyed digest of the bytes given, under which it is found again. The same bytes again
   * change nothing. Durable when it answers.
   * @throws BadPhoto when it is over 5 MB, not JPEG, or broken
   */
  async put(safe: Safe, bytes: Uint8Array): Promise<string> {
    const digest = safe.digest(createHash('sha256').update(bytes).digest('base64url'));
    const file = this.file(safe, digest);
    if (await exists(file)) return digest;
    const sealed = safe.sealBytes(await keptPhoto(bytes));
    makeFolder(dirname(file));
    await writeWhole(file, sealed);
    return digest;
  }

  /** The photo as JPEG; undefined when there is none under this digest, or its candidate was forgotten. */
  async get(safe: Safe, digest: string): Promise<Uint8Array | undefined> {
    try {
      return safe.openBytes(await readFile(this.file(safe, digest)));
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    }
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
      giveToOwner(draft);
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

async function exists(file: string): Promise<boolean> {
  try {
    return (await stat(file)).isFile();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
