import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { importFolder } from '../../../src/imports/import-folder.js';
import { centreOn } from '../../imports/centre.js';
import { editLine, smallBatch } from '../../imports/scratch.js';

const HEADER = 'bill_no,receipt_code,receipt_no,check_code,issued_at';
const receipt = (bill: string) => `${bill},11010126,0012345678,a1b2c3,2026-11-22T10:00:00+08:00`;

it('Receipts are imported with the bills of their batch or later, and one of an unpaid or unknown bill is a bad row', async () => {
  const { folder, data } = await smallBatch(2);
  // the second bill of the second candidate was never paid
  await editLine(folder, 'payments', 5, (line) => line.replace(',paid,', ',expired,').replace('2026-01-10T11:00:00+08:00', ''));
  await writeFile(join(folder, 'receipts.csv'), [HEADER, receipt('30000000000000'), receipt('30000000000003'), receipt('30000000000009'), ''].join('\n'));
  const centre = await centreOn(data);
  try {
    const report = await importFolder(folder, {}, centre);
    const file = report.files.find((each) => each.file === 'receipts.csv');
    expect(file).toMatchObject({ rows: 3, bad: 2, recorded: 1 });
    expect(file?.faults.map(({ line, reason }) => [line, reason])).toEqual([
      [3, '未能记录：这张账单没有缴费，不应有票据。'],
      [4, '未能记录：没有这张账单。'],
    ]);
    const [history = []] = await centre.events.streams(['bill-30000000000000']);
    expect(history.map(({ type }) => type)).toEqual(['BillIssued', 'BillPaid', 'ReceiptIssued']);
    expect(await importFolder(folder, {}, centre)).toMatchObject({ recorded: 0, bad: 2 });
  } finally {
    await centre.close();
  }
});
