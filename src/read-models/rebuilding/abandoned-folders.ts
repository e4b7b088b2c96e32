import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../../kernel/error-code.js';
import type { Registry } from '../registry.js';
import { MANIFEST, type Manifest, readManifest } from './replay-manifest.js';

/** The folders of rebuilds that cannot be resumed, and of verifications; to be called while the folder is locked. */
export async function abandonedFolders(folder: string, { builds }: Registry): Promise<readonly string[]> {
  const canResume = ({ name, fingerprint }: Manifest['builds'][number]) =>
    builds.some((build) => build.name === name && build.fingerprint === fingerprint && build.state === 'building');
  const abandoned: string[] = [];
  for (const path of await foldersIn(folder)) {
    if (!(await readManifest(join(path, MANIFEST)))?.builds.every(canResume)) abandoned.push(path);
  }
  return abandoned;
}

async function foldersIn(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}
