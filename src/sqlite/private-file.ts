import { randomUUID } from 'node:crypto';
import { chmodSync, closeSync, linkSync, openSync, rmSync, statSync } from 'node:fs';
import { errorCode } from '../kernel/error-code.js';
import { inheritOwner } from '../kernel/file-owner.js';

/**
 * Sees to it that a SQLite file is there and is its owner's alone; SQLite gives its mode to the files beside it. A file that
 * is there is never opened: closing any descriptor of a file releases all POSIX locks that the process has on it (fcntl(2)),
 * and then another program takes itself for the file's last user and deletes the WAL.
 * @param fill what a new file holds, written before anybody else can see it; without it the file is empty
 */
export function makePrivate(file: string, fill: (draft: string) => void = () => undefined): void {
  const mode = statSync(file, { throwIfNoEntry: false })?.mode;
  if (mode === undefined) make(file, fill);
  else if ((mode & 0o077) !== 0) chmodSync(file, 0o600);
}

/** Under another name first: nobody can have the file open when it is closed here. */
function make(file: string, fill: (draft: string) => void): void {
  const draft = `${file}.${randomUUID()}`;
  try {
    closeSync(openSync(draft, 'wx', 0o600));
    inheritOwner(draft);
    fill(draft);
    linkSync(draft, file);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error; // another was first
  } finally {
    rmSync(draft, { force: true });
  }
}
