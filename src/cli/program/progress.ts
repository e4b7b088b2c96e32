import { Presets, SingleBar } from 'cli-progress';
import type { ImportProgress } from '../../imports/check-folder.js';

/** Between two lines where there is no terminal, in milliseconds. */
const LINE_EVERY = 5_000;

/** What was done of a phase by somebody before, of its total and in rows. */
interface Before {
  readonly done: number;
  readonly rows: number;
}

export interface Progress extends ImportProgress {
  phase(name: string, total: number, before?: Before): void;
}

interface Phase {
  readonly name: string;
  readonly total: number;
  readonly before: Before;
  /** By the monotonic clock. */
  readonly begun: number;
}

const NOTHING: Before = { done: 0, rows: 0 };

/** How far an import is, or what else takes long, on stderr: a bar on a terminal, elsewhere a line every few seconds. */
export function progressOn(stream: NodeJS.WriteStream, unit = '行'): Progress {
  return stream.isTTY ? new Bar(stream, unit) : new Lines(stream, unit);
}

/** For whoever does not want to know. */
export const SILENT: Progress = { phase() {}, step() {}, end() {} };

class Bar implements Progress {
  private bar: SingleBar | undefined;
  private current: Phase | undefined;

  constructor(
    private readonly stream: NodeJS.WriteStream,
    private readonly unit: string,
  ) {}

  phase(name: string, total: number, before = NOTHING): void {
    this.end();
    this.current = { name, total, before, begun: performance.now() };
    const format = `${name} {bar} {percentage}%  {rows} ${this.unit}  {rate} ${this.unit}/秒  剩余 {left}`;
    this.bar = new SingleBar({ format, stream: this.stream, hideCursor: true, fps: 5, clearOnComplete: true }, Presets.shades_classic);
    this.bar.start(Math.max(total, 1), 0, { rows: 0, rate: 0, left: '—' });
  }

  step(done: number, rows: number): void {
    if (this.current) this.bar?.update(Math.min(done, Math.max(this.current.total, 1)), { rows, ...pace(this.current, done, rows) });
  }

  end(): void {
    this.bar?.stop();
    this.bar = undefined;
  }
}

class Lines implements Progress {
  private current: Phase | undefined;
  private said = performance.now();

  constructor(
    private readonly stream: NodeJS.WriteStream,
    private readonly unit: string,
  ) {}

  phase(name: string, total: number, before = NOTHING): void {
    this.current = { name, total, before, begun: performance.now() };
  }

  step(done: number, rows: number): void {
    if (!this.current || performance.now() - this.said < LINE_EVERY) return;
    this.said = performance.now();
    const { name, total } = this.current;
    const { rate, left } = pace(this.current, done, rows);
    this.stream.write(
      `${name} ${Math.min(100, Math.floor((100 * done) / Math.max(total, 1)))}%，${rows} ${this.unit}，${rate} ${this.unit}/秒，剩余 ${left}\n`,
    );
  }

  end(): void {
    this.current = undefined;
  }
}

/** Rows a second since a phase began, and the time that the rest of it will take. */
function pace({ begun, total, before }: Phase, done: number, rows: number) {
  const seconds = (performance.now() - begun) / 1_000;
  const left = done > before.done ? Math.max(0, Math.round((seconds * (total - done)) / (done - before.done))) : undefined;
  return { rate: Math.round((rows - before.rows) / Math.max(seconds, 0.001)), left: left === undefined ? '—' : timeOf(left) };
}

function timeOf(seconds: number): string {
  return seconds < 60 ? `${seconds} 秒` : `${Math.floor(seconds / 60)} 分 ${seconds % 60} 秒`;
}
