import { mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { BadFolder } from '../../../src/imports/batch-folder.js';
import { type ImportPorts, importFolder } from '../../../src/imports/import-folder.js';
import { type PreviewPorts, previewFolder } from '../../../src/imports/preview/preview-folder.js';
import { admissionNo, citizenNo, identityOf, nameOf } from '../batch.js';
import { centreOn } from '../centre.js';
import { allEvents, edit, editLine, scratch, smallBatch } from '../scratch.js';

let ports: ImportPorts & PreviewPorts & { close(): Promise<void> };
let data: string;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'imports-data-'));
  ports = await centreOn(data);
});
afterAll(async () => {
  await ports.close();
  await rm(data, { recursive: true });
});

/** The faults of a dry run, as `file:line column “value” reason`. */
async function faultsIn(folder: string): Promise<readonly string[]> {
  const { files } = await previewFolder(folder, {}, ports);
  return files.flatMap(({ file, faults }) => faults.map(({ line, column, value, reason }) => `${file}:${line} ${column} “${value}” ${reason}`));
}

const IN_GBK = '文件是 GBK 编码，应为 UTF-8：请另存为“CSV UTF-8（逗号分隔）”';

const csv = (name: string, text: string | Buffer) => async (folder: string) => writeFile(join(folder, `${name}.csv`), text);
const line = (name: string, at: number, change: (text: string) => string) => (folder: string) => editLine(folder, name, at, change);

