import { randomUUID } from 'node:crypto';
import { chmodSync, closeSync, linkSync, openSync, rmSync, statSync } from 'node:fs';
import { errorCode } from '../kernel/error-code.js';
import { inheritOwner } from '../kernel/file-owner.js';

/**
 * Ensures that a SQLite file exists and that only its owner has access; SQLite gives the same mode to the -wal and -shm files. An
 * existing file is never opened here: closing any descriptor of a file releases all POSIX locks of the process on it (fcntl(2)), and
 * another program may then believe that it is the last user and delete the WAL.
 * @param fill writes the contents of a new file before other processes can see it; by default it is empty
 */
export function ensurePrivateFile(file: string, fill: (draft: string) => void = () => undefined): void {
  const mode = statSync(file, { throwIfNoEntry: false })?.mode;
  if (mode === undefined) createPrivateFile(file, fill);
  else if ((mode & 0o077) !== 0) chmodSync(file, 0o600);
}

/** Creates the file under another name first, so that nobody can have it open when it is closed here. */
function createPrivateFile(file: string, fill: (draft: string) => void): void {
  const draft = `${file}.${randomUUID()}`;
  try {
    closeSync(openSync(draft, 'wx', 0o600));
    inheritOwner(draft);
    fill(draft);
    linkSync(draft, file);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error; // another process has created it
  } finally {
    rmSync(draft, { force: true });
  }
}
