import { afterAll, jest } from '@jest/globals';
import { pino } from 'pino';
import { log } from '../src/kernel/log.js';

const { level } = log;
afterAll(() => {
  log.level = level;
});

/** Captures every log line from now on until the end of the file, at all levels; none is written. */
export function logLines(): string[] {
  log.level = 'trace';
  const stream: { write(line: string): void } | undefined = Reflect.get(log, pino.symbols.streamSym);
  if (!stream) throw new Error('the log writes to no stream');
  const lines: string[] = [];
  jest.spyOn(stream, 'write').mockImplementation((line) => {
    lines.push(line);
  });
  return lines;
}