describe('Bad input is reported with file, line, column, value and reason:', () => {
  const courses = 'code,name,credits\n';
  const cases: readonly (readonly [what: string, change: (folder: string) => Promise<unknown>, faults: readonly string[]])[] = [
    ['a score of 101', line('scores', 4, (text) => text.replace(/,\d+,,$/, ',101,,')), ['scores.csv:4 score “101” 应为 0 到 100 的整数']],
    ['no score at all', line('scores', 3, (text) => text.replace(/,\d+,,$/, ',,,')), ['scores.csv:3 score “” 成绩、等级和备注应填写且只填写一项']],
    [
      'a wrong check digit',
      line('candidates', 2, (text) => text.replace(citizenNo(0), `${citizenNo(0).slice(0, 17)}${citizenNo(0).endsWith('1') ? '2' : '1'}`)),
      ['candidates.csv:2 id_no “990***” 身份证号码有误（位数、日期或校验码不对）'],
    ],
    [
      'an unknown course',
      line('scores', 2, (text) => text.replace(',09000,', ',70000,')),
      ['scores.csv:2 course “70000” 没有这个课程：这批文件里没有，也没有登记过'],
    ],
    [
      'an unknown candidate',
      line('scores', 2, (text) => text.replace(admissionNo(0), '999999999999')),
      ['scores.csv:2 admission_no “999***” 没有这个准考证号：这批文件里没有，也没有登记过'],
    ],
    ['a missing column', csv('courses', 'code,name\n90000,试验\n'), ['courses.csv:1 credits “” 标题行缺少这一列']],
    ['a column that nobody knows', csv('courses', `code,name,credits,colour\n90000,试验,5,red\n`), ['courses.csv:1 colour “” 标题行中有不认识的列']],
    ['a column twice', csv('courses', 'code,name,credits,name\n90000,试验,5,试验\n'), ['courses.csv:1 name “” 标题行中这一列重复']],
    [
      'no header, and what stands there is not shown',
      csv('courses', '张三,11010119900101,5\n'),
      [
        'courses.csv:1 code “” 标题行缺少这一列',
        'courses.csv:1 name “” 标题行缺少这一列',
        'courses.csv:1 credits “” 标题行缺少这一列',
        'courses.csv:1 第 1 列 “” 标题行中有不认识的列',
        'courses.csv:1 第 2 列 “” 标题行中有不认识的列',
        'courses.csv:1 第 3 列 “” 标题行中有不认识的列',
      ],
    ],
    ['an empty file', csv('courses', ''), ['courses.csv:1  “” 文件是空的，连标题行也没有']],
    ['a file in another encoding', csv('courses', Buffer.from('636f64652cc3fbb3c62c637265646974730a', 'hex')), [`courses.csv:1  “” ${IN_GBK}`]],
    [
      'broken UTF-8 in a row',
      csv('courses', Buffer.concat([Buffer.from(`${courses}09000,"两\n行",5\n90001,`), Buffer.from([0xe8, 0xaf]), Buffer.from(',5\n')])),
      ['courses.csv:2 name “两·行” 应填写，不超过 100 个字，不含换行等控制字符', 'courses.csv:4 name “\uFFFD” 不是正确的 UTF-8 文字'],
    ],
    ['a control character', csv('courses', `${courses}09000,试\0验,5\n`), ['courses.csv:2 name “试·验” 含有控制字符']],
    ['too few fields', csv('courses', `${courses}09000,试验,5\n90001,试验\n`), ['courses.csv:3  “” 这一行有 2 个字段，应有 3 个']],
    ['a comma that should be quoted', csv('courses', `${courses}09000,试,验,5\n`), ['courses.csv:2  “” 这一行有 4 个字段，应有 3 个']],
    [
      'a quote that is never closed',
      csv('courses', `${courses}09000,"试验,5\n90001,试验,5\n90002,试验,x\n`),
      ['courses.csv:2  “” 引号没有闭合', 'courses.csv:4 credits “x” 应为 0 到 99 的整数'],
    ],
    [
      'a quote in the wrong place',
      csv('courses', `${courses}09000,试"验,5\n`),
      ['courses.csv:2  “” 引号用法不对：含引号的字段要用引号括起来，其中的引号写两个'],
    ],
    [
      'a field of 2 MiB',
      csv('courses', `${courses}09000,${'长'.repeat(700_000)},5\n90001,试验,-1\n`),
      ['courses.csv:2  “” 这一行超过 1 MiB，或者引号没有闭合', 'courses.csv:3 credits “-1” 应为 0 到 99 的整数'],
    ],
    [
      'a long value, which is shortened',
      csv('courses', `${courses}${'9'.repeat(5)}${'x'.repeat(100)},试验,5\n`),
      [`courses.csv:2 code “99999${'x'.repeat(55)}…” 应为代码，不超过 32 个字符，不含空格和斜线`],
    ],
    [
      'one key with two values',
      line('scores', 3, () => `${admissionNo(0)},2604,09000,77,,`),
      ['scores.csv:2 score “0” 与第 3 行是同一条记录，内容却不同', 'scores.csv:3 score “77” 与第 2 行是同一条记录，内容却不同'],
    ],
    [
      'one citizen number under two names',
      line('candidates', 3, (text) => text.replace(identityOf(1), identityOf(0))),
      ['candidates.csv:2 name “赵**” 同一证件号码对应不同的姓名', 'candidates.csv:3 name “钱**” 同一证件号码对应不同的姓名'],
    ],
    ['a photo that is not there', line('candidates', 2, withPhoto('a.jpg')), ['candidates.csv:2 photo “（不显示）” photos 文件夹中没有这个照片文件']],
    [
      'a photo outside of the folder',
      line('candidates', 2, withPhoto('../batch/courses.csv')),
      ['candidates.csv:2 photo “（不显示）” 应为 photos 文件夹中的文件名'],
    ],
  ];
  it.each(cases)('Bad input is reported with file, line, column, value and reason: %s', async (_, change, faults) => {
    const { folder } = await smallBatch(3);
    await change(folder);
    // rows that refer to a rejected file are rejected too, which another test covers
    const [file] = String(faults[0]).split(':');
    expect((await faultsIn(folder)).filter((fault) => fault.startsWith(`${file}:`))).toEqual(faults);
    expect(await allEvents(ports.events)).toEqual([]);
  });

  it('A file with a header and no rows is no fault', async () => {
    const { folder } = await smallBatch(3);
    await edit(folder, 'scores', (lines) => lines.slice(0, 1));
    expect(await faultsIn(folder)).toEqual([]);
  });

  it('A photo must be a JPEG, and no link may lead out of the folder', async () => {
    const { folder } = await smallBatch(4);
    await mkdir(join(folder, 'photos'));
    const jpeg = await sharp({ create: { width: 400, height: 576, channels: 3, background: '#4080d0' } })
      .jpeg()
      .toBuffer();
    await writeFile(join(folder, 'photos', 'good.jpg'), jpeg);
    await writeFile(join(folder, 'photos', 'torn.jpg'), jpeg.subarray(0, jpeg.length / 2));
    await writeFile(join(folder, 'photos', 'text.jpg'), 'no picture');
    await writeFile(join(folder, 'outside.jpg'), jpeg);
    await symlink(join(folder, 'outside.jpg'), join(folder, 'photos', 'link.jpg'));
    for (const [at, name] of ['good.jpg', 'torn.jpg', 'text.jpg', 'link.jpg'].entries()) await editLine(folder, 'candidates', at + 2, withPhoto(name));
    expect((await faultsIn(folder)).filter((fault) => fault.startsWith('candidates'))).toEqual([
      'candidates.csv:3 photo “（不显示）” 照片文件已损坏，无法打开',
      'candidates.csv:4 photo “（不显示）” 照片不是 JPG 文件',
      'candidates.csv:5 photo “（不显示）” 照片文件不在 photos 文件夹中',
    ]);
  });

  it('Rows that refer to a rejected file are rejected too, unless the value is recorded', async () => {
    const { folder } = await smallBatch(3);
    await editLine(folder, 'candidates', 2, (text) => text.replace(',女,', ',妇,'));
    const { files } = await previewFolder(folder, {}, ports);
    expect(files.filter(({ keptOut }) => keptOut).map(({ file, bad }) => `${file} ${bad}`)).toEqual([
      'candidates.csv 1',
      'candidate_majors.csv 3',
      'enrolments.csv 15',
      'payments.csv 6',
      'arrangements.csv 15',
      'scores.csv 12',
    ]);
    expect(files.find(({ file }) => file === 'scores.csv')?.faults[0]?.reason).toBe('没有这个准考证号：这批文件里没有，也没有登记过');
    expect(files.find(({ file }) => file === 'scores.csv')?.faults.at(-1)?.reason).toBe('这批文件中说明该准考证号的行或文件有错，未被接收');
  });

  it('A path that is not a folder, or a folder without import files, is refused', async () => {
    const folder = await scratch();
    await expect(importFolder(join(folder, 'nowhere'), {}, ports)).rejects.toThrow(BadFolder);
    await expect(importFolder(folder, {}, ports)).rejects.toThrow('中没有可以导入的文件');
    await writeFile(join(folder, 'notes.txt'), 'x');
    await expect(importFolder(join(folder, 'notes.txt'), {}, ports)).rejects.toThrow('不是文件夹');
    await mkdir(join(folder, 'courses.csv'));
    await expect(importFolder(folder, {}, ports)).rejects.toThrow('不是文件');
  });

  it('Nothing is recorded when bad rows could neither be written nor printed', async () => {
    const { folder } = await smallBatch(1);
    await editLine(folder, 'scores', 2, (text) => text.replace(/,\d+,,$/, ',101,,'));
    const long = join(folder, '..', 'b'.repeat(250));
    await rename(folder, long);
    await expect(importFolder(long, { skipBadRows: true }, ports)).rejects.toThrow('中建立存放有错行的文件夹');
    expect(await allEvents(ports.events)).toEqual([]);
  });

  it('A folder for bad rows is not left behind when there are none', async () => {
    const { folder, data: own } = await smallBatch(1);
    const centre = await centreOn(own);
    try {
      await importFolder(folder, { skipBadRows: true }, centre);
      expect((await readdir(join(folder, '..'))).sort()).toEqual(['batch', 'data']);
    } finally {
      await centre.close();
    }
  });

  it('Other files are listed and not read', async () => {
    const { folder } = await smallBatch(1);
    await writeFile(join(folder, 'notes.txt'), 'x');
    await rename(join(folder, 'fees.csv'), join(folder, 'Fees.csv'));
    expect((await previewFolder(folder, {}, ports)).leftAlone).toEqual(['Fees.csv', 'notes.txt']);
  });
});

