import { describe, expect, it } from '@jest/globals';
import { CommandRefused, WrongUse } from '../../../src/cli/program/errors.js';
import { failureOf } from '../../../src/cli/program/failures.js';
import { Interrupted } from '../../../src/cli/program/interrupt.js';
import { LogRefused } from '../../../src/event-store/append.js';
import { StoreUnavailable } from '../../../src/kernel/store-unavailable.js';
import { refused } from '../../../src/registrations/registrations.refusals.js';
import { BadSettings } from '../../../src/settings/settings.js';

describe('What a command fails with', () => {
  it.each([
    [new WrongUse('bad_value', 'wrong'), 2, 'bad_value'],
    [new BadSettings('PORT: wrong'), 2, 'bad_settings'],
    [new CommandRefused('no_data', 'nothing'), 1, 'no_data'],
    [refused('candidate.unknown'), 1, 'candidate.unknown'],
    [new LogRefused('nobody answers'), 3, 'log_refused'],
    [new StoreUnavailable('the log cannot be used now'), 3, 'store_unavailable'],
    [new Interrupted(), 130, 'interrupted'],
    [new Error('a fault'), 1, 'fault'],
  ])('The error %s decides the exit code and is named by a stable code', (error, exit, code) => {
    expect(failureOf(error)).toMatchObject({ exit, code });
  });

  it.each([new StoreUnavailable('the log cannot be used now'), new Interrupted()])('A failed command tells after %s what may have been done', (error) => {
    expect(failureOf(error, '可能已经记录了一部分。')).toMatchObject({ hint: '可能已经记录了一部分。' });
    expect(failureOf(error)).not.toMatchObject({ hint: expect.anything() }); // it only reads
  });

  it('A failed command tells after a log that cannot be used at all, or a fault, nothing of what may have been done', () => {
    for (const error of [new LogRefused('nobody answers'), new Error('a fault')]) {
      expect(failureOf(error, '可能已经记录了一部分。')).not.toMatchObject({ hint: expect.anything() });
    }
  });

  it('What a command fails with is said as a sentence of its own, whose beginning says what it is about', () => {
    expect(failureOf(new LogRefused('nobody answers')).message).toBe('事件日志无法使用：nobody answers');
    expect(failureOf(new BadSettings('PORT: wrong')).message).toBe('设置有误：PORT: wrong');
    expect(failureOf(new StoreUnavailable('读模型没有跟上事件')).message).toBe('读模型没有跟上事件');
  });

  it('What a command fails with is said in Chinese with the file it is about, and with the words of the system where they are not known', () => {
    const missing = Object.assign(new Error("ENOENT: no such file or directory, open 'x'"), { syscall: 'open', code: 'ENOENT', path: 'x' });
    expect(failureOf(missing)).toMatchObject({ code: 'ENOENT', message: '没有这个文件或文件夹：x' });
    const other = Object.assign(new Error('EIO: i/o error, read'), { syscall: 'read', code: 'EIO' });
    expect(failureOf(other)).toMatchObject({ code: 'EIO', message: '系统出错（EIO: i/o error, read）' });
  });

  it('What a command fails with is said of a temporary file too, which has no name', () => {
    const full = Object.assign(new Error('database or disk is full'), { errcode: 13 });
    expect(failureOf(full)).toMatchObject({
      exit: 3,
      code: 'store_unavailable',
      message: '临时文件 现在无法使用：磁盘已满，请腾出空间（database or disk is full）',
    });
  });

  it('What a command fails with is told with its stack only where it is a fault of the code', () => {
    expect(failureOf(new Error('a fault')).stack).toContain('failures.test');
    expect(failureOf(new BadSettings('PORT: wrong')).stack).toBeUndefined();
  });
});
