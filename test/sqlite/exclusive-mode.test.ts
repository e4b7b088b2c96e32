import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { SqliteFile } from '../../src/sqlite/sqlite-file.js';

const OPTIONS = { timeout: 100, remedy: 'nothing' };

/** Reads in two threads, then writes; tells what came of each. */
const PROGRAM = `
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
const [, , folder, file, alone] = process.argv;
const { enableExclusiveMode } = await import(folder + 'exclusive-mode.js');
const { SqliteFile } = await import(folder + 'sqlite-file.js');
const attempt = (sql) => {
  try {
    return new SqliteFile(file, ${JSON.stringify(OPTIONS)}).prepare(sql).all().length;
  } catch (error) {
    return error.name;
  }
};
const read = () => attempt('SELECT * FROM kept');
if (isMainThread) {
  if (alone === 'alone') enableExclusiveMode();
  const here = read();
  const thread = new Worker(new URL(import.meta.url), { argv: process.argv.slice(2) });
  const there = await new Promise((resolve, reject) => thread.once('message', resolve).once('error', reject));
  console.log(JSON.stringify([here, there, attempt("INSERT INTO kept VALUES ('two') RETURNING name")]));
  process.exit();
} else parentPort.postMessage(read());
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'alone-'));
  const db = new SqliteFile(join(folder, 'kept.sqlite'), OPTIONS);
  db.exec("CREATE TABLE kept (name TEXT); INSERT INTO kept VALUES ('one')");
  db.close();
  writeFileSync(join(folder, 'program.mjs'), PROGRAM);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** In a process whose files can have no byte more, as on a full disk. */
async function withoutRoom(how: 'alone' | 'shared'): Promise<unknown> {
  const compiled = new URL('../../dist/src/sqlite/', import.meta.url).href;
  const words = ['--fsize=1:', process.execPath, join(folder, 'program.mjs'), compiled, join(folder, 'kept.sqlite'), how];
  return JSON.parse((await promisify(execFile)('prlimit', words)).stdout);
}

it('A SQLite file in exclusive mode can be read in all threads of a process on a full disk, but not written', async () => {
  expect(await withoutRoom('alone')).toEqual([1, 1, 'StoreUnavailable']);
  expect(readdirSync(folder)).not.toContain('kept.sqlite-shm');
});

it('A SQLite file in shared mode cannot even be read on a full disk', async () => {
  expect(await withoutRoom('shared')).toEqual(['StoreUnavailable', 'StoreUnavailable', 'StoreUnavailable']);
});
