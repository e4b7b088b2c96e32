import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FILE_START, type RecordStart, readPiece } from '../../../src/imports/files/csv-records.js';
import { encodingFault } from '../../../src/imports/files/encoding.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'encoding-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileOf(...parts: readonly (string | Buffer)[]): Promise<string> {
  const path = join(folder, 'file.csv');
  await writeFile(path, Buffer.concat(parts.map((part) => Buffer.from(part as string))));
  return path;
}

const faultOf = async (...parts: readonly (string | Buffer)[]) => encodingFault(await fileOf(...parts));

/** 张三, 李四 and 联通 in GBK; the last is UTF-8 by accident. */
const ZHANG = Buffer.from('d5c5c8fd', 'hex');
const LI = Buffer.from('c0eecbc4', 'hex');
const LIANTONG = Buffer.from('c1aacda8', 'hex');
const HEADER = 'code,name\n';
const IN_GBK = expect.stringMatching(/^文件是 GBK 编码，应为 UTF-8/);
const IN_UTF_16 = expect.stringMatching(/^文件是 UTF-16 编码，应为 UTF-8/);
const utf16 = (text: string) => Buffer.from(text, 'utf16le');

describe('The encoding of a file is detected before its rows are read:', () => {
  const cases: readonly (readonly [what: string, parts: readonly (string | Buffer)[], fault: unknown])[] = [
    ['a file in ASCII has no fault', [HEADER, '1,a\n'], undefined],
    ['an empty file has no fault of encoding', [], undefined],
    ['a file in UTF-8 has no fault, with a mark or without', ['\uFEFF', HEADER, '1,张三\n'], undefined],
    ['a GBK file under a header in ASCII is named as GBK', [HEADER, '1,', ZHANG, '\n2,', LI, '\n'], IN_GBK],
    ['a GBK file with Windows line ends and no last one is named as GBK', ['code,name\r\n1,', ZHANG], IN_GBK],
    ['a GBK file with a row that happens to be UTF-8 is named as GBK', [HEADER, '1,', LIANTONG, '\n2,', ZHANG, '\n'], IN_GBK],
    ['a GBK file whose first megabyte is ASCII is named as GBK', [HEADER, '1,abcdefgh\n'.repeat(150_000), '2,', ZHANG, '\n'], IN_GBK],
    ['a file in UTF-8 with one broken row has faults of rows only', [HEADER, '1,张三\n2,李四\n3,', ZHANG, '\n'], undefined],
    ['a file in UTF-8 with names in Latin letters has no fault', [HEADER, '1,Łukasz\n2,Əliyev\n'], undefined],
    ['a row too long for any file does not hide that the rest is UTF-8', [HEADER, '长'.repeat(700_000), '\n1,张三\n'], undefined],
    ['a UTF-16 file with a mark is named as UTF-16', [utf16('\uFEFFcode,name\n1,张三\n')], IN_UTF_16],
    ['a UTF-16 file of the other byte order is named as UTF-16', [utf16('\uFEFFcode,name\n1,张三\n').swap16()], IN_UTF_16],
    ['a UTF-16 file without a mark is named as UTF-16', [utf16('code,name\n1,张三\n')], IN_UTF_16],
    ['a UTF-16 file of the other byte order without a mark is named as UTF-16', [utf16('code,name\n1,张三\n').swap16()], IN_UTF_16],
    ['a UTF-16 file with a short header is named as UTF-16', [utf16('code\n')], IN_UTF_16],
    [
      'bytes in neither encoding are said not to be UTF-8',
      [HEADER, '1,', Buffer.from([0xff, 0xfe, 0xff]), '\n'],
      expect.stringMatching(/^文件不是 UTF-8 编码/),
    ],
    ['a workbook named .csv is said to be no CSV', [Buffer.from('504b0304140006000800', 'hex')], expect.stringMatching(/^文件是 Excel 工作簿或压缩文件/)],
    ['a gzip file named .csv is said to be no CSV', [Buffer.from('1f8b08000000', 'hex')], expect.stringMatching(/^文件是 gzip 压缩文件/)],
    ['a workbook of before 2007 named .csv is said to be no CSV', [Buffer.from('d0cf11e0a1b11ae1', 'hex')], expect.stringMatching(/^文件是 Excel 工作簿/)],
  ];
  it.each(cases)('The encoding of a file is detected before its rows are read: %s', async (_, parts, fault) => expect(await faultOf(...parts)).toEqual(fault));

  it('A large UTF-16 file is not read as UTF-8', async () => {
    const path = await fileOf(utf16(`\uFEFFcode,name\n${'1,张三\n'.repeat(60_000)}`));
    const records: string[] = [];
    const reader = { record: (fields: readonly string[]) => records.push(fields.join()), broken: () => undefined };
    for (let next: RecordStart | undefined = FILE_START; next; ) next = await readPiece(path, next, reader);
    expect(records.filter((record) => record.includes('张三'))).toEqual([]);
  });
});
