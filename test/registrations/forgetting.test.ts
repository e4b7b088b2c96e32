import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { RegistrationStatus } from '../../src/registrations/candidate.decider.js';
import { ForgetCandidate, ForgetCandidateHandler } from '../../src/registrations/forget-candidate.command.js';
import { SetPassword, SetPasswordHandler } from '../../src/registrations/passwords/set-password.command.js';
import { RegisterCandidate, RegisterCandidateHandler } from '../../src/registrations/register-candidate.command.js';
import type { Registration } from '../../src/registrations/registrations.events.js';
import { anyGiven } from '../decided.js';
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

const register = () => stores.execute(registering, new RegisterCandidate(anyGiven, person, status));
const types = async () => (await stores.log()).map(({ type }) => type);
const idOf = async () => (await stores.vault.find([person.admissionNo]))[0];

describe('Forgetting a candidate', () => {
  let forgetting: InstanceType<typeof ForgetCandidateHandler>;
  let id: string;
  beforeEach(async () => {
    await register();
    id = (await idOf()) ?? '';
    forgetting = new ForgetCandidateHandler(stores.events, stores.vault);
  });
  const forget = () => stores.execute(forgetting, new ForgetCandidate({ id: 'e0a3a3f0-5f0a-4f8c-9a53-7a2b1e5d9c11', at: anyGiven.at }, id));

  it('Forgetting a candidate adds one event to the log, after which nothing of the candidate can be opened', async () => {
    const before = await stores.log();
    await forget();
    expect((await stores.log()).slice(0, -1)).toEqual(before);
    expect((await types()).at(-1)).toBe('CandidateForgotten');
    expect(await idOf()).toBeUndefined();
    expect((await stores.vault.safe(id)).open((await stores.data<Registration>(0)).person)).toBeUndefined();
  });

  it('Forgetting a candidate is recorded before the key is deleted', async () => {
    const forgetKey = stores.vault.forget.bind(stores.vault);
    jest.spyOn(stores.vault, 'forget').mockImplementation(async (whom) => {
      expect(await types()).toContain('CandidateForgotten');
      await forgetKey(whom);
    });
    await forget();
    expect(await idOf()).toBeUndefined();
  });

  it('Forgetting a candidate is completed by a repeat after a crash between the event and the deletion', async () => {
    jest.spyOn(stores.vault, 'forget').mockRejectedValueOnce(new Error('the power went'));
    await expect(forget()).rejects.toThrow('the power went');
    await expect(register()).rejects.toMatchObject({ code: 'candidate.forgotten' });
    await forget();
    expect(await idOf()).toBeUndefined();
    expect((await types()).filter((type) => type === 'CandidateForgotten')).toHaveLength(1);
  });

  it('Forgetting a candidate makes the next registration with the admission number a new candidate', async () => {
    await forget();
    await register();
    expect(await idOf()).not.toBe(id);
  });

  it('Forgetting a candidate lets nothing else be recorded about the candidate', async () => {
    await forget();
    const handler = new SetPasswordHandler(stores.events, stores.vault);
    await expect(stores.execute(handler, new SetPassword(anyGiven, id, '$argon2id$late'))).rejects.toThrow('forgotten');
  });
});
