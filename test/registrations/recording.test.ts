import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import sharp from 'sharp';
import { candidate as candidates } from '../../projections/candidate.js';
import { evolved } from '../../src/event-store/decider.js';
import { candidate, type RegistrationStatus } from '../../src/registrations/candidate.decider.js';
import { CorrectPerson, CorrectPersonHandler, personRules } from '../../src/registrations/corrections/correct-person.command.js';
import { correctPerson, type PersonChanges } from '../../src/registrations/corrections/correcting.decider.js';
import { ForgetCandidate, ForgetCandidateHandler } from '../../src/registrations/forget-candidate.command.js';
import { SetPassword, SetPasswordHandler } from '../../src/registrations/passwords/set-password.command.js';
import { openedPerson } from '../../src/registrations/person.js';
import { RegisterCandidate, RegisterCandidateHandler } from '../../src/registrations/register-candidate.command.js';
import type { PasswordHash, Person, Registration, RegistrationEvent } from '../../src/registrations/registrations.events.js';
import type { Sealed } from '../../src/vault/vault.js';
import { anyGiven, documentOf } from '../decided.js';
import { TestStores } from '../stores.js';
import { person } from './person.js';

const status: RegistrationStatus = { district: '房山区', registeredPeriod: '1804', accountState: 'normal', confirmed: true };

let stores: TestStores;
let registering: InstanceType<typeof RegisterCandidateHandler>;
beforeEach(() => {
  stores = new TestStores();
  registering = new RegisterCandidateHandler(stores.events, stores.vault, stores.photos);
});
afterEach(() => stores.drop());

const register = (changes: Partial<Person> = {}, photo?: Uint8Array) =>
  stores.execute(registering, new RegisterCandidate(anyGiven, { ...person, ...changes }, status, photo));
const types = async () => (await stores.log()).map(({ type }) => type);
const idOf = async (admissionNo = person.admissionNo) => (await stores.vault.find([admissionNo]))[0];

describe('A recorded registration', () => {
  it('A recorded registration belongs to the candidate whom the vault finds by the admission number', async () => {
    await register();
    const id = await idOf();
    expect(id).toBeDefined();
    for (const event of await stores.log()) expect(event).toMatchObject({ stream: `candidate-${id}`, subject: id, data: { candidateId: id } });
    expect(await types()).toEqual(['CandidateRegistered', 'SiteConfirmed']);
  });

  it('A recorded registration contains nothing of the person that is not sealed', async () => {
    await register();
    const words = await stores.words();
    for (const value of Object.values(person)) if (value !== '女' && value !== '汉') expect(words).not.toContain(value);
    const registered = await stores.data<Registration>(0);
    expect((await stores.vault.safe(registered.candidateId)).open(registered.person)).toEqual(person);
  });

  it('A recorded registration is recognised when repeated, and recorded again when it changed', async () => {
    await register();
    expect(await register()).toMatchObject([{ recorded: 0 }]);
    expect(await register({ household: '河北省' })).toMatchObject([{ recorded: 1 }]);
    expect(await register()).toMatchObject([{ recorded: 1 }]);
    expect(await types()).toEqual(['CandidateRegistered', 'SiteConfirmed', 'CandidateCorrected', 'CandidateCorrected']);
  });

  it('A recorded registration can be one of many that are recorded at once', async () => {
    const numbers = Array.from({ length: 50 }, (_, at) => `1030000001${String(at).padStart(2, '0')}`);
    await stores.execute(registering, ...numbers.map((admissionNo) => new RegisterCandidate(anyGiven, { ...person, admissionNo }, status)));
    expect(await types()).toHaveLength(100);
    expect(new Set(await stores.vault.find(numbers)).size).toBe(50);
  });

  it('A recorded registration stores a photo by its digest, and recognises the same photo', async () => {
    const photo = await sharp({ create: { width: 400, height: 576, channels: 3, background: '#438edb' } })
      .jpeg()
      .toBuffer();
    await register({}, photo);
    expect(await register({}, photo)).toMatchObject([{ recorded: 0 }]);
    const { candidateId, photo: digest = '' } = await stores.data<Registration>(0);
    const kept = await stores.photos.get(await stores.vault.safe(candidateId), digest);
    expect(await sharp(kept).metadata()).toMatchObject({ format: 'jpeg', width: 400, height: 576 });
    expect(await register()).toMatchObject([{ recorded: 1 }]);
  });
});

