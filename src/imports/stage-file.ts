import { type RecordReader, readRecords } from './csv-records.js';
import { headerFaults } from './header.js';
import { type Checked, rowCheck } from './row-check.js';
import type { StagedFile } from './staged-file.js';

/** Reads a file and takes its rows in, each checked by itself. */
export async function stageFile(file: StagedFile, progress: (bytes: number, rows: number) => void): Promise<void> {
  let header: readonly string[] | undefined;
  let check: ((fields: readonly string[]) => Checked) | undefined;
  const refuseAll: RecordReader['broken'] = (reason, place) => {
    file.headless = true;
    file.refuse({ ...place, line: 1 }, [{ column: '', reason }], () => '');
  };
  await readRecords(file.path, {
    record(fields, place) {
      if (!header) {
        header = fields;
        file.header = place;
        const faults = headerFaults(file.kind, fields);
        if (faults.length === 0) check = rowCheck(file.kind, fields);
        else {
          file.headless = true;
          file.refuse(place, faults, () => '');
        }
        return;
      }
      file.rows++;
      if (!check) return;
      const checked = check(fields);
      if ('row' in checked) file.take(place, checked.row);
      else file.refuse(place, checked.faults, (column) => fields[header?.indexOf(column) ?? -1] ?? '');
    },
    broken(reason, place) {
      if (!header) {
        header = [];
        refuseAll(`标题行无法读取：${reason}`, place);
        return;
      }
      file.rows++;
      if (check) file.refuse(place, [{ column: '', reason }], () => '');
    },
    progress: (bytes) => progress(bytes, file.rows),
  });
  if (!header) refuseAll('文件是空的，连标题行也没有', { line: 1, start: 0, end: 0 });
}
