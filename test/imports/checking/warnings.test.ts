import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type ImportPorts, importFolder } from '../../../src/imports/import-folder.js';
import { isComplete, reportLines } from '../../../src/imports/import-report.js';
import { type PreviewPorts, previewFolder } from '../../../src/imports/preview/preview-folder.js';
import { isCitizenNo } from '../../../src/vault/numbers.js';
import { admissionNo, identityOf } from '../batch.js';
import { centreOn } from '../centre.js';
import { allEvents, edit, editLine, scratch, smallBatch } from '../scratch.js';

let ports: ImportPorts & PreviewPorts & { close(): Promise<void> };
beforeEach(async () => {
  ports = await centreOn(await scratch());
});
afterEach(() => ports.close());

/** The warnings and faults of a file, as `line column reason`. */
async function saidOf(folder: string, name: string, dryRun = false) {
  const report = await (dryRun ? previewFolder : importFolder)(folder, {}, ports);
  const file = report.files.find(({ file }) => file === `${name}.csv`);
  const shown = (said: (typeof report.files)[number]['faults'] = []) => said.map(({ line, column, reason }) => `${line} ${column} ${reason}`);
  return { report, warnings: shown(file?.warnings), faults: shown(file?.faults) };
}

/** Citizen numbers of one day and a non-existent region that still have a valid check digit when a spreadsheet truncates them. */
function cutNumbers(): { readonly whole: string; readonly cut: string; readonly identity: (number: string) => string } {
  for (let day = 10; day < 29; day++) {
    for (let region = 100; region < 999; region++) {
      const fifteen = `990${region}199907${day}0`;
      const whole = Array.from({ length: 1_000 }, (_, end) => `${fifteen}${String(end).padStart(2, '0')}`)
        .slice(1, 90)
        .flatMap((digits) => ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'X'].map((check) => `${digits}${check}`))
        .find((number) => isCitizenNo(number) && Number(number[16]) % 2 === 0);
      if (whole && isCitizenNo(`${fifteen}000`)) return { whole, cut: `${fifteen}000`, identity: (number) => `${number},女,1999-07-${day}` };
    }
  }
  throw new Error('there is no such number');
}

describe('A citizen number that a spreadsheet may have truncated', () => {
  const { whole, cut, identity } = cutNumbers();

  it('A citizen number that a spreadsheet may have truncated is refused in place of the recorded number with the same first 15 digits, and nothing is recorded', async () => {
    const { folder } = await smallBatch(2);
    await editLine(folder, 'candidates', 2, (line) => line.replace(identityOf(0), identity(whole)));
    expect(await saidOf(folder, 'candidates')).toMatchObject({ warnings: [], faults: [] });
    const recorded = (await allEvents(ports.events)).length;
    await editLine(folder, 'candidates', 2, (line) => line.replace(whole, cut));
    const { faults, warnings } = await saidOf(folder, 'candidates');
    expect(faults).toEqual([expect.stringMatching(/^2 id_no 后三位成了 000/)]);
    expect(warnings).toEqual([]);
    expect(await allEvents(ports.events)).toHaveLength(recorded);
  });

  it('A citizen number that a spreadsheet may have truncated is a warning for a new candidate, who may really have it, and not when the row is repeated', async () => {
    const { folder } = await smallBatch(2);
    await editLine(folder, 'candidates', 2, (line) => line.replace(identityOf(0), identity(cut)));
    const first = await saidOf(folder, 'candidates');
    expect(first).toMatchObject({ warnings: [expect.stringMatching(/^2 id_no 以 000 结尾/)], faults: [], report: { bad: 0, warnings: 1 } });
    expect(await saidOf(folder, 'candidates')).toMatchObject({ warnings: [], faults: [] });
  });

  it('A citizen number that a spreadsheet may have truncated is a warning in place of an entirely different recorded number', async () => {
    const { folder } = await smallBatch(2);
    await saidOf(folder, 'candidates');
    await editLine(folder, 'candidates', 2, (line) => line.replace(identityOf(0), identity(cut)));
    expect(await saidOf(folder, 'candidates', true)).toMatchObject({ warnings: [expect.stringMatching(/^2 id_no/)], faults: [] });
  });
});

