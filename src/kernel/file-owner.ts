import { chownSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Creates a folder and its missing parents with mode 0700. When root runs this, they get the owner of the existing parent folder, so
 * that the centre's own user can read them.
 */
export function makeFolder(path: string): void {
  const first = mkdirSync(path, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  const created: string[] = [];
  for (let each = path; created.at(-1) !== first && each !== dirname(each); each = dirname(each)) created.push(each);
  for (const each of created.toReversed()) inheritOwner(each);
}

/** When root runs this, gives a file or folder the owner of its parent folder. Does nothing for other users. */
export function inheritOwner(path: string): void {
  if (process.geteuid?.() !== 0) return;
  const { uid, gid } = statSync(dirname(path));
  if (uid !== 0) chownSync(path, uid, gid);
}
