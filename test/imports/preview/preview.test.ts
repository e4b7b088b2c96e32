import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { FileChanges } from '../../../src/imports/changes/file-changes.js';
import { type ImportOptions, type ImportPorts, importFolder } from '../../../src/imports/import-folder.js';
import { reportLines } from '../../../src/imports/import-report.js';
import { type PreviewOptions, type PreviewPorts, previewFolder } from '../../../src/imports/preview/preview-folder.js';
import { admissionNo, nameOf } from '../batch.js';
import { centreOn } from '../centre.js';
import { allEvents, edit, editLine, smallBatch } from '../scratch.js';

async function withCentre<T>(data: string, work: (ports: ImportPorts & PreviewPorts) => Promise<T>): Promise<T> {
  const centre = await centreOn(data);
  try {
    return await work(centre);
  } finally {
    await centre.close();
  }
}

const imported = (folder: string, data: string, options: ImportOptions = {}) => withCentre(data, (ports) => importFolder(folder, options, ports));
const previewed = (folder: string, data: string, options: PreviewOptions = {}) => withCentre(data, (ports) => previewFolder(folder, options, ports));

/** What a preview says of a file. */
async function changesOf(name: string, folder: string, data: string, options: PreviewOptions = {}): Promise<FileChanges | undefined> {
  return (await previewed(folder, data, options)).files.find(({ file }) => file === `${name}.csv`)?.changes;
}

const score = (folder: string, line: number, value: string) => editLine(folder, 'scores', line, (text) => text.replace(/,\d*,,$/, `,${value}`));

/** The bytes of every file below a folder, but for those that SQLite keeps beside a database that is open. */
async function bytesBelow(folder: string): Promise<Readonly<Record<string, string>>> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => !/-(wal|shm)$/.test(name)).sort();
  const digests: Record<string, string> = {};
  for (const name of names) {
    const path = join(folder, name);
    if ((await stat(path)).isFile())
      digests[name] = createHash('sha256')
        .update(await readFile(path))
        .digest('hex');
  }
  return digests;
}