describe('Warnings', () => {
  it('Warnings name a unit outside its period, by the batch or by recorded data', async () => {
    const { folder } = await smallBatch(1);
    await edit(folder, 'units', (lines) => lines.map((line) => line.replace('2610,H,2026-10-18', '2610,H,2025-10-18')));
    const said = ['17 date 不在考期 2610 的考试日期内（2026-10-18 至 2026-10-26）'];
    expect((await saidOf(folder, 'units')).warnings).toEqual(said);
    await edit(folder, 'periods', (lines) => lines.slice(0, 1));
    expect((await saidOf(folder, 'units')).warnings).toEqual(said);
  });

  it('Warnings name a recorded unit outside its moved period, unless the batch moves the unit too', async () => {
    const { folder } = await smallBatch(1);
    expect((await saidOf(folder, 'periods')).warnings).toEqual([]);
    await edit(folder, 'periods', (lines) => lines.map((line) => line.replace('2026-10-18,2026-10-26', '2026-10-19,2026-10-26')));
    expect((await saidOf(folder, 'periods', true)).warnings).toEqual([]);
    const units = await readFile(join(folder, 'units.csv'), 'utf8');
    await edit(folder, 'units', (lines) => lines.slice(0, 1));
    const early = units.split('\n').flatMap((line) => /^2610,([A-Z]),2026-10-18/.exec(line)?.[1] ?? []);
    expect(early).not.toEqual([]);
    const { warnings } = await saidOf(folder, 'periods', true);
    expect(warnings).toEqual(early.map((unit) => `4 exam_starts 已登记的 ${unit} 单元（2026-10-18）不在考试日期内，请核对`));
  });

  it('Warnings name a seat that is given twice at one time, with the other row, but not at different times', async () => {
    const { folder } = await smallBatch(2);
    const row = (candidate: number, period: string, course: string, seat: string, state = 'arranged') =>
      `${admissionNo(candidate)},${period},${course},试验中学,试验路2号,001,${seat},${state}`;
    // courses 09000 and 09008 are of one unit, 09001 is of another
    await edit(folder, 'arrangements', ([header]) => [
      header ?? '',
      row(0, '2610', '09000', '01'),
      row(1, '2610', '09008', '01'),
      row(1, '2610', '09001', '01'),
      row(1, '2604', '09000', '01'),
      row(0, '2610', '09016', '02'),
      row(1, '2610', '09016', '02', 'cancelled'),
    ]);
    const said = ['2 seat 同一时间、同一考场的这个座位也给了第 3 行', '3 seat 同一时间、同一考场的这个座位也给了第 2 行'];
    expect((await saidOf(folder, 'arrangements')).warnings).toEqual(said);
    await edit(folder, 'timetable', (lines) => lines.slice(0, 1));
    expect((await saidOf(folder, 'arrangements')).warnings).toEqual(said);
  });

  it('Warnings name the times of a period that are in an impossible order', async () => {
    const { folder } = await smallBatch(1);
    const at = (day: string) => `${day}T00:00:00+08:00`;
    await edit(folder, 'periods', (lines) => [
      ...lines,
      `2704,2027年4月,,,,,${at('2026-12-01')},${at('2027-01-10')},${at('2026-12-05')},${at('2027-05-20')},${at('2027-03-01')},,2027-04-10,2027-04-11`,
    ]);
    const { warnings, report } = await saidOf(folder, 'periods');
    expect(warnings).toEqual([
      '5 payment_closes 缴费截止早于报考截止，请核对',
      '5 arrangements_released 考试安排发布晚于考试开始，请核对',
      '5 results_released 成绩发布早于考试结束，请核对',
    ]);
    expect(isComplete(report)).toBe(true);
  });

  it('Warnings are printed and counted beside faults, but not for bad rows', async () => {
    const { folder } = await smallBatch(2);
    await edit(folder, 'units', (lines) => lines.map((line) => line.replace('2610,H,2026-10-18', '2610,H,2025-10-18')));
    const lines = [...reportLines((await saidOf(folder, 'units')).report)];
    expect(lines).toContain('units.csv：16 行，提醒 1 处，记录事件 16 条');
    expect(lines.find((line) => line.startsWith('  提醒：units.csv 第 17 行，date 列，“2025-10-18”：不在考期'))).toBeDefined();
    expect(lines.at(-1)).toMatch(/有错 0 行，提醒 1 处，用时/);
    await edit(folder, 'units', (rows) => [...rows, '2610,H,2025-10-19,09:00']);
    const again = await saidOf(folder, 'units');
    expect(again).toMatchObject({ warnings: [], report: { bad: 2 } });
    expect([...reportLines(again.report)].filter((line) => line.includes('提醒：units.csv'))).toEqual([]);
  });
});

it('Faults and warnings show the value as it is in the file, not as it is parsed', async () => {
  const { folder } = await smallBatch(2);
  await edit(folder, 'periods', (lines) => [
    ...lines,
    '2704,2027年4月,,,,,2026-12-01T00:00:00+08:00,2027-01-10T00:00:00+08:00,2026-12-05T00:00:00+08:00,,,,2027-04-10,2027-04-11',
  ]);
  const bill = (due: string) => `20261100000001,${admissionNo(0)},2704,enrolment,due,3000,2026-12-02T10:00:00+08:00,${due},,09000:3000`;
  await edit(folder, 'payments', (lines) => [lines[0] ?? '', bill('2026-12-04T12:00:00+08:00'), bill('2026-12-05T12:00:00+08:00')]);
  const { files } = await previewFolder(folder, {}, ports);
  const values = (name: string, said: 'warnings' | 'faults') => files.find(({ file }) => file === name)?.[said].map(({ value }) => value);
  expect(values('periods.csv', 'warnings')).toEqual(['2026-12-05T00:00:00+08:00']);
  expect(values('payments.csv', 'faults')).toEqual(['2026-12-04T12:00:00+08:00', '2026-12-05T12:00:00+08:00']);
});