describe('A citizen number that is recorded with another name', () => {
  it('A citizen number that is recorded with another name is a conflict unless the batch corrects the recorded name', async () => {
    const { folder, data: own } = await smallBatch(3);
    const centre = await centreOn(own);
    try {
      await importFolder(folder, {}, centre);
      const newcomer = (text: string) => text.replace(admissionNo(1), '810000000001').replace(identityOf(1), identityOf(0));
      await edit(folder, 'candidates', (lines) => [lines[0] ?? '', newcomer(lines[2] ?? '')]);
      const alone = await previewFolder(folder, {}, centre);
      expect(alone.files.find(({ file }) => file === 'candidates.csv')?.faults).toEqual([
        { line: 2, column: 'name', value: '钱**', reason: '同一证件号码对应不同的姓名（与已登记的不一致）' },
      ]);
      const { folder: again } = await smallBatch(3);
      await edit(again, 'candidates', (lines) => [lines[0] ?? '', newcomer(lines[2] ?? ''), (lines[1] ?? '').replace(nameOf(0), nameOf(1))]);
      expect(await importFolder(again, {}, centre)).toMatchObject({ bad: 0, recorded: 3 });
    } finally {
      await centre.close();
    }
  });
});

/** A candidate's row ends with the photo and the password, which are empty. */
function withPhoto(name: string) {
  return (text: string) => text.replace(/,,$/, `,${name},`);
}