describe('A preview of an import', () => {
  it('A preview of an import counts the rows that are new, and the events and passwords, as the import then records them', async () => {
    const { folder, data, rows } = await smallBatch();
    const report = await previewed(folder, data);
    expect(report).toMatchObject({ rows, bad: 0, recorded: 0, dryRun: true, batch: null });
    const changes = report.files.flatMap(({ changes: found }) => found ?? []);
    expect(changes.reduce((sum, { created }) => sum + created, 0)).toBe(rows);
    const foreseen: Record<string, number> = {};
    for (const { events, passwords } of changes)
      for (const [type, count] of [...Object.entries(events), ['PasswordSet', passwords] as const]) foreseen[type] = (foreseen[type] ?? 0) + count;
    await imported(folder, data);
    const recorded: Record<string, number> = { PasswordSet: 0 };
    for (const { type } of await withCentre(data, ({ events }) => allEvents(events))) recorded[type] = (recorded[type] ?? 0) + 1;
    expect(foreseen).toEqual(recorded);
  });

  it('A preview of an import finds nothing to change in a batch that is imported already', async () => {
    const { folder, data, rows } = await smallBatch();
    await imported(folder, data);
    const { files } = await previewed(folder, data);
    const sum = (of: (changes: FileChanges) => number) => files.reduce((total, { changes }) => total + (changes ? of(changes) : 0), 0);
    expect([sum((each) => each.unchanged), sum((each) => each.created + each.corrected + each.passwords), rows]).toEqual([rows, 0, rows]);
  });

  it('A preview of an import tells a corrected column with its former and its new value, and which results pass or fail by it', async () => {
    const { folder, data } = await smallBatch();
    for (const [line, value] of [2, 3, 4].entries()) await score(folder, value, `${[59, 60, 88][line]},,`);
    await imported(folder, data);
    for (const [line, text] of [
      [2, '60,,'],
      [3, '59,,'],
      [4, ',,缺考'],
    ] as const)
      await score(folder, line, text);
    const changes = await changesOf('scores', folder, data);
    expect(changes).toMatchObject({ created: 0, corrected: 3, unchanged: 21, events: { ScoreCorrected: 3 } });
    expect([changes?.toPassed, changes?.toFailed]).toEqual([
      { rows: 1, lines: [2] },
      { rows: 2, lines: [3, 4] },
    ]);
    expect(changes?.fields.map(({ column, rows }) => [column, rows])).toEqual([
      ['score', 3],
      ['remark', 1],
    ]);
    expect(changes?.fields[0]?.examples).toEqual([
      { line: 2, before: '59', after: '60' },
      { line: 3, before: '60', after: '59' },
      { line: 4, before: '88', after: '' },
    ]);
    expect(changes?.fields[1]?.values).toEqual([{ before: '', after: '（不显示）', rows: 1 }]);
  });

  it('A preview of an import masks what is personal, in the report and in its lines', async () => {
    const { folder, data } = await smallBatch();
    await imported(folder, data);
    await edit(folder, 'candidates', (lines) => lines.map((line, at) => (at === 0 ? line : line.replace(nameOf(at - 1), `欧阳${nameOf(at - 1)}`))));
    const report = await previewed(folder, data);
    const changes = report.files.find(({ file }) => file === 'candidates.csv')?.changes;
    expect(changes).toMatchObject({ corrected: 6, events: { CandidateCorrected: 6 } });
    expect(changes?.fields).toEqual([expect.objectContaining({ column: 'name', rows: 6 })]);
    const said = `${JSON.stringify(report)}\n${[...reportLines(report)].join('\n')}`;
    for (const personal of [nameOf(1), '欧阳', admissionNo(1)]) expect(said).not.toContain(personal);
    expect(said).toContain('欧**');
  });

  it('A preview of an import decides rows of one stream after those before them, also of other files', async () => {
    const { folder, data } = await smallBatch();
    const { files } = await previewed(folder, data);
    expect(files.find(({ file }) => file === 'candidate_majors.csv')).toMatchObject({ bad: 0, changes: { unchanged: 0 } });
    expect(files.find(({ file }) => file === 'timetable.csv')).toMatchObject({ bad: 0, changes: { unchanged: 0 } });
  });

  it('A preview of an import refuses rows that would restore what was replaced, as the import does, and counts them with --revert', async () => {
    const { folder, data } = await smallBatch();
    const old = await smallBatch();
    await imported(folder, data);
    await score(folder, 2, '88,,');
    await imported(folder, data);
    const report = await previewed(old.folder, data);
    const scores = report.files.find(({ file }) => file === 'scores.csv');
    expect(report.bad).toBe(1);
    expect(scores?.faults).toEqual([{ line: 2, column: '', value: '', reason: expect.stringContaining('--revert') }]);
    expect(scores?.changes).toMatchObject({ corrected: 0, reverts: { rows: 1, lines: [2] } });
    expect(await changesOf('scores', old.folder, data, { revert: true })).toMatchObject({ corrected: 1, reverts: { rows: 1, lines: [2] } });
    expect((await imported(old.folder, data)).files.find(({ file }) => file === 'scores.csv')?.faults).toEqual(scores?.faults);
  });

  it('A preview of an import writes nothing to log, vault, photos, read models or tallies', async () => {
    const { folder, data } = await smallBatch();
    await imported(folder, data);
    await withCentre(data, async () => undefined); // a start keeps how far the log was searched for forgotten candidates
    await edit(folder, 'candidates', (lines) => [...lines, (lines[1] ?? '').replace(admissionNo(0), admissionNo(90))]);
    const before = await bytesBelow(data);
    expect(await changesOf('candidates', folder, data)).toMatchObject({ created: 1 });
    expect(await bytesBelow(data)).toEqual(before);
  });
});
