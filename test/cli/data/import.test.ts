import { chown, mkdir, readdir, readFile, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import type { ImportReport } from '../../../src/imports/import-report.js';
import { admissionNo, citizenNo, nameOf, writeBatch } from '../../imports/batch.js';
import { centreOn } from '../../imports/centre.js';
import { edit, editLine, scratch, smallBatch, whatIsRecorded } from '../../imports/scratch.js';
import { killedAt } from '../../processes/centre-process.js';
import { jsonOf, run } from '../run.js';
import { told } from '../told.js';

const importing = (folder: string, data: string, ...options: string[]) => told(['import', folder, '--json', ...options], { DATA_DIR: data });
/** In a process of its own, which logs. */
const importingApart = (folder: string, data: string, ...options: string[]) => run(['import', folder, '--json', ...options], { DATA_DIR: data }).ended;

async function recordedIn(data: string, candidates: number) {
  const centre = await centreOn(data);
  try {
    return await whatIsRecorded(centre.events, centre.vault, candidates);
  } finally {
    await centre.close();
  }
}

describe('`personal-centre`', () => {
  it('`personal-centre` shows what it can do, and refuses what it cannot', async () => {
    const help = await told(['--help']);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toContain('import <FOLDER>');
    expect(await told(['frobnicate'])).toMatchObject({ code: 2, stderr: expect.stringContaining('没有命令 frobnicate') });
    expect(await told(['import'])).toMatchObject({ code: 2, stderr: expect.stringContaining('缺少参数 <FOLDER>') });
  });

  it('`personal-centre` says which setting is wrong', async () => {
    const { code, stderr } = await told(['import', '.'], { PORT: 'x' });
    expect(code).toBe(2);
    expect(stderr).toContain('PORT: ');
    expect(stderr).not.toContain('    at ');
  });
});

describe('`personal-centre import`', () => {
  it('`personal-centre import` ends with a line of JSON and with 0, from any folder to a DATA_DIR beside it', async () => {
    const { folder, data, rows } = await smallBatch();
    const first = await importing(folder, data);
    expect(first.code).toBe(0);
    expect(first.stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(jsonOf(first)).toMatchObject({ rows, bad: 0, recorded: expect.any(Number) });
    expect(jsonOf(await importing(folder, data))).toMatchObject({ rows, recorded: 0, bad: 0 });
  });

  it('`personal-centre import` says for people what came of each file, and into which folder', async () => {
    const { folder, data } = await smallBatch();
    const { stdout, stderr } = await told(['import', folder], { DATA_DIR: data });
    expect(stdout).toMatch(/^candidates\.csv：6 行，记录事件 12 条$/m);
    expect(stderr).toBe(`数据文件夹：${data}\n`);
  });

  it('`personal-centre import` ends with 1 and the reason when there is no such folder, and makes no data', async () => {
    const parent = await scratch();
    const ended = await importing(join(parent, 'nowhere'), join(parent, 'data'));
    expect(ended).toMatchObject({ code: 1, stderr: `没有这个文件夹：${join(parent, 'nowhere')}\n` });
    expect(jsonOf(ended)).toEqual({ error: { code: 'bad_folder', message: `没有这个文件夹：${join(parent, 'nowhere')}` } });
    expect(await readdir(parent)).toEqual([]);
  });

  it('`personal-centre import` keeps a file with a bad row out, by default whole, and ends with 1', async () => {
    const { folder, data } = await smallBatch();
    await editLine(folder, 'scores', 3, (line) => line.replace(/,\d+,,$/, ',101,,'));
    const shown = await told(['import', folder], { DATA_DIR: data });
    expect(shown.code).toBe(1);
    expect(shown.stdout).toContain('scores.csv 第 3 行，score 列，“101”：应为 0 到 100 的整数');
    const ended = await importing(folder, data);
    expect(ended.code).toBe(1);
    const { files } = jsonOf<ImportReport>(ended);
    expect(files.filter(({ keptOut }) => keptOut).map(({ file }) => file)).toEqual(['scores.csv']);
    expect(Object.keys(await recordedIn(data, 6)).filter((stream) => stream.startsWith('results-'))).toEqual([]);
  });

  it('`personal-centre import` with --skip-bad-rows writes the bad rows as they came, to be mended and sent again', async () => {
    const { folder, data } = await smallBatch();
    const other = await smallBatch();
    await importing(other.folder, other.data);
    await edit(folder, 'scores', (lines) => [`\uFEFF${lines[0]}\r`, ...lines.slice(1).map((line) => `${line}\r`)]);
    await editLine(folder, 'scores', 3, (line) => line.replace(/,\d+,,\r$/, ',"101",,\r'));
    await editLine(folder, 'scores', 5, (line) => line.replace(',1604,', ',1604",'));
    const before = (await readFile(join(folder, 'scores.csv'), 'utf8')).split('\n');
    const ended = await importing(folder, data, '--skip-bad-rows');
    expect(ended.code).toBe(1);
    const { files, bad } = jsonOf<ImportReport>(ended);
    expect(bad).toBe(2);
    const written = files.find(({ file }) => file === 'scores.csv')?.badRowsIn ?? '';
    expect(dirname(dirname(written))).toBe(dirname(folder));
    expect(await readFile(written, 'utf8')).toBe([before[0], before[2], before[4], ''].join('\n'));
    expect((await stat(written)).mode & 0o777).toBe(0o600);
    expect((await stat(dirname(written))).mode & 0o777).toBe(0o700);

    await edit(dirname(written), 'scores', (lines) => lines.map((line) => line.replace(',"101",', ',11,').replace(',1604",', ',1604,')));
    expect(await importing(dirname(written), data)).toMatchObject({ code: 0 });
    // the mended row comes later than its neighbours
    const inAnyOrder = (recorded: Readonly<Record<string, readonly string[]>>) =>
      Object.entries(recorded).map(([stream, events]) => [stream, events.toSorted()]);
    expect(inAnyOrder(await recordedIn(data, 6)).sort()).toEqual(inAnyOrder(await recordedIn(other.data, 6)).sort());
  });

  it('`personal-centre import` with --skip-bad-rows prints the bad rows where no folder can be made beside the batch', async () => {
    const { folder, data } = await smallBatch();
    await editLine(folder, 'scores', 3, (line) => line.replace(/,\d+,,$/, ',101,,'));
    const lines = (await readFile(join(folder, 'scores.csv'), 'utf8')).split('\n');
    const nameTooLongToAddTo = join(dirname(folder), 'b'.repeat(250));
    await rename(folder, nameTooLongToAddTo);
    const ended = await importing(nameTooLongToAddTo, data, '--skip-bad-rows');
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain(`scores.csv 中有错的行：\n${lines[0]}\n${lines[2]}\n`);
    const { files, bad } = jsonOf<ImportReport>(ended);
    expect([bad, files.find(({ file }) => file === 'scores.csv')?.badRowsPrinted]).toEqual([1, true]);
    expect(Object.keys(await recordedIn(data, 6)).filter((stream) => stream.startsWith('results-'))).not.toEqual([]);
  });

  it('`personal-centre import` run by root leaves nothing in the data that belongs to another than their owner', async () => {
    const { folder, data } = await smallBatch(2);
    await mkdir(join(folder, 'photos'));
    await sharp({ create: { width: 400, height: 576, channels: 3, background: '#4080d0' } })
      .jpeg()
      .toFile(join(folder, 'photos', 'a.jpg'));
    await editLine(folder, 'candidates', 2, (line) => line.replace(/,,$/, ',a.jpg,'));
    // whoever is not root can only have files of its own
    const owner = process.geteuid?.() === 0 ? 54_321 : (process.geteuid?.() as number);
    await mkdir(data, { mode: 0o700 });
    await chown(data, owner, owner);
    expect(await importing(folder, join(data, 'centre'))).toMatchObject({ code: 0 });
    const made = await readdir(data, { recursive: true });
    expect(made.map((name) => name.replace(/\/.{2}\/.*/, '/…'))).toEqual(
      expect.arrayContaining(['centre', 'centre/events.sqlite', 'centre/master-key', 'centre/photos', 'centre/photos/…']),
    );
    const owners = await Promise.all(made.map(async (name) => [name, (await stat(join(data, name))).uid]));
    expect(owners.filter(([, uid]) => uid !== owner)).toEqual([]);
  });

  it('`personal-centre import` with --dry-run says what would change and makes nothing, where there is no centre and where there is one', async () => {
    const { folder, data, rows } = await smallBatch();
    const first = await importing(folder, data, '--dry-run');
    expect([first.code, await readdir(data).catch(() => 'nothing')]).toEqual([0, 'nothing']);
    const { files } = jsonOf<ImportReport>(first);
    expect(files.reduce((sum, { changes }) => sum + (changes?.created ?? 0), 0)).toBe(rows);
    expect(await importing(folder, data)).toMatchObject({ code: 0 });
    await editLine(folder, 'scores', 3, (line) => line.replace(/,\d+,,$/, ',61,,'));
    const { code, stdout } = await told(['import', folder, '--dry-run'], { DATA_DIR: data });
    expect(code).toBe(0);
    expect(stdout).toContain('新增 0 行，更改 1 行，不变 23 行\n  score 更改 1 行\n');
    expect(stdout).toMatch(/\d+ → 61/);
    expect(await importing(folder, data)).toMatchObject({ code: 0 });
    expect(jsonOf<ImportReport>(await importing(folder, data, '--dry-run')).files.some(({ changes }) => changes && changes.corrected > 0)).toBe(false);
  });

  it('`personal-centre import` says nothing personal on its way, however bad the rows are', async () => {
    const { folder, data } = await smallBatch(4);
    await writeBatch(folder, { candidates: 4, password: 'Secret-Pw-1' });
    await editLine(folder, 'candidates', 2, (line) => line.replace(`,${nameOf(0)},居民身份证,`, `,居民身份证,${nameOf(0)},`));
    await editLine(folder, 'candidates', 3, (line) => line.replace(/,19\d\d-\d\d-\d\d,/, ',1990-13-01,').replace('{plain}', '{md5}'));
    await editLine(folder, 'candidates', 4, (line) => line.replace(citizenNo(2), `${citizenNo(2)}${admissionNo(2)}`).replace(/,(.{3}区),/, `,${nameOf(2)},`));
    await editLine(folder, 'candidates', 5, (line) => `${line},${nameOf(3)}`);
    await edit(folder, 'scores', (lines) => lines.slice(1));
    for (const option of ['--dry-run', '--skip-bad-rows']) {
      const { stdout, stderr } = await importingApart(folder, data, option);
      const said = stdout + stderr;
      for (let at = 0; at < 4; at++) {
        for (const personal of [nameOf(at), citizenNo(at), admissionNo(at)]) expect(said).not.toContain(personal);
      }
      for (const personal of ['1990-', 'Secret-Pw-1', '汉族', '北京市']) expect(said).not.toContain(personal);
    }
  });

  it('`personal-centre import` killed at any step and run again ends as if it had not been, and leaves nothing behind', async () => {
    const candidates = 150;
    const whole = await smallBatch(candidates);
    expect((await importing(whole.folder, whole.data)).code).toBe(0);
    const data = join(dirname(whole.folder), 'killed');
    for (const moment of [
      'before commit of CandidateRegistered',
      'after commit of CandidateRegistered',
      'before commit 2 of CourseEnrolled',
      'after commit of CourseEnrolled',
      'before commit of ScoreRecorded',
      'after commit of ScoreRecorded',
    ]) {
      const { ended } = run(['import', whole.folder, '--json'], { DATA_DIR: data, ...killedAt(moment) });
      expect([moment, (await ended).signal]).toEqual([moment, 'SIGKILL']);
    }
    expect((await importing(whole.folder, data)).code).toBe(0);
    expect(await recordedIn(data, candidates)).toEqual(await recordedIn(whole.data, candidates));
    expect((await readdir(data)).filter((name) => !/^(events|vault|read-models)\.sqlite(-wal|-shm)?$|^(master-key|session-secret|photos)$/.test(name))).toEqual(
      [],
    );
  });

  it('`personal-centre import` beside another import and a process that appends, records everything once', async () => {
    const candidates = 100;
    const { folder, data } = await smallBatch(candidates);
    const centre = await centreOn(data);
    const alone = await smallBatch(0);
    try {
      const imports = [importingApart(folder, data), importingApart(folder, data)];
      const finished = Promise.all(imports);
      let ended = false;
      const stopped = finished.then(() => {
        ended = true;
      });
      let appended = 0;
      while (!ended) {
        const stream = { name: `notice-beside-${appended}` };
        const metadata = { command: crypto.randomUUID(), correlation: 'beside', by: 'office:test', origin: 'office' as const };
        const notice = { type: 'NoticePublished', data: { id: stream.name, title: '通知', body: '通知', publishedAt: '2026-01-01T00:00:00.000Z' } };
        await centre.events.append([{ stream, expected: 'no_stream', events: [{ ...notice, id: crypto.randomUUID(), metadata }] }]);
        appended++;
      }
      await stopped;
      const both = await finished;
      expect(both.map(({ code }) => code)).toEqual([0, 0]);
      expect((await importing(folder, alone.data)).code).toBe(0);
      const recorded = Object.entries(await whatIsRecorded(centre.events, centre.vault, candidates));
      expect(recorded.filter(([stream]) => stream.startsWith('notice-beside-'))).toHaveLength(appended);
      expect(Object.fromEntries(recorded.filter(([stream]) => !stream.startsWith('notice-beside-')))).toEqual(await recordedIn(alone.data, candidates));
    } finally {
      await centre.close();
    }
  });
});
