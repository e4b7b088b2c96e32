import { chownSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder, and those above it that are missing, for their owner alone (0700). What root makes belongs to the owner of
 * the folder that it is made in: a command run by root leaves nothing that the centre's own user cannot read.
 */
export function makeFolder(path: string): void {
  const first = mkdirSync(path, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  const made: string[] = [];
  for (let each = path; made.at(-1) !== first && each !== dirname(each); each = dirname(each)) made.push(each);
  for (const each of made.toReversed()) giveToOwner(each);
}

/** Gives what root has made to the owner of the folder that it is in. For anybody else there is nothing to do. */
export function giveToOwner(path: string): void {
  if (process.geteuid?.() !== 0) return;
  const { uid, gid } = statSync(dirname(path));
  if (uid !== 0) chownSync(path, uid, gid);
}
