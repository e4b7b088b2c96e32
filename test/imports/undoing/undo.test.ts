import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import type { Commands } from '../../../src/event-store/commands.js';
import { type Batch, findBatch, listBatches } from '../../../src/imports/batches.js';
import { type ImportOptions, type ImportPorts, importFolder } from '../../../src/imports/import-folder.js';
import { type PreviewPorts, previewFolder } from '../../../src/imports/preview/preview-folder.js';
import { previewUndo, recordUndo } from '../../../src/imports/undoing/undo-batch.js';
import { StoreUnavailable } from '../../../src/kernel/store-unavailable.js';
import { admissionNo, citizenNo, nameOf } from '../batch.js';
import { centreOn } from '../centre.js';
import { allEvents, edit, editLine, smallBatch } from '../scratch.js';

type Ports = ImportPorts & PreviewPorts;

async function withCentre<T>(data: string, work: (ports: Ports) => Promise<T>): Promise<T> {
  const centre = await centreOn(data);
  try {
    return await work(centre);
  } finally {
    await centre.close();
  }
}

const BY = { by: 'xicheng', reason: '导入了错的文件', ticket: 'KS-18' };

/** Imports a folder and returns the batch. */
async function batchOf(folder: string, data: string, options: ImportOptions = {}): Promise<string> {
  const { batch, bad } = await withCentre(data, (ports) => importFolder(folder, options, ports));
  expect(bad).toBe(0);
  return batch ?? '';
}

const found = async (ports: Ports, id: string) => (await findBatch(ports.events, id)) as Batch;
const undone = (data: string, id: string) => withCentre(data, async (ports) => recordUndo(await found(ports, id), BY, ports));
const undoPreviewed = (data: string, id: string) => withCentre(data, async (ports) => previewUndo(await found(ports, id), ports));

/** How many rows of a folder say something else than what is recorded, by file. */
async function differing(folder: string, data: string): Promise<Readonly<Record<string, number>>> {
  const { files } = await withCentre(data, (ports) => previewFolder(folder, { revert: true }, ports));
  return Object.fromEntries(
    files.flatMap(({ file, changes }) => (changes && changes.corrected + changes.created > 0 ? [[file, changes.corrected + changes.created]] : [])),
  );
}

/** Files of the kinds that a small batch lacks. */
async function writeOthers(folder: string): Promise<void> {
  const day = '2026-10-01T09:00:00+08:00';
  const files = {
    declaration_periods: ['kind,code,name,opens,closes,payment_closes', `thesis,2026B,2026年下半年,${day},,`],
    declarations: [
      'id,admission_no,kind,period,major,university,state,applied_on,decided_on,remark',
      `D1,${admissionNo(0)},thesis,2026B,01B0901,试验大学,rejected,2026-10-02,2026-10-03,材料不全`,
    ],
    status_applications: ['id,admission_no,kind,state,applied_on,remark,detail', `S1,${admissionNo(0)},exemption,submitted,2026-10-02,,09000`],
    notices: ['id,title,published_at,state,body', `n1,通知,${day},published,正文`],
    contents: ['key,effective_from,body', `rules,${day},第一条`],
    payments: [
      'bill_no,admission_no,period,kind,state,amount_fen,created_at,due_by,paid_at,items',
      `40000000000001,${admissionNo(0)},2610,enrolment,due,3000,${day},2026-12-01T09:00:00+08:00,,09000:3000`,
    ],
  };
  for (const [name, lines] of Object.entries(files)) await writeFile(join(folder, `${name}.csv`), `${lines.join('\n')}\n`);
}

/** Other values in a row of every kind of file. */
const CHANGES: readonly (readonly [file: string, from: string | RegExp, to: string])[] = [
  ['periods', '2026年4月', '2026年4月（补考）'],
  ['periods', '2026-10-28T09:00:00+08:00', ''],
  ['units', '09:00', '14:30'],
  ['timetable', ',150', ',120'],
  ['courses', '试验课程09000', '试验课程'],
  ['majors', ',open,', ',closing,'],
  ['major_courses', ',Y', ',N'],
  ['districts', '00000000', '11111111'],
  ['fees', ',3000', ',4000'],
  ['declaration_periods', '2026年下半年', '2026年秋'],
  ['candidates', nameOf(0), '欧阳一甲'],
  ['candidates', ',normal,Y,', ',frozen,N,'],
  ['candidates', ',西城区,', ',东城区,'],
  ['candidate_majors', ',studying,', ',left,'],
  ['enrolments', ',enrolled', ',withdrawn'],
  ['payments', ',due,3000,', ',expired,3000,'],
  ['arrangements', ',001,01,', ',002,09,'],
  ['scores', /,\d+,,/, ',,,缺考'],
  ['declarations', 'rejected,2026-10-02,2026-10-03,材料不全', 'approved,2026-10-02,2026-10-04,'],
  ['status_applications', 'submitted,2026-10-02,,', 'rejected,2026-10-02,缺材料,'],
  ['notices', '正文', '新的正文'],
  ['contents', '第一条', '第二条'],
];

