import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FILE_START, type RecordStart, readPiece } from '../../../src/imports/files/csv-records.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'records-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** The result of reading the content: `line: field|field` for a record, `line! reason` for a broken one, with the bytes of each. */
async function read(content: string | Buffer) {
  const path = join(folder, 'file.csv');
  await writeFile(path, content);
  const bytes = await readFile(path);
  const seen: string[] = [];
  const fields: (readonly string[])[] = [];
  const pieces: string[] = [];
  const reader: Parameters<typeof readPiece>[2] = {
    record: (record, { line, start, end }) => {
      fields.push(record);
      seen.push(`${line}: ${record.join('|')}`);
      pieces.push(bytes.subarray(start, end).toString());
    },
    broken: (reason, { line, start, end }) => {
      seen.push(`${line}! ${reason}`);
      pieces.push(bytes.subarray(start, end).toString());
    },
  };
  for (let next: RecordStart | undefined = FILE_START; next; ) next = await readPiece(path, next, reader);
  return { seen, fields, pieces };
}

describe('Records of a CSV file', () => {
  it('Records of a CSV file have their line and bytes, whatever the line endings', async () => {
    const { seen, pieces } = await read('a,b\r\n"x\r\ny",1\r\n\r\nz,"2 ""q"""\nlast,3');
    expect(seen).toEqual(['1: a|b', '2: x\r\ny|1', '5: z|2 "q"', '6: last|3']);
    expect(pieces).toEqual(['a,b\r\n', '"x\r\ny",1\r\n', 'z,"2 ""q"""\n', 'last,3']);
  });

  it('Records of a CSV file begin after a byte-order mark', async () => {
    const { seen } = await read('\uFEFFa,b\n"c",d\n');
    expect(seen).toEqual(['1: a|b', '2: c|d']);
  });

  it('Records of a CSV file do not include the rows of commas that a spreadsheet leaves at the end', async () => {
    const { seen } = await read('a,b\nc,d\n,\r\n , \n"",""\ne,f\n,\n');
    expect(seen).toEqual(['1: a|b', '2: c|d', '6: e|f']);
  });

  it("Records of a CSV file begin after a byte-order mark, which is part of the first one's bytes", async () => {
    const { pieces } = await read('\uFEFFa,b\nc,d\n');
    expect(pieces).toEqual(['\uFEFFa,b\n', 'c,d\n']);
  });

  it('Records of a CSV file do not exist in an empty file', async () => expect((await read('')).seen).toEqual([]));

  it('Records of a CSV file with a stray quote are broken, and the next line is read', async () => {
    const { seen, pieces } = await read('a,b\nx"y,1\n"p"q,2\nz,3\n');
    expect(seen).toEqual(['1: a|b', expect.stringMatching(/^2! 引号用法不对/), expect.stringMatching(/^3! 引号用法不对/), '4: z|3']);
    expect(pieces).toEqual(['a,b\n', 'x"y,1\n', '"p"q,2\n', 'z,3\n']);
  });

  it('Records of a CSV file with a quote that is never closed are broken, and the lines below are read', async () => {
    const { seen, pieces } = await read('a,b\n"x,1\ny,2\nz,3');
    expect(seen).toEqual(['1: a|b', '2! 引号没有闭合', '3: y|2', '4: z|3']);
    expect(pieces.join('')).toBe('a,b\n"x,1\ny,2\nz,3');
  });

  it('Records of a CSV file that are too large are broken and not held in memory', async () => {
    const { seen, pieces } = await read(`a,b\n${'x'.repeat(5 * 1024 * 1024)},1\n"${`${'y'.repeat(100)}\n`.repeat(11_000)}",2\nz,3\n`);
    expect(seen.slice(0, 3)).toEqual(['1: a|b', expect.stringMatching(/^2! 这一行超过 1 MiB/), expect.stringMatching(/^3! 这一行超过 1 MiB/)]);
    expect(seen.at(-1)).toBe('11004: z|3');
    expect(pieces[1]).toHaveLength(5 * 1024 * 1024 + 3);
  });

  it('Records of a CSV file cover the file, whatever its bytes', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom('a', '"', ',', '\n', '\r\n', '\r', '中', '"x"')), async (parts) => {
        const content = parts.join('');
        const { pieces } = await read(content);
        const filledLines = (text: string) => text.split('\n').filter((line) => /[^",\r]/.test(line));
        expect(filledLines(pieces.join(''))).toEqual(filledLines(content));
      }),
      { numRuns: 300 },
    ));

  it('Records of a CSV file are read as they were written', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.array(fc.string({ unit: 'binary' }), { minLength: 2, maxLength: 4 }), { minLength: 1 }), async (rows) => {
        const { fields } = await read(rows.map((row) => `${row.map((field) => `"${field.replaceAll('"', '""')}"`).join(',')}\r\n`).join(''));
        expect(fields).toEqual(rows.filter((row) => row.some((field) => field.trim() !== '')));
      }),
      { numRuns: 100 },
    ));
});
