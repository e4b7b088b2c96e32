import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import sharp from 'sharp';
import type { RegistrationStatus } from '../../src/registrations/candidate.decider.js';
import { ForgetCandidate, ForgetCandidateHandler } from '../../src/registrations/forget-candidate.command.js';
import { SetPassword, SetPasswordHandler } from '../../src/registrations/passwords/set-password.command.js';
import { RegisterCandidate, RegisterCandidateHandler } from '../../src/registrations/register-candidate.command.js';
import type { PasswordHash, Person, Registration } from '../../src/registrations/registrations.events.js';
import type { Sealed } from '../../src/vault/vault.js';
import { anyGiven } from '../decided.js';
import { TestStores } from '../stores.js';

const person: Person = {
  admissionNo: '103000000003',
  name: '李艳',
  idType: '居民身份证',
  idNo: '119900199611020005',
  sex: '女',
  birth: '1996-11-02',
  health: '健康',
  ethnicity: '汉',
  household: '北京市',
};
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
  it('belongs to the candidate whom the vault finds by the admission number', async () => {
    await register();
    const id = await idOf();
    expect(id).toBeDefined();
    for (const event of await stores.log()) expect(event).toMatchObject({ stream: `candidate-${id}`, subject: id, data: { candidateId: id } });
    expect(await types()).toEqual(['CandidateRegistered', 'SiteConfirmed']);
  });

  it('contains nothing of the person that is not sealed', async () => {
    await register();
    const words = await stores.words();
    for (const value of Object.values(person)) if (value !== '女' && value !== '汉') expect(words).not.toContain(value);
    const registered = await stores.data<Registration>(0);
    expect((await stores.vault.safe(registered.candidateId)).open(registered.person)).toEqual(person);
  });

  it('is recognised when repeated, and recorded again when it changed', async () => {
    await register();
    expect(await register()).toMatchObject([{ recorded: 0 }]);
    expect(await register({ household: '河北省' })).toMatchObject([{ recorded: 1 }]);
    expect(await register()).toMatchObject([{ recorded: 1 }]);
    expect(await types()).toEqual(['CandidateRegistered', 'SiteConfirmed', 'CandidateCorrected', 'CandidateCorrected']);
  });

  it('can be one of many that are recorded at once', async () => {
    const numbers = Array.from({ length: 50 }, (_, at) => `1030000001${String(at).padStart(2, '0')}`);
    await stores.execute(registering, ...numbers.map((admissionNo) => new RegisterCandidate(anyGiven, { ...person, admissionNo }, status)));
    expect(await types()).toHaveLength(100);
    expect(new Set(await stores.vault.find(numbers)).size).toBe(50);
  });

  it('stores a photo by its digest, and recognises the same photo', async () => {
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

describe('A recorded password', () => {
  it('is sealed, and a second one is not recorded', async () => {
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

describe('Forgetting a candidate', () => {
  let forgetting: InstanceType<typeof ForgetCandidateHandler>;
  let id: string;
  beforeEach(async () => {
    await register();
    id = (await idOf()) ?? '';
    forgetting = new ForgetCandidateHandler(stores.events, stores.vault);
  });
  const forget = () => stores.execute(forgetting, new ForgetCandidate({ id: 'e0a3a3f0-5f0a-4f8c-9a53-7a2b1e5d9c11', at: anyGiven.at }, id));

  it('adds one event to the log, after which nothing of the candidate can be opened', async () => {
    const before = await stores.log();
    await forget();
    expect((await stores.log()).slice(0, -1)).toEqual(before);
    expect((await types()).at(-1)).toBe('CandidateForgotten');
    expect(await idOf()).toBeUndefined();
    expect((await stores.vault.safe(id)).open((await stores.data<Registration>(0)).person)).toBeUndefined();
  });

  it('is recorded before the key is deleted', async () => {
    const forgetKey = stores.vault.forget.bind(stores.vault);
    jest.spyOn(stores.vault, 'forget').mockImplementation(async (whom) => {
      expect(await types()).toContain('CandidateForgotten');
      await forgetKey(whom);
    });
    await forget();
    expect(await idOf()).toBeUndefined();
  });

  it('is completed by a repeat after a crash between the event and the deletion', async () => {
    jest.spyOn(stores.vault, 'forget').mockRejectedValueOnce(new Error('the power went'));
    await expect(forget()).rejects.toThrow('the power went');
    await expect(register()).rejects.toMatchObject({ code: 'candidate.forgotten' });
    await forget();
    expect(await idOf()).toBeUndefined();
    expect((await types()).filter((type) => type === 'CandidateForgotten')).toHaveLength(1);
  });

  it('makes the next registration with the admission number a new candidate', async () => {
    await forget();
    await register();
    expect(await idOf()).not.toBe(id);
  });

  it('lets nothing else be recorded about the candidate', async () => {
    await forget();
    const handler = new SetPasswordHandler(stores.events, stores.vault);
    await expect(stores.execute(handler, new SetPassword(anyGiven, id, '$argon2id$late'))).rejects.toThrow('forgotten');
  });
});
