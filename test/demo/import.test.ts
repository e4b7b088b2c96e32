import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { writeCohort } from '../../demo/cohort.js';
import { importFolder } from '../../src/imports/import-folder.js';
import { centreOn } from '../imports/centre.js';

const scratch = mkdtempSync(join(tmpdir(), 'cohort-'));
afterAll(() => rmSync(scratch, { recursive: true }));

it('The demo cohort and its corrections are imported without a bad row, and the first batch again restores the corrected scores only when asked to', async () => {
  const folder = join(scratch, 'batch');
  const { corrections } = await writeCohort(folder, new Date());
  const centre = await centreOn(join(scratch, 'data'));
  try {
    const first = await importFolder(folder, {}, centre);
    expect(first.files.flatMap(({ faults }) => faults)).toEqual([]);
    expect(first).toMatchObject({ bad: 0, leftAlone: ['corrections'] });
    expect(await importFolder(corrections, {}, centre)).toMatchObject({ rows: 3, recorded: 3, bad: 0 });
    expect(await importFolder(folder, {}, centre)).toMatchObject({ recorded: 0, bad: 3 });
    const again = await importFolder(folder, { revert: true }, centre);
    expect(again.files.filter(({ recorded }) => recorded > 0)).toMatchObject([{ file: 'scores.csv', recorded: 3 }]);
  } finally {
    await centre.close();
  }
});
