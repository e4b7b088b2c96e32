import { changeLines } from './changes/change-lines.js';
import type { FileChanges } from './changes/file-changes.js';
import type { ReportedFault } from './staging/staged-file.js';

/** The result of one file. */
export interface FileReport {
  /** With `.csv`. */
  readonly file: string;
  /** Rows read, without the header. */
  readonly rows: number;
  readonly bad: number;
  /** Rows identical to an earlier one of the file. */
  readonly repeated: number;
  /** Rows of candidates who were forgotten: not recorded, and no fault of the file. */
  readonly leftOut: number;
  /** Events recorded from the file; 0 in a dry run. */
  readonly recorded: number;
  /** Nothing of it was recorded. */
  readonly keptOut: boolean;
  /** The first faults by line, MOST_FAULTS at most. */
  readonly faults: readonly ReportedFault[];
  /** How many faults there are in all. */
  readonly faultsInAll: number;
  /** Warnings about good rows, the first by line, MOST_FAULTS at most. */
  readonly warnings: readonly ReportedFault[];
  readonly warningsInAll: number;
  /** Where its bad rows were written for correction. */
  readonly badRowsIn?: string;
  /** Whether the bad rows were printed instead, because nothing could be written beside the batch. */
  readonly badRowsPrinted?: boolean;
  /** Of a dry run: what its good rows would change; missing where the file is kept out. */
  readonly changes?: FileChanges;
}

export interface ImportReport {
  /** The id of the batch in the log (`batch ID`); null when nothing was to be recorded. */
  readonly batch: string | null;
  readonly rows: number;
  /** Events appended. */
  readonly recorded: number;
  readonly bad: number;
  /** The warnings of all files. They reject nothing and do not change the exit code. */
  readonly warnings: number;
  readonly dryRun: boolean;
  readonly seconds: number;
  readonly files: readonly FileReport[];
  /** Names in the folder that are not import files. */
  readonly leftAlone: readonly string[];
}

/** The maximum of faults listed for each file; their total is always given. */
export const MOST_FAULTS = 1_000;

/** Whether everything was accepted, or in a dry run would be. */
export function isComplete({ bad, files }: ImportReport): boolean {
  return bad === 0 && files.every(({ keptOut }) => !keptOut);
}

/** The report for people, in lines. */
export function* reportLines(report: ImportReport): Generator<string> {
  const { files, leftAlone, dryRun } = report;
  for (const file of files) {
    yield summaryOf(file, dryRun);
    if (file.changes) yield* changeLines(file.changes);
    for (const fault of file.faults) yield `  ${file.file} ${lineOf(fault)}`;
    if (file.faultsInAll > file.faults.length) yield `  ……另有 ${file.faultsInAll - file.faults.length} 处错误没有列出`;
    for (const warning of file.warnings) yield `  提醒：${file.file} ${lineOf(warning)}`;
    if (file.warningsInAll > file.warnings.length) yield `  ……另有 ${file.warningsInAll - file.warnings.length} 处提醒没有列出`;
    if (file.badRowsPrinted) yield '  批次旁边的文件夹无法写入，有错的行已在上面列出';
    if (file.badRowsIn) yield `  有错的行已写入 ${file.badRowsIn}，改好后可以再次导入`;
  }
  for (const name of leftAlone) yield `${name}：不是要导入的文件，没有读取`;
  const { batch, rows, recorded, bad, warnings, seconds } = report;
  const done = batch === null ? '导入完毕' : `导入完毕（批次 ${batch}）`;
  yield `${dryRun ? '检查完毕（没有记录任何内容）' : done}：共 ${rows} 行，${dryRun ? '' : `记录事件 ${recorded} 条，`}有错 ${bad} 行，${warnings > 0 ? `提醒 ${warnings} 处，` : ''}用时 ${seconds.toFixed(1)} 秒`;
}

function lineOf({ line, column, value, reason }: ReportedFault): string {
  const place = [`第 ${line} 行`, column && `${column} 列`, value && `“${value}”`].filter(Boolean).join('，');
  return `${place}：${reason}`;
}

function summaryOf({ file, rows, bad, repeated, leftOut, recorded, keptOut, warningsInAll }: FileReport, dryRun: boolean): string {
  const counts = [
    `${rows} 行`,
    repeated > 0 && `重复 ${repeated} 行`,
    leftOut > 0 && `已删除的考生 ${leftOut} 行`,
    bad > 0 && `有错 ${bad} 行`,
    warningsInAll > 0 && `提醒 ${warningsInAll} 处`,
  ];
  const outcome = keptOut ? '整个文件没有接收' : dryRun ? (bad > 0 ? '其余各行可以导入' : '可以导入') : `记录事件 ${recorded} 条`;
  return `${file}：${[...counts, outcome].filter(Boolean).join('，')}`;
}
