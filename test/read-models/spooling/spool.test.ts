import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { emptySpool, entriesOf, SpoolDamaged, type SpoolEnd, SpoolWriter } from '../../../src/read-models/spooling/spool.js';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spool-'));
  file = join(folder, 'events.spool');
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (end: SpoolEnd, entries: readonly (readonly [partition: number, entry: unknown])[]): SpoolEnd => {
  const writer = new SpoolWriter({ file, end });
  for (const [partition, entry] of entries) writer.add(partition, JSON.stringify(entry));
  const after = writer.flush();
  writer.close();
  return after;
};
const read = (end: SpoolEnd, partition: number) => [...entriesOf({ file, end }, partition)].flat();

it('A spool returns the entries of each partition in order, however they were written and whatever was written beyond the end', () => {
  const entries = fc.array(fc.tuple(fc.nat(2), fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.constant({ 考: '\ud800' }))), { maxLength: 20 });
  fc.assert(
    fc.property(fc.array(fc.record({ entries, lost: entries }), { maxLength: 5 }), (turns) => {
      let end = emptySpool(3);
      for (const turn of turns) {
        end = write(end, turn.entries);
        write(end, turn.lost);
      }
      const written = turns.flatMap((turn) => turn.entries);
      for (const partition of [0, 1, 2]) expect(read(end, partition)).toEqual(written.filter(([place]) => place === partition).map(([, entry]) => entry));
    }),
    { numRuns: 100 },
  );
});

it('A spool can have many blocks of a partition, and entries larger than a block', () => {
  const large = ['大'.repeat(400_000), 'x'.repeat(100_000)];
  const entries = [...Array.from({ length: 5_000 }, (_, at) => `entry ${at} ${'x'.repeat(at % 50)}`), ...large, 'last'];
  const end = write(
    emptySpool(2),
    entries.map((entry) => [1, entry] as const),
  );
  expect(read(end, 1)).toEqual(entries);
  expect(read(end, 0)).toEqual([]);
});

it('A spool is readable by its owner alone', () => {
  write(emptySpool(1), [[0, 'sealed']]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it('A spool detects any changed or missing byte', () => {
  const end = write(write(emptySpool(1), [[0, { first: 'entry' }]]), [[0, { second: 'entry' }]]);
  const whole = readFileSync(file);
  for (let at = 0; at < whole.length; at++) {
    writeFileSync(
      file,
      whole.map((byte, place) => (place === at ? byte ^ 1 : byte)),
    );
    expect(() => read(end, 0)).toThrow(SpoolDamaged);
  }
  writeFileSync(file, whole);
  expect(read(end, 0)).toHaveLength(2);
  truncateSync(file, whole.length - 1);
  expect(() => read(end, 0)).toThrow(SpoolDamaged);
  expect(() => new SpoolWriter({ file, end })).toThrow(SpoolDamaged);
});
