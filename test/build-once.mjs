import { mkdirSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { build } from '../build.mjs';

const MEMORY = '/dev/shm';
/** Bytes that must be free there: tests never have a tenth of it at a time. */
const ROOM = 4 * 1024 ** 3;
const OURS = 'centre-tests-';

/** Tests that start processes of their own run what is built; what the centre logs would bury what a test says. */
export default async () => {
  process.env.LOG_LEVEL ??= 'silent';
  process.env.TMPDIR ??= temporaryFolder();
  await build({ checked: false });
};

/** In memory, where there is room: no test is about a power cut, and each makes, syncs and deletes databases. */
function temporaryFolder() {
  if (!hasRoom()) return tmpdir();
  for (const name of readdirSync(MEMORY).filter((each) => each.startsWith(OURS))) {
    if (!isRunning(Number(name.slice(OURS.length)))) rmSync(`${MEMORY}/${name}`, { recursive: true, force: true }); // of a run that was killed
  }
  const folder = `${MEMORY}/${OURS}${process.pid}`;
  mkdirSync(folder, { recursive: true });
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function hasRoom() {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize >= ROOM;
  } catch {
    return false; // there is no such place
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