async function changeAll(folder: string): Promise<void> {
  for (const [file, from, to] of CHANGES) {
    await edit(folder, file, (lines) => {
      const at = lines.findIndex((line, place) => place > 0 && line.search(from) >= 0);
      return lines.map((line, place) => (place === at ? line.replace(from, to) : line));
    });
  }
}

describe('Undoing a batch', () => {
  it('Undoing a batch restores what each row of every kind of file said before, in the log, the vault and the photo', async () => {
    const [{ folder, data }, other] = [await smallBatch(2), await smallBatch(2)];
    for (const each of [folder, other.folder]) await writeOthers(each);
    await mkdir(join(folder, 'photos'));
    const jpeg = await sharp({ create: { width: 40, height: 57, channels: 3, background: '#4080d0' } })
      .jpeg()
      .toBuffer();
    await writeFile(join(folder, 'photos', 'a.jpg'), jpeg);
    await editLine(folder, 'candidates', 2, (line) => line.replace(/,,$/, ',a.jpg,'));
    await batchOf(folder, data);
    await changeAll(other.folder);
    const id = await batchOf(other.folder, data);
    const changed = await differing(folder, data);
    expect(Object.keys(changed)).toHaveLength(19);
    const report = await undone(data, id);
    expect([report.refused, report.refusedInAll]).toEqual([[], 0]);
    expect(Object.fromEntries(report.files.map(({ file, restored }) => [file, restored]))).toEqual(changed);
    expect(await differing(folder, data)).toEqual({});
    await withCentre(data, async ({ vault }) => {
      expect(await vault.findByCitizenNo(citizenNo(0), nameOf(0))).toMatchObject([{ sameName: true }]);
      expect(await vault.findByCitizenNo(citizenNo(0), '欧阳一甲')).toMatchObject([{ sameName: false }]);
    });
  });

  it('Undoing a batch takes back rows that were new where their kind can be taken back, and lists the others', async () => {
    const [{ folder, data }, more] = [await smallBatch(1), await smallBatch(2)];
    await batchOf(folder, data);
    await writeOthers(more.folder);
    const id = await batchOf(more.folder, data);
    const foreseen = await undoPreviewed(data, id);
    const { files, refused } = await undone(data, id);
    const outcomes = Object.fromEntries(files.map(({ file, takenBack, refused: stay }) => [file, [takenBack, stay]]));
    expect(outcomes).toEqual({
      'declaration_periods.csv': [0, 1],
      'candidates.csv': [1, 0],
      'candidate_majors.csv': [1, 0],
      'enrolments.csv': [5, 0],
      'payments.csv': [1, 0],
      'arrangements.csv': [5, 0],
      'scores.csv': [4, 0],
      'declarations.csv': [1, 0],
      'status_applications.csv': [1, 0],
      'notices.csv': [1, 0],
      'contents.csv': [0, 1],
    });
    expect(refused).toContainEqual({ file: 'contents.csv', stream: 'content-rules', key: '', reason: expect.stringContaining('第一次导入') });
    expect({ batch: null, files, refused }).toEqual({ batch: foreseen.batch, files: foreseen.files, refused: foreseen.refused });
    const types = new Set((await withCentre(data, ({ events }) => allEvents(events))).map(({ type }) => type));
    for (const type of ['RegistrationVoided', 'ScoreWithdrawn', 'MajorWithdrawn', 'CourseWithdrawn', 'SeatCancelled', 'BillVoided', 'NoticeWithdrawn'])
      expect(types).toContain(type);
    expect((await differing(folder, data))['candidates.csv']).toBeUndefined();
    expect((await differing(more.folder, data))['candidates.csv']).toBe(1);
  });

  it('Undoing a batch leaves a registration of which there is anything since, by another batch', async () => {
    const [{ folder, data }, later] = [await smallBatch(1), await smallBatch(1)];
    for (const file of ['payments', 'scores', 'arrangements', 'enrolments']) await edit(folder, file, ([header = '']) => [header]);
    const id = await batchOf(folder, data);
    await batchOf(later.folder, data);
    const { files, refused } = await undone(data, id);
    expect(files.find(({ file }) => file === 'candidate_majors.csv')).toMatchObject({ takenBack: 1 });
    expect(refused.find(({ file }) => file === 'candidates.csv')?.reason).toContain('其他记录');
  });

  it('Undoing a batch leaves a paid bill as it is, with the reason, and so a first password', async () => {
    const { folder, data } = await smallBatch(1);
    await edit(folder, 'candidates', (lines) => lines.map((line, at) => (at === 0 ? line : `${line}{plain}Secret-Pw-1`)));
    const { refused, others } = await undone(data, await batchOf(folder, data));
    expect(refused).toContainEqual({ file: 'payments.csv', stream: 'bill-30000000000000', key: '', reason: '账单已经缴费或退费，不能改回去。' });
    expect(others).toEqual({ PasswordSet: 1 });
  });

  it('Undoing a batch refuses each row of which something newer is recorded, and undoes the others', async () => {
    const { folder, data } = await smallBatch(1);
    await batchOf(folder, data);
    for (const line of [2, 3]) await editLine(folder, 'scores', line, (text) => text.replace(/,\d+,,$/, ',99,,'));
    const id = await batchOf(folder, data);
    await editLine(folder, 'scores', 2, (text) => text.replace(/,99,,$/, ',98,,'));
    await batchOf(folder, data);
    const foreseen = await undoPreviewed(data, id);
    const { files, refused, ...report } = await undone(data, id);
    expect(files).toMatchObject([{ file: 'scores.csv', rows: 2, restored: 1, refused: 1 }]);
    expect(refused).toEqual([
      { file: 'scores.csv', stream: expect.stringMatching(/^results-/), key: expect.any(String), reason: expect.stringContaining('之后又有改动') },
    ]);
    expect(foreseen).toEqual({ files, refused, ...report, batch: null });
  });

  it('Undoing a batch is previewed without recording anything', async () => {
    const [{ folder, data }, other] = [await smallBatch(2), await smallBatch(2)];
    for (const each of [folder, other.folder]) await writeOthers(each);
    await batchOf(folder, data);
    await changeAll(other.folder);
    const id = await batchOf(other.folder, data);
    const events = () => withCentre(data, async (ports) => [await allEvents(ports.events), await listBatches(ports.events)]);
    const before = await events();
    const foreseen = await undoPreviewed(data, id);
    expect(await events()).toEqual(before);
    expect(foreseen.files.find(({ file }) => file === 'enrolments.csv')?.fields).toMatchObject([
      { column: 'state', rows: 1, values: [{ before: 'withdrawn', after: 'enrolled', rows: 1 }] },
    ]);
    expect(JSON.stringify(foreseen)).not.toContain(nameOf(0));
    expect({ ...(await undone(data, id)), batch: null }).toEqual(foreseen);
  });

  it('Undoing a batch is a batch of its own that names the one it undoes, and can be undone itself', async () => {
    const [{ folder, data }, other] = [await smallBatch(2), await smallBatch(2)];
    for (const each of [folder, other.folder]) await writeOthers(each);
    await batchOf(folder, data);
    await changeAll(other.folder);
    const id = await batchOf(other.folder, data);
    const { batch } = await undone(data, id);
    const [newest] = await withCentre(data, ({ events }) => listBatches(events));
    expect(newest?.begun.data).toEqual({ batch, account: 'xicheng', reason: BY.reason, ticket: BY.ticket, undoes: id, files: [] });
    expect(newest?.ended?.data).toMatchObject({ batch, files: expect.arrayContaining([{ file: 'scores.csv', recorded: 1, bad: 0, keptOut: false }]) });
    expect((await undone(data, batch ?? '')).refused).toEqual([]);
    expect(await differing(other.folder, data)).toEqual({});
  });

  it('Undoing a batch goes on when it is repeated after it was broken off, and records nothing twice', async () => {
    const [{ folder, data }, other] = [await smallBatch(2), await smallBatch(2)];
    for (const each of [folder, other.folder]) await writeOthers(each);
    await batchOf(folder, data);
    await changeAll(other.folder);
    const id = await batchOf(other.folder, data);
    await withCentre(data, async (ports) => {
      const recorded: Promise<unknown>[] = [];
      const commands: Commands = {
        async execute(command) {
          if (recorded.length === 9) {
            await Promise.all(recorded);
            throw new StoreUnavailable('away');
          }
          const answer = ports.commands.execute(command);
          recorded.push(answer);
          return answer;
        },
      };
      await expect(recordUndo(await found(ports, id), BY, { ...ports, commands })).rejects.toThrow('away');
    });
    const rest = await undone(data, id);
    expect([rest.refused, rest.files.reduce((sum, { done }) => sum + done, 0)]).toEqual([[], 9]);
    expect(await differing(folder, data)).toEqual({});
    const before = (await withCentre(data, ({ events }) => allEvents(events))).length;
    expect((await undone(data, id)).files.every(({ rows, done }) => rows === done)).toBe(true);
    expect(await withCentre(data, ({ events }) => allEvents(events))).toHaveLength(before);
  });
});
