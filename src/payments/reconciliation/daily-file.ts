import { z } from 'zod';
import { beijingDay } from '../../../projections/transactions.js';
import { instant, oneOf } from '../../imports/files/columns.js';
import { FILE_START, type RecordLocation, type RecordStart, readPiece } from '../../imports/files/csv-records.js';
import { headerFaults } from '../../imports/files/header.js';
import type { RowFault } from '../../imports/files/import-file.js';
import { type CheckedRow, rowCheck } from '../../imports/files/row-check.js';
import { shownValue } from '../../imports/files/shown-value.js';
import type { Channel } from '../payments.events.js';
import { channels } from '../platform/platform-protocol.js';
import { BadDailyFile } from './bad-daily-file.js';
import { otherFileFault } from './other-platforms-file.js';
import { spreadsheetTrace, spreadsheetTraceInOrders } from './spreadsheet-traces.js';

/** A payment or refund, as the platform lists it. */
export interface Movement {
  readonly kind: 'payment' | 'refund';
  /** The order paid: 16 digits. */
  readonly order: string;
  /** The payment's number, for a refund as well. */
  readonly transaction: string;
  readonly fen: number;
  readonly channel: Channel;
  /** Instant in UTC. */
  readonly at: string;
}

/** All payments and refunds of a day. */
export interface DailyFile {
  /** In Beijing, such as 2026-11-22. */
  readonly day: string;
  /** Instant in UTC. */
  readonly endsAt: string;
  /** Payments less refunds. */
  readonly fen: number;
  /** In order of time. */
  readonly movements: readonly Movement[];
}

/** Ten times the busiest day. */
const MAX_ROWS = 600_000;
const MAX_FAULTS = 20;
const MAX_FEN = 1_000_000_000;
/** Midnight in Beijing. */
const MIDNIGHT = 'T16:00:00.000Z';

const columns = z.object({
  order: z.string().regex(/^(\d{16})?$/, '应为 16 位数字'),
  transaction: z.string().regex(/^([A-Za-z\d]{8,64})?$/, '应为 8 到 64 位字母或数字'),
  kind: oneOf('payment', 'refund', 'end'),
  fen: z
    .string()
    .regex(/^(0|-?[1-9]\d{0,15})$/, '应为金额（分），整数')
    .transform(Number),
  channel: z.enum(['', ...channels], { error: `应为 ${channels.join('、')} 之一` }),
  happened_at: instant,
});

type Row = z.output<typeof columns>;

/**
 * Reads the platform's daily file and checks it: each row, that no movement is listed twice or belongs to another day, and the sum in
 * the line at its end.
 * @throws BadDailyFile with the first faults by line and column
 */
export async function readDailyFile(path: string): Promise<DailyFile> {
  const foreign = await otherFileFault(path);
  if (foreign) throw new BadDailyFile(`${foreign}。没有记录任何内容，请使用从支付平台下载的原文件。`);
  const rows = new DailyFileReader();
  for (let from: RecordStart | undefined = FILE_START; from; ) {
    from = await readPiece(path, from, rows);
    if (rows.resaved) throw new BadDailyFile(resavedMessage(rows.resaved));
    if (rows.isTooLong) throw new BadDailyFile(`这个文件超过 ${MAX_ROWS} 行，不是一天的对账文件`);
  }
  return rows.whole();
}

function resavedMessage(sign: string): string {
  return `对账文件被电子表格软件（如 Excel）打开后另存过，${sign}，内容已经不对。没有记录任何内容，请使用从支付平台下载的原文件。`;
}

class DailyFileReader {
  private readonly movements: Movement[] = [];
  private readonly lines: number[] = [];
  private readonly faults: string[] = [];
  private readonly known = new Set<string>();
  private faulty = 0;
  private header: readonly string[] | undefined;
  private check: ((fields: readonly string[]) => CheckedRow) | undefined;
  private end: { readonly row: Row; readonly line: number } | undefined;
  private sum = 0;
  /** The trace of a spreadsheet that has saved the file. */
  resaved: string | undefined;

  get isTooLong(): boolean {
    return this.movements.length + this.faulty > MAX_ROWS;
  }

  record(given: readonly string[], { line }: RecordLocation): void {
    const fields = given.map(bare);
    if (!this.header) this.begin(given, line);
    else if (this.check) this.take(fields, line, this.check(fields));
  }

  broken(reason: string, { line }: RecordLocation): void {
    this.header ??= [];
    this.fault(line, { column: '', reason });
  }

