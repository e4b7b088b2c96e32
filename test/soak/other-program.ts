import { execFile } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

/** Milliseconds between two readings. */
const EVERY = 100;

/**
 * Another program that opens, reads and closes each SQLite file of a folder again and again, as backup tools do. If a process has lost
 * its locks, such a program considers itself the last user of a file and deletes its WAL.
 */
export class OtherProgram {
  readonly wrong: string[] = [];
  /** The files that it has read, by name. */
  readonly files = new Set<string>();
  private readonly wals = new Map<string, number>();
  private readonly going: Promise<void>;
  private ended = false;

  /** @param folder with files that other processes have open while the program reads */
  constructor(private readonly folder: string) {
    this.going = this.goOn();
  }

  async end(): Promise<void> {
    this.ended = true;
    await this.going;
  }

  private async goOn(): Promise<void> {
    while (!this.ended) {
      for (const name of readdirSync(this.folder).filter((each) => each.endsWith('.sqlite'))) await this.read(name);
      await pause(EVERY);
    }
  }

  private async read(name: string): Promise<void> {
    this.look(name);
    try {
      await promisify(execFile)('sqlite3', ['-cmd', '.timeout 60000', join(this.folder, name), 'SELECT count(*) FROM sqlite_schema']);
      this.files.add(name);
    } catch (error) {
      this.wrong.push(`another program could not read ${name}: ${error}`);
    }
    this.look(name);
  }

  /** Whether the WAL is still the first one. */
  private look(name: string): void {
    const wal = statSync(join(this.folder, `${name}-wal`), { throwIfNoEntry: false })?.ino;
    const first = this.wals.get(name) ?? wal;
    if (first !== undefined) this.wals.set(name, first);
    if (wal !== first) this.wrong.push(`the WAL of ${name} was deleted while it was in use`);
  }
}
