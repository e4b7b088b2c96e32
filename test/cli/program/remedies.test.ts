import { describe, expect, it } from '@jest/globals';
import { knownCommands } from '../../../src/cli/known-commands.js';
import { failureOf } from '../../../src/cli/program/failures.js';
import { commandsOf, withAdvice } from '../../../src/cli/program/remedies.js';
import { DamagedDocument } from '../../../src/read-models/damaged-document.js';
import { NotEnoughSpace } from '../../../src/read-models/rebuilding/disk-space.js';
import { BadChange } from '../../../src/read-models/registry.js';
import type { Remedy } from '../../../src/read-models/remedies.js';
import { UnservedReadModel } from '../../../src/read-models/unserved-read-model.js';
import { UnregisteredCandidates } from '../../../src/vault/rotation.js';

const [readModel, build, key] = ['bills', 'bills@2', 'bill-1'];

/** Of each kind one, so that a new kind does not compile without its sentence here. */
const remedies: { readonly [Kind in Remedy['kind']]: readonly [remedy: Remedy & { readonly kind: Kind }, sentence: string] } = {
  'catch-up': [{ kind: 'catch-up' }, '它落后了：请运行 catch-up'],
  status: [{ kind: 'status' }, '它落后了：请运行 status'],
  replay: [{ kind: 'replay', readModel }, '它落后了：等它完成，或再次运行 replay bills'],
  rebuild: [{ kind: 'rebuild', readModel }, '它落后了：请运行 replay bills，再运行 switch bills'],
  'switch-newest': [{ kind: 'switch-newest', readModel }, '它落后了：请运行 switch bills'],
  switch: [{ kind: 'switch', build }, '它落后了；要使用 bills@2，请运行 switch bills@2'],
  cancel: [{ kind: 'cancel', build }, '它落后了：要放弃它，请运行 cancel bills@2'],
  'repair-vault': [{ kind: 'repair-vault' }, '它落后了：请运行 verify --repair-all'],
  'repair-all': [{ kind: 'repair-all', build }, '它落后了：请运行 verify bills@2 --repair-all'],
  repair: [{ kind: 'repair', build, key }, '它落后了：请运行 verify bills@2 --repair bill-1'],
  'retry-all': [{ kind: 'retry-all', build }, '它落后了；先用 retry bills@2 --all 处理'],
  retry: [{ kind: 'retry', build, key }, '它落后了；先用 retry bills@2 bill-1 处理'],
  sample: [{ kind: 'sample' }, '它落后了；也可以用 --sample 只核对一部分'],
  'spool-elsewhere': [{ kind: 'spool-elsewhere' }, '它落后了；也可以用 --spool DIR 把中间文件放到别的磁盘'],
};

describe.each(Object.values(remedies))('The remedy %o', (remedy, sentence) => {
  it('A remedy is said with its command, which exists with its options', () => {
    expect(withAdvice('它落后了', [remedy])).toBe(sentence);
    for (const [name, ...rest] of commandsOf([remedy]).map((typed) => typed.split(' '))) {
      const known = knownCommands.find((command) => command.name === name);
      const options = Object.keys(known?.options ?? {}).map((option) => `--${option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);
      expect(options).toEqual(expect.arrayContaining(rest.filter((word) => word.startsWith('--'))));
      expect(known).toBeDefined();
    }
  });
});

it.each<[string, Error, unknown]>([
  ['a change that is refused', new BadChange('不能删除', [remedies.cancel[0]]), '不能删除：要放弃它，请运行 cancel bills@2'],
  ['a change that is refused without a remedy', new BadChange('不能删除'), '不能删除'],
  ['what is served of another version', new UnservedReadModel('不能显示', [remedies['switch-newest'][0]]), '不能显示：请运行 switch bills'],
  ['a lack of space', new NotEnoughSpace('请腾出空间', [remedies.sample[0]]), '请腾出空间；也可以用 --sample 只核对一部分'],
  [
    'a damaged document',
    new DamagedDocument('read-models.sqlite', build, key),
    'read-models.sqlite 已损坏（bills@2 的文档 bill-1 不是 JSON）：请运行 verify bills@2 --repair bill-1',
  ],
  [
    'candidates of whom nothing is recorded',
    new UnregisteredCandidates(2, 5),
    expect.stringMatching(/^2 位考生.+共 5 位.+；要删除它们，请加上 --drop-unregistered$/),
  ],
])('The message of a command says what helps after %s', (_, error, message) => {
  expect(failureOf(error).message).toEqual(message);
});
