import { describe, expect, it } from '@jest/globals';
import { passwordProblem } from '../../../src/identity/passwords/password-rules.js';

const own = { admissionNo: '119912345678', idNo: '11990019900101001X', name: '张三', birth: '1990-01-01' };

describe('A new password', () => {
  it.each([
    'correct horse',
    '四郎探母坐宫一折',
    '        spaces',
    'aaaabbbbc',
    '晴天我去颐和园',
    '1990-01-01 我出生',
    '很长的句子。'.repeat(33),
    '😀😃😄😁😆😅😂🤣',
    '8位以上即可 ',
  ])('A new password may be %j', async (password) => {
    expect(await passwordProblem(password.padEnd(8, '。'), own)).toBeUndefined();
  });

  it.each([
    ['', 'password.short'],
    ['1234567', 'password.short'],
    ['😀😃😄😁😆😅😂', 'password.short'],
    ['x'.repeat(201), 'password.long'],
    ['correct\u0000horse', 'password.unreadable'],
    ['correct \ud800 horse', 'password.unreadable'],
    ['password1', 'password.common'],
    ['PassWord1', 'password.common'],
    ['ｐａｓｓｗｏｒｄ１', 'password.common'],
    ['pass word 1', 'password.common'],
    ['1qaz2wsx', 'password.common'],
    ['woaini1314', 'password.common'],
    ['88888888', 'password.common'],
    ['123123123123', 'password.common'],
    ['9876543210', 'password.common'],
    ['lkjhgfdsa', 'password.common'],
    ['119912345678', 'password.personal'],
    ['119912345678abc', 'password.personal'],
    ['12345678', 'password.personal'],
    ['11990019900101001x', 'password.personal'],
    ['0101001X', 'password.personal'],
    ['张三19900101', 'password.personal'],
    ['张 三 900101 !', 'password.personal'],
  ])('A new password may not be %j: %s', async (password, why) => {
    expect(await passwordProblem(password, own)).toBe(why);
  });

  it('A new password may be of a person of whom nothing is known', async () => {
    expect(await passwordProblem('119912345678')).toBeUndefined();
  });
});
