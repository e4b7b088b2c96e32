import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { errorCode } from './error-code.js';

/** What is in a folder, in no order; nothing where there is no such folder. */
export async function folderEntries(folder: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}
