import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { progressOn } from '../../../src/cli/program/progress.js';

describe('The progress of a command where there is no terminal', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const shown = () => {
    const lines: string[] = [];
    const stream = { isTTY: false, write: (line: string) => lines.push(line) > 0 } as NodeJS.WriteStream;
    return { lines, progress: progressOn(stream, '条') };
  };

  it('The progress of a command where there is no terminal is a line with the time that the rest will take, whatever measure its share of the whole has', () => {
    const { lines, progress } = shown();
    progress.phase('读取事件', 4_000);
    jest.advanceTimersByTime(10_000);
    progress.step(1_000, 50);
    expect(lines).toEqual(['读取事件 25%，50 条，5 条/秒，剩余 30 秒\n']);
  });

  it('The progress of a command where there is no terminal is never more than the whole, and never less than no time, whatever comes while it is at work', () => {
    const { lines, progress } = shown();
    progress.phase('读取事件', 4_000);
    jest.advanceTimersByTime(10_000);
    progress.step(4_400, 220);
    expect(lines).toEqual(['读取事件 100%，220 条，22 条/秒，剩余 0 秒\n']);
  });

  it('The progress of a command where there is no terminal takes no credit for what an earlier run has done', () => {
    const { lines, progress } = shown();
    progress.phase('读取事件', 4_000, { done: 2_000, rows: 100 });
    jest.advanceTimersByTime(10_000);
    progress.step(3_000, 150);
    expect(lines).toEqual(['读取事件 75%，150 条，5 条/秒，剩余 10 秒\n']);
  });
});
