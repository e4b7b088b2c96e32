import { CsvError } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import { FILE_START, type RecordLocation, type RecordStart, readPiece } from '../../../imports/files/csv-records.js';
import { encodingFault } from '../../../imports/files/encoding.js';
import { isAdmissionNo, normalisedNumber } from '../../../vault/numbers.js';
import type { Columns, CorrectionKind } from '../correction.js';
import { type ColumnFault, columnsOf, faultOf } from './check-columns.js';
import type { StagedRows } from './staged-rows.js';

/** A file of corrections that cannot be read at all. The message is for whoever made it. */
export class BadCorrectionFile extends Error {
  override readonly name = 'BadCorrectionFile';
}

const NUMBER = 'admission_no';

/**
 * Stages the rows of a CSV file: the admission number, the columns of the kind's key, those that change, and `was` where it is wanted.
 * Columns that are not there stay as they are, and so does what is empty.
 * @throws BadCorrectionFile for another encoding or wrong columns
 */
export async function readCorrectionFile(path: string, kind: CorrectionKind, staged: StagedRows): Promise<void> {
  const fault = await encodingFault(path);
  if (fault !== undefined) throw new BadCorrectionFile(fault);
  const rows = new RowStager(kind, staged);
  const reader = {
    record: (fields: readonly string[], { line }: RecordLocation) => rows.add(fields, line),
    broken: (reason: string, { line }: RecordLocation) => staged.addBad({ line, column: '', reason }),
  };
  for (let from: RecordStart | undefined = FILE_START; from; ) from = await readPiece(path, from, reader);
  rows.end();
}

/** The same of text, such as cells that were copied from a spreadsheet: those are divided by tabs. @throws BadCorrectionFile also for broken quotes */
export function readCorrectionText(text: string, kind: CorrectionKind, staged: StagedRows): void {
  const rows = new RowStager(kind, staged);
  const delimiter = /^[^\n]*\t/.test(text.trimStart()) ? '\t' : ',';
  for (const { record, info } of recordsOf(text, delimiter)) rows.add(record, info.lines);
  rows.end();
}

interface TextRecord {
  readonly record: readonly string[];
  /** The line that it ends on. */
  readonly info: { readonly lines: number };
}

function recordsOf(text: string, delimiter: string): readonly TextRecord[] {
  try {
    return parse(text, { delimiter, relax_column_count: true, skip_empty_lines: true, info: true }) as readonly object[] as readonly TextRecord[];
  } catch (error) {
    if (error instanceof CsvError) throw new BadCorrectionFile('引号没有闭合，或者用法不对');
    throw error;
  }
}

/** Takes records one after another, of which the first is the header. */
class RowStager {
  private header: readonly string[] | undefined;

  constructor(
    private readonly kind: CorrectionKind,
    private readonly staged: StagedRows,
  ) {}

  add(fields: readonly string[], line: number): void {
    if (this.header) stageRow(fields, line, this.header, this.kind, this.staged);
    else this.header = checkedHeader(fields, this.kind);
  }

  /** @throws BadCorrectionFile */
  end(): void {
    if (!this.header) throw new BadCorrectionFile('文件是空的');
  }
}

function checkedHeader(fields: readonly string[], kind: CorrectionKind): readonly string[] {
  const header = fields.map((name) => name.trim());
  const known = [NUMBER, ...columnsOf(kind)];
  const said = `应有 ${[NUMBER, ...kind.key].join('、')}，和要更正的列（${columnsOf(kind)
    .filter((name) => !kind.key.includes(name))
    .join('、')}）`;
  const at = header.findIndex((name, place) => !known.includes(name) || header.indexOf(name) < place);
  if (at >= 0) throw new BadCorrectionFile(`标题行的第 ${at + 1} 列不认识或者重复：${said}`);
  if ([NUMBER, ...kind.key].some((name) => !header.includes(name))) throw new BadCorrectionFile(`标题行缺少列：${said}`);
  return header;
}

function stageRow(fields: readonly string[], line: number, header: readonly string[], kind: CorrectionKind, staged: StagedRows): void {
  const named = Object.fromEntries(header.map((name, at) => [name, (fields[at] ?? '').trim()] as const).filter(([, value]) => value !== ''));
  const { [NUMBER]: typed = '', ...columns } = named;
  const admissionNo = normalisedNumber(typed);
  const fault = fields.length === header.length ? (numberFault(admissionNo) ?? faultOf(kind, columns)) : WRONG_LENGTH;
  if (fault) staged.addBad({ line, ...fault });
  else staged.add({ line, admissionNo, columns }, keyOf(kind, columns));
}

const WRONG_LENGTH: ColumnFault = { column: '', reason: '列数与标题行不同' };

function numberFault(admissionNo: string): ColumnFault | undefined {
  return isAdmissionNo(admissionNo) ? undefined : { column: NUMBER, reason: '应为 12 位数字的准考证号' };
}

function keyOf({ key }: CorrectionKind, columns: Columns): string {
  return key.map((name) => columns[name] ?? '').join('\n');
}
