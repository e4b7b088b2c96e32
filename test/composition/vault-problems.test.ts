import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { problemsOfVault } from '../../src/composition/vault-problems.js';
import { CorrectPerson, CorrectPersonHandler } from '../../src/registrations/corrections/correct-person.command.js';
import { ForgetCandidate, ForgetCandidateHandler } from '../../src/registrations/forget-candidate.command.js';
import { RegisterCandidate, RegisterCandidateHandler } from '../../src/registrations/register-candidate.command.js';
import { TestStores } from '../stores.js';

const given = () => ({ id: crypto.randomUUID(), at: '2026-11-22T02:00:00.000Z' });
const status = { district: '西城区', registeredPeriod: '2604', accountState: 'normal', confirmed: true } as const;

let stores: TestStores;
beforeEach(() => {
  stores = new TestStores();
});
afterEach(() => stores.drop());

async function register(admissionNo: string): Promise<string> {
  const person = { admissionNo, name: '示范考生', idType: '军官证', idNo: `军字第${admissionNo}号`, sex: '女', birth: '1996-11-02' };
  const whole = { ...person, health: '健康', ethnicity: '汉', household: '北京市' };
  await stores.execute(new RegisterCandidateHandler(stores.events, stores.vault, stores.photos), new RegisterCandidate(given(), whole, status));
  const [id] = await stores.vault.find([admissionNo]);
  return id ?? 'nobody';
}

const forget = (id: string) => stores.execute(new ForgetCandidateHandler(stores.events, stores.vault), new ForgetCandidate(given(), id));
const correct = (id: string, name: string) =>
  stores.execute(new CorrectPersonHandler(stores.events, stores.vault), new CorrectPerson(given(), id, { values: { name } }));
const found = async (options = {}) => (await problemsOfVault(stores.events, stores.vault, options)).map(({ says }) => says);

describe('The comparison of the vault with the log', () => {
  it('The comparison of the vault with the log finds nothing where candidates were corrected, forgotten and registered anew', async () => {
    await correct(await register('119912345001'), '改名考生');
    await forget(await register('119912345002'));
    await register('119912345002');
    await stores.vault.findOrCreateOfficerSafe('xicheng-1');
    await stores.vault.findOrCreateSafe({ admissionNo: '119912345009', citizenNo: '1', name: '没有登记' }); // left by a killed import
    expect(await found()).toEqual([]);
  });

  it('The comparison of the vault with the log finds a name that it does not follow yet, and has it follow', async () => {
    const id = await register('119912345001');
    await stores.vault.identify([{ id, citizenNo: 'another', name: '别人' }]);
    expect(await found()).toEqual([`密钥库（vault）与日志不符：1 位考生（${id}）按证件号码和姓名找不到`]);
    expect(await found({ repair: true })).toEqual([]);
    expect(await found()).toEqual([]);
  });

  it('The comparison of the vault with the log finds one who is forgotten in the log alone, and erases the rest', async () => {
    const id = await register('119912345001');
    const kept = jest.spyOn(stores.vault, 'forget').mockResolvedValue();
    await forget(id);
    kept.mockRestore();
    expect(await found()).toEqual([`密钥库（vault）与日志不符：已删除的 1 位考生（${id}）还在其中`]);
    expect(await found({ repair: true })).toEqual([]);
    expect([await found(), await stores.vault.wereForgotten(['119912345001'])]).toEqual([[], [true]]);
  });

  it('The comparison of the vault with the log does not miss one who was forgotten after a backup had copied the log', async () => {
    await stores.vault.forget(await register('119912345001'));
    expect(await found()).toEqual([]);
  });
});