describe('A registration that is decided before anything is written', () => {
  const corrected = { name: '李燕', idNo: '119900199611020021' };
  const foundBy = async ({ name, idNo } = person as Pick<Person, 'name' | 'idNo'>) =>
    (await stores.vault.findByCitizenNo(idNo, name)).map(({ sameName }) => sameName);
  const photo = () =>
    sharp({ create: { width: 400, height: 576, channels: 3, background: '#438edb' } })
      .jpeg()
      .toBuffer();

  it('A registration that is decided before anything is written leaves vault and photos as they were where it is refused', async () => {
    await register();
    jest.spyOn(stores.vault, 'forget').mockRejectedValueOnce(new Error('the power went'));
    const forgetting = new ForgetCandidateHandler(stores.events, stores.vault);
    const forget = new ForgetCandidate({ id: 'e0a3a3f0-5f0a-4f8c-9a53-7a2b1e5d9c11', at: anyGiven.at }, (await idOf()) ?? '');
    await expect(stores.execute(forgetting, forget)).rejects.toThrow('the power went');
    const put = jest.spyOn(stores.photos, 'put');
    await expect(register(corrected, await photo())).rejects.toMatchObject({ code: 'candidate.forgotten' });
    expect(put).not.toHaveBeenCalled();
    expect([await foundBy(), await foundBy(corrected)]).toEqual([[true], []]);
  });

  it('A registration that is decided before anything is written changes nothing in the vault where it is repeated', async () => {
    await register({}, await photo());
    const identify = jest.spyOn(stores.vault, 'identify');
    expect(await register({}, await photo())).toMatchObject([{ recorded: 0 }]);
    expect(identify).not.toHaveBeenCalled();
  });

  it('A registration that is decided before anything is written leaves nothing of a new candidate whose photo is bad, nor of a known one', async () => {
    const bad = Buffer.from('no photo');
    await expect(register({}, bad)).rejects.toThrow('照片不是 JPG 文件');
    expect(await idOf()).toBeUndefined();
    await register();
    await expect(register(corrected, bad)).rejects.toThrow('照片不是 JPG 文件');
    expect([await types(), await foundBy(corrected)]).toEqual([['CandidateRegistered', 'SiteConfirmed'], []]);
  });

  it('A registration that is decided before anything is written stores the photo before the event that names it', async () => {
    await register();
    const put = stores.photos.put.bind(stores.photos);
    jest.spyOn(stores.photos, 'put').mockImplementation(async (...given) => {
      expect(await types()).toEqual(['CandidateRegistered', 'SiteConfirmed']);
      return put(...given);
    });
    await register({}, await photo());
    expect(await types()).toEqual(['CandidateRegistered', 'SiteConfirmed', 'CandidateCorrected']);
  });

  it('A registration that is decided before anything is written records nothing where the photo cannot be stored, and can be repeated', async () => {
    await register();
    jest.spyOn(stores.photos, 'put').mockRejectedValueOnce(new Error('no space left'));
    await expect(register(corrected, await photo())).rejects.toThrow('no space left');
    expect([await types(), await foundBy(corrected)]).toEqual([['CandidateRegistered', 'SiteConfirmed'], []]);
    expect(await register(corrected, await photo())).toMatchObject([{ recorded: 1 }]);
    expect([await foundBy(), await foundBy(corrected)]).toEqual([[], [true]]);
  });

  it('A registration that is decided before anything is written is completed by a repeat after a crash between the event and the vault', async () => {
    await register();
    jest.spyOn(stores.vault, 'identify').mockRejectedValueOnce(new Error('the power went'));
    await expect(register(corrected)).rejects.toThrow('the power went');
    expect([(await types()).at(-1), await foundBy(corrected)]).toEqual(['CandidateCorrected', []]);
    expect(await register(corrected)).toMatchObject([{ recorded: 0 }]);
    expect([await foundBy(), await foundBy(corrected)]).toEqual([[], [true]]);
  });

  it('A registration that is decided before anything is written is found under the same id after a crash between the key and the event', async () => {
    jest.spyOn(stores.events, 'decide').mockRejectedValueOnce(new Error('the power went'));
    await expect(register()).rejects.toThrow('the power went');
    const id = await idOf();
    await register();
    expect(await stores.data(0)).toMatchObject({ candidateId: id });
    expect(await idOf()).toBe(id);
  });
});