  /** @throws BadDailyFile */
  whole(): DailyFile {
    if (!this.header) throw new BadDailyFile('文件是空的');
    const { end } = this;
    const sign = spreadsheetTraceInOrders(this.movements.map(({ order }) => order));
    if (sign) throw new BadDailyFile(resavedMessage(sign));
    const day = end && beijingDay(new Date(Date.parse(end.row.happened_at) - 1).toISOString());
    if (end) {
      if (!end.row.happened_at.endsWith(MIDNIGHT))
        this.fault(end.line, { column: 'happened_at', reason: '结束行应为这一天结束的时刻，如 2026-11-23T00:00:00+08:00' });
      else this.daysOf(day as string);
      if (this.faulty === 0 && end.row.fen !== this.sum) {
        this.fault(end.line, { column: 'fen', reason: `各行之和是 ${this.sum} 分，结束行写的是 ${end.row.fen} 分：文件不完整` });
      }
    } else if (this.faulty === 0) this.fault(this.lines.at(-1) ?? 1, { column: 'kind', reason: '最后没有结束行（end）：文件不完整' });
    if (this.faulty > 0 || !end || day === undefined) throw new BadDailyFile(this.message());
    const movements = this.movements.sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
    return { day, endsAt: end.row.happened_at, fen: this.sum, movements };
  }

  private begin(fields: readonly string[], line: number): void {
    this.header = fields;
    const faults = headerFaults({ columns }, fields);
    for (const fault of faults) this.fault(line, fault);
    if (faults.length === 0) this.check = rowCheck({ columns, faults: faultsOf }, fields);
  }

  private take(fields: readonly string[], line: number, checked: CheckedRow): void {
    const [order = '', transaction = '', at = ''] = ['order', 'transaction', 'happened_at'].map((column) => fields[this.header?.indexOf(column) ?? -1]);
    const sign = spreadsheetTrace(order, transaction, at);
    if (sign) this.resaved ??= `第 ${line} 行的${sign}`;
    if (fields.join() === this.header?.join()) this.fault(line, { column: '', reason: '又是标题行：像是几个文件接在了一起' });
    else if (this.end) this.fault(line, { column: 'kind', reason: '结束行（end）之后还有内容' });
    else if ('row' in checked) this.add(checked.row as Row, line);
    else for (const fault of checked.faults) this.fault(line, fault, fields[this.header?.indexOf(fault.column) ?? -1]);
  }

  private add(row: Row, line: number): void {
    const { kind, order, transaction, fen, channel, happened_at: at } = row;
    if (kind === 'end' || channel === '') {
      this.end = { row, line };
      return;
    }
    const name = `${kind} ${transaction}`;
    if (this.known.has(name)) this.fault(line, { column: 'transaction', reason: '这个交易号在文件中出现了两次' }, transaction);
    this.known.add(name);
    this.sum += kind === 'payment' ? fen : -fen;
    this.movements.push({ kind, order, transaction, fen, channel, at });
    this.lines.push(line);
  }

  private daysOf(day: string): void {
    for (const [index, { at }] of this.movements.entries()) {
      if (beijingDay(at) !== day) this.fault(this.lines[index] as number, { column: 'happened_at', reason: `不是 ${day} 这一天的` }, at);
    }
  }

  private fault(line: number, { column, reason }: RowFault, value = ''): void {
    this.faulty += 1;
    const shown = shownValue('daily-file', column, value);
    if (this.faults.length < MAX_FAULTS)
      this.faults.push(`${[`第 ${line} 行`, column && `${column} 列`, shown && `“${shown}”`].filter(Boolean).join('，')}：${reason}`);
  }

  private message(): string {
    const more = this.faulty - this.faults.length;
    const lines = ['对账文件有错，没有记录任何内容：', ...this.faults.map((fault) => `  ${fault}`)];
    return [...lines, ...(more > 0 ? [`  ……另有 ${more} 处错误没有列出`] : [])].join('\n');
  }
}

/** Some platforms write a back-quote before each value, or a tab after numbers, so that spreadsheets do not change them. */
function bare(value: string): string {
  return value.replace(/^`/, '').replace(/\t+$/, '');
}

/** Faults that concern several columns. */
function faultsOf({ kind, order, transaction, channel, fen }: Row): readonly RowFault[] {
  const named = Object.entries({ order, transaction, channel });
  if (kind === 'end') return named.filter(([, value]) => value !== '').map(([column]) => ({ column, reason: '结束行的这一列应为空' }));
  const faults: RowFault[] = named.filter(([, value]) => value === '').map(([column]) => ({ column, reason: '应填写' }));
  if (fen <= 0 || fen > MAX_FEN) faults.push({ column: 'fen', reason: `应为 1 到 ${MAX_FEN} 分` });
  return faults;
}
