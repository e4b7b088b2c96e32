import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CommandBus } from '@nestjs/cqrs';
import { causedBy } from '../../../../src/event-store/cause.js';
import { EventStore } from '../../../../src/event-store/event-store.js';
import { givenAt } from '../../../../src/event-store/given.js';
import { SetOfficerPassword } from '../../../../src/office/officers/set-officer-password.command.js';
import { Vault } from '../../../../src/vault/vault.js';
import { TestCentre } from '../../../centre.js';
import { jsonOf } from '../../run.js';
import { told } from '../../told.js';

let centre: TestCentre;
beforeAll(async () => {
  centre = await TestCentre.open(new Date().toISOString()); // the command line has the machine's own clock
  await centre.rows('districts', { name: '西城区', office: '西城区自考办', place: '一层', address: '北京市西城区', phone: '010-00000000' });
});
afterAll(() => centre.close());

const office = (...args: readonly string[]) => told(['office', ...args], { NODE_ENV: 'test', DATA_DIR: centre.folder, DEMO: 'false' });
const recorded = async (account: string) => (await centre.get(EventStore).streams([`officer-${account}`]))[0] ?? [];
const setPassword = (account: string, code: string) =>
  causedBy({ by: 'test', origin: 'office', correlation: 'test' }, () =>
    centre.get(CommandBus).execute(new SetOfficerPassword(givenAt(centre.clock.instant()), account, code, 'hash')),
  );

describe('`personal-centre office`', () => {
  it('`personal-centre office` adds an account, marked as from the host, with a code that sets the password once', async () => {
    const added = await office('add', 'xicheng-1', '--role', 'district', '--district', '西城区', '--json');
    expect(added.code).toBe(0);
    const { code, until } = jsonOf<{ code: string; until: string }>(added);
    expect(Date.parse(until) - Date.now()).toBeGreaterThan(23 * 3_600_000);
    const [event] = await recorded('xicheng-1');
    expect(event).toMatchObject({ type: 'OfficerAdded', data: { roles: ['district'], districts: ['西城区'] }, metadata: { by: 'host', origin: 'office' } });
    expect(JSON.stringify(event)).not.toContain(code);
    await setPassword('xicheng-1', ` ${code.toLowerCase()} `);
    await expect(setPassword('xicheng-1', code)).rejects.toThrow('officer.code_wrong');
    await expect(setPassword('nobody', code)).rejects.toThrow('officer.code_wrong');
  });

  it('`personal-centre office` refuses what cannot be, and leaves nothing behind', async () => {
    expect(await office('add', 'xicheng-1', '--role', 'finance')).toMatchObject({ code: 1, stderr: expect.stringContaining('已经有账号 xicheng-1') });
    expect(await office('add', 'shi-1', '--role', 'administrator', '--role', 'city')).toMatchObject({ code: 1, stderr: expect.stringContaining('不能兼任') });
    expect(await office('add', 'shi-1', '--role', 'district', '--district', '西城')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('没有这个区：西城'),
    });
    expect(await office('reset-factor', 'shi-1', '--reason', '丢失')).toMatchObject({ code: 1, stderr: expect.stringContaining('没有账号 shi-1') });
    expect(await recorded('shi-1')).toEqual([]);
    expect(() =>
      centre
        .get(Vault)
        .officerSafe('shi-1')
        .then((safe) => safe.seal('')),
    ).rejects.toThrow('without a key');
  });

  it('`personal-centre office` suspends and lists accounts, and begins one anew with a reason that is recorded', async () => {
    expect(jsonOf(await office('suspend', 'xicheng-1', '--reason', '已调离', '--json'))).toMatchObject({
      account: 'xicheng-1',
      suspended: true,
      changed: true,
    });
    await centre.settled();
    expect((await office('list')).stdout).toMatch(/^xicheng-1　区自考办、西城区　已停用　.* 由 主机上的命令 添加\n共 1 个账号\n$/);
    await office('suspend', 'xicheng-1', '--lift', '--reason', '调回');
    const reset = jsonOf<{ code: string }>(await office('reset-factor', 'xicheng-1', '--reason', '手机丢失', '--json'));
    const events = await recorded('xicheng-1');
    expect(events.map(({ type, metadata: { why } }) => [type, why]).slice(2)).toEqual([
      ['OfficerSuspended', '已调离'],
      ['OfficerReinstated', '调回'],
      ['OfficerReset', '手机丢失'],
    ]);
    await setPassword('xicheng-1', reset.code);
  });
});
