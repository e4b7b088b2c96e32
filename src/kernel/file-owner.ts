import { chownSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder and its missing parents with mode 0700. Run by root, they get the owner of the existing parent folder, so that the
 * centre's own user can read them.
 */
export function makeFolder(path: string): void {
  const first = mkdirSync(path, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  const made: string[] = [];
  for (let each = path; made.at(-1) !== first && each !== dirname(each); each = dirname(each)) made.push(each);
  for (const each of made.toReversed()) inheritOwner(each);
}

/** Run by root, changes the owner of a file or folder to that of its parent folder; does nothing for other users. */
export function inheritOwner(path: string): void {
  if (process.geteuid?.() !== 0) return;
  const { uid, gid } = statSync(dirname(path));
  if (uid !== 0) chownSync(path, uid, gid);
}
