import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Recorded } from '../../src/event-store/event.js';
import { type ImportOptions, type ImportPorts, importFolder } from '../../src/imports/import-folder.js';
import { isComplete } from '../../src/imports/import-report.js';
import { type PreviewPorts, previewFolder } from '../../src/imports/preview/preview-folder.js';
import type { RegistrationEvent } from '../../src/registrations/registrations.events.js';
import { admissionNo, citizenNo, nameOf, writeBatch } from './batch.js';
import { centreOn } from './centre.js';
import { allEvents, edit, editLine, smallBatch, whatIsRecorded } from './scratch.js';

async function withCentre<T>(data: string, work: (ports: ImportPorts & PreviewPorts) => Promise<T>, environment: Record<string, string> = {}): Promise<T> {
  const centre = await centreOn(data, environment);
  try {
    return await work(centre);
  } finally {
    await centre.close();
  }
}

/** Imports with newly opened stores, as a process of its own would. */
const imported = (folder: string, data: string, options: ImportOptions = {}) => withCentre(data, (ports) => importFolder(folder, options, ports));

describe('An import', () => {
  it('An import records every row as events of its module, and nothing when repeated', async () => {
    const { folder, data, rows } = await smallBatch();
    const first = await imported(folder, data);
    expect(first).toMatchObject({ rows, bad: 0, dryRun: false });
    expect(isComplete(first)).toBe(true);
    const recorded = await withCentre(data, async ({ events, vault }) => {
      expect(await allEvents(events)).toHaveLength(first.recorded);
      return whatIsRecorded(events, vault, 6);
    });
    expect(recorded[`results-${admissionNo(2)}-2604`]).toEqual([
      expect.stringContaining('"score":14'),
      expect.stringContaining('"score":25'),
      expect.stringContaining('"score":36'),
    ]);
    expect(recorded[`enrolment-${admissionNo(5)}-2610`]?.filter((event) => event.startsWith('CourseEnrolled'))).toHaveLength(2);
    expect(recorded['bill-30000000000005']?.map((event) => event.split(' ')[0])).toEqual(['BillIssued', 'BillPaid']);
    expect(Object.keys(recorded).filter((stream) => stream.startsWith('course-'))).toHaveLength(100);

    expect(await imported(folder, data)).toMatchObject({ rows, recorded: 0, bad: 0 });
  });

  it('An import marks every event as imported, with one correlation for each run', async () => {
    const { folder, data } = await smallBatch(2);
    await imported(folder, data);
    const events = await withCentre(data, (ports) => allEvents(ports.events));
    expect(new Set(events.map(({ metadata }) => `${metadata.by} ${metadata.origin}`))).toEqual(new Set(['import import']));
    expect(new Set(events.map(({ metadata }) => metadata.correlation)).size).toBe(1);
  });

  it('An import seals the candidates’ personal data', async () => {
    const { folder, data } = await smallBatch(2);
    await imported(folder, data);
    const person = await withCentre(data, async ({ events, vault }) => {
      const [id = ''] = await vault.find([admissionNo(1)]);
      const [registered] = (await events.subject(id)).filter(({ type }) => type === 'CandidateRegistered') as Recorded<
        RegistrationEvent & { type: 'CandidateRegistered' }
      >[];
      return registered && (await vault.safe(id)).open(registered.data.person);
    });
    expect(person).toMatchObject({ admissionNo: admissionNo(1), name: nameOf(1), idNo: citizenNo(1) });
    const log = await readFile(join(data, 'events.sqlite'));
    expect(log.includes(nameOf(1))).toBe(false);
    expect(log.includes(citizenNo(1))).toBe(false);
  });

  it('An import records a changed row as a correction, and the original values as another correction', async () => {
    const { folder, data } = await smallBatch();
    await imported(folder, data);
    const score = (value: number) => editLine(folder, 'scores', 2, (line) => line.replace(/,\d+,,$/, `,${value},,`));
    await score(88);
    expect(await imported(folder, data)).toMatchObject({ recorded: 1, bad: 0 });
    await score(0);
    expect(await imported(folder, data, { revert: true })).toMatchObject({ recorded: 1 });
    await score(88);
    expect(await imported(folder, data, { revert: true })).toMatchObject({ recorded: 1 });
    expect(await imported(folder, data)).toMatchObject({ recorded: 0, bad: 0 });
    const recorded = await withCentre(data, ({ events, vault }) => whatIsRecorded(events, vault, 6));
    const ofTheCourse = (recorded[`results-${admissionNo(0)}-2604`] ?? []).filter((event) => event.includes('"course":"09000"'));
    expect(ofTheCourse.map((event) => /"score":(\d+)/.exec(event)?.[1])).toEqual(['0', '88', '0', '88']);
  });

  it('An import refuses a row that would restore a value which a later import replaced, and records the other rows', async () => {
    const { folder, data } = await smallBatch();
    const old = await smallBatch();
    await imported(folder, data);
    await editLine(folder, 'scores', 2, (line) => line.replace(/,\d+,,$/, ',88,,'));
    expect(await imported(folder, data)).toMatchObject({ recorded: 1, bad: 0 });
    await editLine(old.folder, 'scores', 3, (line) => line.replace(/,\d+,,$/, ',77,,'));
    const { files, ...report } = await imported(old.folder, data);
    expect([report.recorded, report.bad]).toEqual([1, 1]);
    const faults = files.find(({ file }) => file === 'scores.csv')?.faults;
    expect(faults).toEqual([{ line: 2, column: '', value: '', reason: expect.stringContaining('请加上 --revert') }]);
    expect(await imported(old.folder, data, { revert: true })).toMatchObject({ recorded: 1, bad: 0 });
  });

  it('An import keeps data that a later batch does not mention, and accepts any part of a batch', async () => {
    const { folder, data } = await smallBatch();
    await imported(folder, data);
    await edit(folder, 'enrolments', (lines) => lines.slice(0, 2).map((line, at) => (at === 1 ? line.replace('enrolled', 'withdrawn') : line)));
    const report = await imported(folder, data);
    expect(report).toMatchObject({ recorded: 1, bad: 0 });
  });

  it('An import accepts byte-order marks, CRLF, and columns and rows in any order', async () => {
    const { folder, data, rows } = await smallBatch();
    const other = await smallBatch();
    await imported(folder, data);
    await writeBatch(other.folder, { candidates: 6, shuffled: true });
    for (const file of ['courses', 'candidates', 'scores']) {
      await edit(other.folder, file, (lines) => lines.map((line, at) => `${at === 0 ? '\uFEFF' : ''}${line.split(',').reverse().join(',')}\r`));
    }
    expect(await imported(other.folder, data)).toMatchObject({ rows, recorded: 0, bad: 0 });
  });

  it('An import counts a repeated row once', async () => {
    const { folder, data, rows } = await smallBatch();
    await edit(folder, 'scores', (lines) => [...lines, lines[1] ?? '']);
    const report = await imported(folder, data);
    expect(report).toMatchObject({ rows: rows + 1, bad: 0 });
    expect(report.files.find(({ file }) => file === 'scores.csv')).toMatchObject({ repeated: 1, recorded: 24 });
  });

  it('An import sets a password only where the account has none', async () => {
    const { folder, data } = await smallBatch(3);
    await imported(folder, data);
    await writeBatch(folder, { candidates: 3, password: 'First-1' });
    expect(await imported(folder, data)).toMatchObject({ recorded: 3 });
    await writeBatch(folder, { candidates: 4, password: 'Second-2' });
    const added = await imported(folder, data);
    const passwords = await withCentre(data, async ({ events }) => (await allEvents(events)).filter(({ type }) => type === 'PasswordSet'));
    expect(passwords).toHaveLength(4);
    expect(added.bad).toBe(0);
    expect(await imported(folder, data)).toMatchObject({ recorded: 0 });
  });

  it('An import refuses plain-text passwords in production', async () => {
    const { folder, data } = await smallBatch(0);
    await writeBatch(folder, { candidates: 2, password: 'First-1' });
    const production = { NODE_ENV: 'production', SESSION_SECRET: 's'.repeat(32), MASTER_KEY: Buffer.alloc(32, 7).toString('base64') };
    const report = await withCentre(data, (ports) => importFolder(folder, {}, ports), production);
    expect(report.files.find(({ file }) => file === 'candidates.csv')).toMatchObject({ bad: 2, keptOut: true });
    expect(JSON.stringify(report)).not.toContain('First-1');
  });

  it('An import reports the same in a dry run without recording anything', async () => {
    const { folder, data, rows } = await smallBatch();
    await imported(folder, data);
    await writeBatch(folder, { candidates: 7, badScoreEvery: 10 });
    await withCentre(data, async () => undefined); // a start stores how far the log was searched for forgotten candidates
    const files = ['events.sqlite', 'vault.sqlite'];
    const bytes = () => Promise.all(files.map((file) => readFile(join(data, file))));
    const before = await bytes();
    const report = await withCentre(data, (ports) => previewFolder(folder, { skipBadRows: true }, ports));
    expect(report).toMatchObject({ rows: rows + 18, recorded: 0, bad: 2, dryRun: true });
    expect(report.files.find(({ file }) => file === 'scores.csv')?.faults).toHaveLength(2);
    expect(report.files.every(({ badRowsIn }) => badRowsIn === undefined)).toBe(true);
    expect(Buffer.concat(await bytes()).equals(Buffer.concat(before))).toBe(true);
  });
});
