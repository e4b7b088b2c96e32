import { fstatSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { ImportFile } from '../../../src/imports/files/import-file.js';
import type { CheckedPiece } from '../../../src/imports/staging/check-piece.js';
import { Staging } from '../../../src/imports/staging/staging.js';
import { scratch } from '../scratch.js';

const columns = z.object({ key: z.string(), value: z.string() });
const kind = {
  name: 'things',
  columns,
  key: (row) => row.key,
  references: () => [],
  stream: (row) => row.value,
  command: () => {
    throw new Error('nothing is recorded here');
  },
  history: { on: {} },
} satisfies ImportFile<z.output<typeof columns>> as ImportFile;

/** Names and modes of files, even deleted ones, that this process has open in a folder. */
function openIn(folder: string): readonly string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${fd}`);
      return path.startsWith(folder) ? [`${path.endsWith(' (deleted)') ? 'nameless' : path} ${(fstatSync(Number(fd)).mode & 0o777).toString(8)}`] : [];
    } catch {
      return []; // the descriptor that listed the folder is closed again
    }
  });
}

/** The rows of a file, all of them good. */
function checked(rows: readonly z.output<typeof columns>[], from = 0): CheckedPiece {
  const lines = rows.map((_, at) => from + at + 2);
  const good = {
    lines,
    starts: lines,
    ends: lines,
    texts: rows.map((row) => JSON.stringify(row)),
    keys: rows.map(({ key }) => key),
    streams: rows.map(({ value }) => value),
  };
  return { header: undefined, seen: rows.length, good, bad: [], wanted: [], defined: [], agreed: [], warned: [], next: undefined };
}

const CACHED = 16 * 1024 * 1024;

describe('Staging', () => {
  it('Staging spills into private unlinked files in the given folder when its memory is full', async () => {
    const folder = await scratch();
    const staging = new Staging(folder);
    const file = staging.stage(kind, 'things.csv', 0);
    const value = 'x'.repeat(10_000);
    const rows = Math.ceil((1.5 * CACHED) / value.length);
    for (let at = 0; at < rows; at++) {
      file.addPiece(checked([{ key: String(at), value: `${rows - at}${value}` }], at));
    }
    let last = '';
    let sorted = 0;
    for (const { text } of file.byStream()) {
      const stream = (JSON.parse(text) as { value: string }).value;
      if (stream < last) throw new Error('streams are not together');
      last = stream;
      if (sorted++ === 0) expect(new Set(openIn(folder))).toEqual(new Set(['nameless 600']));
    }
    expect(sorted).toBe(rows);
    expect(readdirSync(folder)).toEqual([]);
    staging.close();
    expect(openIn(folder)).toEqual([]);
  });

  it('Staging distinguishes a repeated row from two contradicting ones', async () => {
    const folder = await scratch();
    const path = join(folder, 'things.csv');
    const staging = new Staging(folder);
    const file = staging.stage(kind, path, 0);
    const rows = [
      { key: 'a', value: '1' },
      { key: 'b', value: '1' },
      { key: 'a', value: '1' },
      { key: 'b', value: '2' },
      { key: 'b', value: '3' },
    ];
    const header = 'key,value\n';
    const row = 'a,1\n'.length;
    writeFileSync(path, header + rows.map(({ key, value }) => `${key},${value}\n`).join(''));
    file.setHeader({ fields: ['key', 'value'], place: { line: 1, start: 0, end: header.length }, faults: [] });
    const { good, ...piece } = checked(rows);
    const starts = rows.map((_, at) => header.length + at * row);
    file.addPiece({ ...piece, good: { ...good, starts, ends: starts.map((start) => start + row) } });
    expect({ repeated: file.repeated, bad: file.bad, good: file.countGood() }).toEqual({ repeated: 1, bad: 3, good: 1 });
    expect(file.faults(10).map(({ line, column, value }) => `${line} ${column} ${value}`)).toEqual(['3 value 1', '3 value 1', '5 value 2', '6 value 3']);
    staging.close();
  });
});
