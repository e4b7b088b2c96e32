import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { Random } from '../../demo/random.js';
import { until } from '../until.js';
import { roundsOf, soak, timeoutFor } from './rounds.js';
import type { SoakedCentre } from './soaked-centre.js';

/** Milliseconds: while the import records, and while the disk is full after the import has ended. */
const RECORDING = 150;
const FULL = 3_000;
/** More than can be recorded before the disk is full. */
const ROWS = 8_000;

describe('A disk that fills up', () => {
  const rounds = roundsOf(1);
  it.concurrent(
    'A disk that fills up at any moment causes no loss and no duplicate in import and projection once there is space again',
    () => soak('full disk', rounds, filled),
    timeoutFor(rounds),
  );
});

async function filled(centre: SoakedCentre, random: Random): Promise<string> {
  await centre.commands.burst(40, 1_000);
  centre.commands.begin();
  const projector = centre.projector();
  await projector.atWork();
  const batch = mkdtempSync(join(tmpdir(), 'soak-batch-'));
  const codes = Array.from({ length: ROWS }, (_, at) => String(50_000 + at));
  writeFileSync(join(batch, 'courses.csv'), ['code,name,credits', ...codes.map((code) => `${code},示范课程,2`), ''].join('\n'));
  try {
    const importing = centre.ask('import', batch);
    await until('the import to record', async () => (await centre.events.streams([`course-${codes[0]}`]))[0]?.length);
    const after = random.between(0, RECORDING);
    await pause(after);
    const log = statSync(join(centre.settings.DATA_DIR, 'events.sqlite-wal')).size;
    const room = random.between(1, log);
    const limited = [importing, projector];
    await Promise.all(limited.map((process) => process.limitFiles(room)));
    const first = await importing.ended;
    await pause(random.between(0, FULL));
    await Promise.all(limited.map((process) => process.limitFiles()));
    if (first.code !== 0) expect(first.stderr).toMatch(/^\S+ 现在无法使用：.+\n可能已经记录了一部分。再次运行同一条命令即可继续。\n$/m);
    expect(await centre.ask('import', batch).ended).toMatchObject({ code: 0 });
    await centre.expectAllRight();
    const recorded = (await centre.log()).filter(({ type, stream }) => type === 'CourseDescribed' && codes.includes(stream.slice('course-'.length)));
    expect([recorded.length, new Set(recorded.map(({ stream }) => stream)).size]).toEqual([ROWS, ROWS]);
    expect(await projector.end()).toBe(0);
    return `full ${after} ms after an import began to record, with room for ${room} bytes: it ended with ${first.code}`;
  } finally {
    rmSync(batch, { recursive: true });
  }
}