describe('A corrected person', () => {
  const correct = async (values: PersonChanges['values'], others: Omit<PersonChanges, 'values'> = {}, id = 'c0a3a3f0-5f0a-4f8c-9a53-7a2b1e5d9c11') => {
    const handler = new CorrectPersonHandler(stores.events, stores.vault);
    return stores.execute(handler, new CorrectPerson({ id, at: anyGiven.at }, (await idOf()) ?? '', { values, ...others }));
  };
  const own = async () => {
    const safe = await stores.vault.safe((await idOf()) ?? '');
    const document = documentOf(
      candidates,
      (await stores.log()).map(({ type, data }) => ({ type, data })),
    );
    return { document, person: document && openedPerson(document, safe) };
  };

  it('A corrected person has what is named and keeps all else, the photo too, each value sealed', async () => {
    const photo = await sharp({ create: { width: 400, height: 576, channels: 3, background: '#438edb' } })
      .jpeg()
      .toBuffer();
    await register({}, photo);
    const { photo: digest } = await stores.data<Registration>(0);
    await correct({ name: '李燕', health: '健康' });
    const { document, person: after } = await own();
    expect(after).toEqual({ ...person, name: '李燕' });
    expect(document).toMatchObject({ photo: digest, district: '房山区', confirmed: true });
    expect(Object.keys((await stores.data<{ values: object }>(-1)).values)).toEqual(['name']);
    expect(await stores.words()).not.toContain('李燕');
    await correct({}, { district: '海淀区' }, 'd0a3a3f0-5f0a-4f8c-9a53-7a2b1e5d9c11');
    expect(await own()).toMatchObject({ document: { district: '海淀区', registeredPeriod: '1804' }, person: { name: '李燕' } });
  });

  it('A corrected person is found by the new name and citizen number, and by the former no longer', async () => {
    await register();
    await correct({ name: '李燕', idNo: '119900199611020021' });
    expect(await stores.vault.findByCitizenNo(person.idNo)).toEqual([]);
    expect(await stores.vault.findByCitizenNo('119900199611020021', '李燕')).toMatchObject([{ sameName: true }]);
  });

  it('A corrected person is refused for a citizen number that is none, or of another sex or birth date', async () => {
    await register();
    for (const values of [{ idNo: '119900199611020022' }, { sex: '男' }, { birth: '1996-11-03' }])
      await expect(correct(values)).rejects.toMatchObject({ code: 'person.contradicts' });
    await correct({ idType: '军官证', idNo: '京字第1号' });
    expect((await own()).person).toMatchObject({ idType: '军官证', idNo: '京字第1号' });
  });

  it('A corrected person is found once the command is repeated after a crash between the event and the vault', async () => {
    await register();
    jest.spyOn(stores.vault, 'identify').mockRejectedValueOnce(new Error('the power went'));
    await expect(correct({ name: '李燕' })).rejects.toThrow('the power went');
    expect(await stores.vault.findByCitizenNo(person.idNo, '李燕')).toMatchObject([{ sameName: false }]);
    expect(await correct({ name: '李燕' })).toMatchObject([{ recorded: 0 }]);
    expect(await stores.vault.findByCitizenNo(person.idNo, '李燕')).toMatchObject([{ sameName: true }]);
  });

  it('A corrected person is found by the log’s last name when two corrections reach the vault in the other order', async () => {
    await register();
    const identify = stores.vault.identify.bind(stores.vault);
    jest.spyOn(stores.vault, 'identify').mockImplementationOnce(async (people) => {
      await correct({ name: '李彦' }, {}, 'd0a3a3f0-5f0a-4f8c-9a53-7a2b1e5d9c11');
      await identify(people);
    });
    await correct({ name: '李燕' });
    expect(await stores.vault.findByCitizenNo(person.idNo, '李彦')).toMatchObject([{ sameName: true }]);
  });

  it('A corrected person is not replaced by the file that was imported before, but by one that says the same', async () => {
    await register();
    await correct({ name: '李燕' });
    const before = new RegisterCandidate({ ...anyGiven, refusesRevert: true }, person, status);
    await expect(stores.execute(registering, before)).rejects.toMatchObject({ code: 'command.reverts' });
    expect(await register({ name: '李燕' })).toMatchObject([{ recorded: 0 }]);
    expect(await register({ name: '李彦' })).toMatchObject([{ recorded: 1 }]);
    expect((await own()).person).toEqual({ ...person, name: '李彦' });
  });
});

it('Any corrections of a person change what they name and nothing else', async () => {
  await register();
  const safe = await stores.vault.safe((await idOf()) ?? '');
  const text = fc.constantFrom('一', '二', '三');
  const anyChanges = fc.record(
    { name: text, health: text, ethnicity: text, household: text, district: text, registeredPeriod: fc.constantFrom('2604', '2610') },
    { requiredKeys: [] },
  );
  const [registered] = (await stores.log()) as readonly RegistrationEvent[];
  fc.assert(
    fc.property(fc.array(anyChanges, { maxLength: 8 }), (all) => {
      const events = [registered as RegistrationEvent];
      let expected = { ...person, district: status.district, registeredPeriod: status.registeredPeriod };
      for (const { district, registeredPeriod, ...values } of all) {
        const command = { candidateId: safe.id, changes: { values, district, registeredPeriod } };
        events.push(...correctPerson(evolved(candidate, events), command, personRules(safe)));
        expected = { ...expected, ...values, ...(district && { district }), ...(registeredPeriod && { registeredPeriod }) };
      }
      const document = documentOf(candidates, events);
      expect({ ...(document && openedPerson(document, safe)), district: document?.district, registeredPeriod: document?.registeredPeriod }).toEqual(expected);
    }),
  );
});

describe('A recorded password', () => {
  it('A recorded password is sealed, and a second one is not recorded', async () => {
    await register();
    const id = (await idOf()) ?? '';
    const handler = new SetPasswordHandler(stores.events, stores.vault);
    const set = (hash: string) => stores.execute(handler, new SetPassword(anyGiven, id, hash));
    expect(await set('$argon2id$first')).toMatchObject([{ recorded: 1 }]);
    expect(await set('$argon2id$second')).toMatchObject([{ recorded: 0 }]);
    expect(await stores.words()).not.toContain('argon2id$first');
    const { password } = await stores.data<{ password: Sealed<PasswordHash> }>(-1);
    expect((await stores.vault.safe(id)).open(password)).toBe('$argon2id$first');
  });
});
