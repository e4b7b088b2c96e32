import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { StoreUnavailable } from '../../src/kernel/store-unavailable.js';
import { CorrectPerson, CorrectPersonHandler } from '../../src/registrations/corrections/correct-person.command.js';
import { ForgetCandidate, ForgetCandidateHandler } from '../../src/registrations/forget-candidate.command.js';
import { RegisterCandidate, RegisterCandidateHandler } from '../../src/registrations/register-candidate.command.js';
import type { Person } from '../../src/registrations/registrations.events.js';
import { VaultErasures } from '../../src/registrations/vault-erasures.js';
import { TestStores } from '../stores.js';

const person = (admissionNo: string): Person => ({
  admissionNo,
  name: '示范考生',
  idType: '军官证',
  idNo: `军字第${admissionNo}号`,
  sex: '女',
  birth: '1996-11-02',
  health: '健康',
  ethnicity: '汉',
  household: '北京市',
});
const given = () => ({ id: crypto.randomUUID(), at: '2026-11-22T02:00:00.000Z' });

let stores: TestStores;
let forgettings: VaultErasures;
beforeEach(() => {
  stores = new TestStores();
  forgettings = new VaultErasures(stores.events, stores.vault);
});
afterEach(() => stores.drop());

/** A new candidate's id. */
async function register(admissionNo: string): Promise<string> {
  const status = { district: '西城区', registeredPeriod: '2604', accountState: 'normal', confirmed: true } as const;
  await stores.execute(new RegisterCandidateHandler(stores.events, stores.vault, stores.photos), new RegisterCandidate(given(), person(admissionNo), status));
  const [id] = await stores.vault.find([admissionNo]);
  return id ?? 'nobody';
}

/** On record, while the vault's row stays: the process died between the two, or the vault is older than the log. */
async function forgetOnRecordOnly(id: string): Promise<void> {
  const kept = jest.spyOn(stores.vault, 'forget').mockResolvedValue();
  await stores.execute(new ForgetCandidateHandler(stores.events, stores.vault), new ForgetCandidate(given(), id));
  kept.mockRestore();
}

const known = (...numbers: readonly string[]) => stores.vault.find(numbers);

describe('VaultErasures at a start', () => {
  it('VaultErasures at a start keeps in the vault how many candidates the log has, each once, without those who are forgotten', async () => {
    const counted = async () => {
      await forgettings.apply();
      return (await stores.vault.forgottenUpTo())?.candidates;
    };
    const gone = await register('119912345001');
    await register('119912345002');
    expect(await counted()).toBe(2);
    await register('119912345002'); // records nothing new
    await register('119912345003');
    await forgetOnRecordOnly(gone);
    expect(await counted()).toBe(2);
    const { position = '', eventId = '' } = (await stores.vault.forgottenUpTo()) ?? {};
    await stores.vault.setForgottenUpTo({ position, eventId }); // as an earlier release has noted it
    expect(await counted()).toBe(2);
  });

  it('VaultErasures at a start erases the candidates who are forgotten in the log, and nobody else', async () => {
    const gone = await register('119912345001');
    const stays = await register('119912345002');
    await forgetOnRecordOnly(gone);
    expect(await known('119912345001', '119912345002')).toEqual([gone, stays]);
    await forgettings.apply();
    expect(await known('119912345001', '119912345002')).toEqual([undefined, stays]);
  });

  it('VaultErasures at a start recognises the number of a candidate whom an older vault had not forgotten', async () => {
    await forgetOnRecordOnly(await register('119912345001'));
    expect(await stores.vault.wereForgotten(['119912345001'])).toEqual([false]);
    await forgettings.apply();
    expect(await stores.vault.wereForgotten(['119912345001', '119912345002'])).toEqual([true, false]);
  });

  it('VaultErasures at a start has a person found whose correction did not reach the vault, and nobody who was forgotten since', async () => {
    const [one, gone] = [await register('119912345001'), await register('119912345002')];
    const left = jest.spyOn(stores.vault, 'identify').mockRejectedValue(new Error('the power went'));
    const correcting = new CorrectPersonHandler(stores.events, stores.vault);
    for (const id of [one, gone]) {
      const command = new CorrectPerson(given(), id, { values: { name: '示范更名' } });
      await expect(stores.execute(correcting, command)).rejects.toThrow('the power went');
    }
    left.mockRestore();
    await forgetOnRecordOnly(gone);
    const found = async () => (await stores.vault.findByCitizenNo(person('119912345001').idNo, '示范更名')).map(({ sameName }) => sameName);
    expect(await found()).toEqual([false]);
    await forgettings.apply();
    expect(await found()).toEqual([true]);
    expect(await known('119912345002')).toEqual([undefined]);
  });

  it('VaultErasures at a start does nothing with an empty log', async () => {
    await forgettings.apply();
    expect(await stores.vault.forgottenUpTo()).toBeUndefined();
  });

  it('VaultErasures at a start does not read again what the start before has read', async () => {
    await forgetOnRecordOnly(await register('119912345001'));
    await forgettings.apply();
    const second = await register('119912345002');
    await forgetOnRecordOnly(second);
    const read = jest.spyOn(stores.events, 'read');
    const forget = jest.spyOn(stores.vault, 'forget');
    await forgettings.apply();
    expect(forget.mock.calls).toEqual([[second, await stores.vault.tombstone('119912345002')]]);
    await forgettings.apply();
    expect(read).toHaveBeenCalledTimes(1);
  });

  it('VaultErasures at a start reads all of a log that is not the one seen before', async () => {
    const id = await register('119912345001');
    await forgetOnRecordOnly(id);
    await stores.vault.setForgottenUpTo({ position: await stores.events.head(), eventId: crypto.randomUUID() });
    await forgettings.apply();
    expect(await known('119912345001')).toEqual([undefined]);
  });

  it('VaultErasures at a start asks a log that does not answer again until it does', async () => {
    await forgetOnRecordOnly(await register('119912345001'));
    jest.spyOn(stores.events, 'head').mockRejectedValueOnce(new StoreUnavailable('nobody there'));
    await forgettings.onApplicationBootstrap();
    expect(await known('119912345001')).toEqual([undefined]);
  });
});
