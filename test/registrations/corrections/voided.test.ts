import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventStore } from '../../../src/event-store/event-store.js';
import { candidatesWithoutPassword } from '../../../src/imports/recording/candidates-without-password.js';
import { VoidRegistration } from '../../../src/registrations/corrections/void-registration.command.js';
import { registeredIdentifiers } from '../../../src/registrations/identifiers.js';
import { passwordInForce } from '../../../src/registrations/passwords/password-in-force.js';
import { Vault } from '../../../src/vault/vault.js';
import { TestCentre } from '../../centre.js';
import { announce, NOW } from '../../web/announced.js';

const ONE = '119900000001';
let centre: TestCentre;
let id: string;
let session: string;
beforeAll(async () => {
  centre = await TestCentre.open(NOW);
  await announce(centre);
  id = await centre.candidate(ONE);
  session = await centre.signIn(ONE);
  expect((await centre.ask('/center', { cookie: session })).status).toBe(200);
  await centre.record(new VoidRegistration(centre.given(), id));
});
afterAll(() => centre.close());

describe('A candidate whose registration was voided', () => {
  it('A candidate whose registration was voided has no session any more and cannot sign in, as nobody could who was never registered', async () => {
    expect((await centre.ask('/center', { cookie: session })).status).not.toBe(200);
    const [known, unknown] = await Promise.all([ONE, '119900000099'].map((account) => centre.ask('/login', { form: { account, password: 'correct horse' } })));
    expect(known?.status).toBe(unknown?.status);
    expect(known?.text.replace(ONE, '')).toBe(unknown?.text.replace('119900000099', ''));
  });

  it('A candidate whose registration was voided is still found in the vault under the number, so that a rotation keeps the key', async () => {
    const vault = centre.get(Vault);
    expect(await vault.find([ONE])).toEqual([id]);
    expect(await registeredIdentifiers(centre.get(EventStore), [await vault.safe(id)])).toMatchObject([{ admissionNo: ONE }]);
  });

  it('A candidate whose registration was voided begins anew when it is registered again: under the same id, without the password of before', async () => {
    await centre.rows('candidates', { admission_no: ONE, name: '另一位' });
    expect(await centre.idOf(ONE)).toBe(id);
    expect(await passwordInForce(id, centre.get(EventStore), centre.get(Vault))).toBeUndefined();
    expect(await candidatesWithoutPassword([{ number: ONE }], centre.get(EventStore), centre.get(Vault))).toMatchObject([{ id }]);
    await centre.candidate(ONE, { name: '另一位' }, 'another horse');
    const { text } = await centre.ask('/center', { cookie: await centre.signIn(ONE, 'another horse') });
    expect(text).toContain('另一位');
  });
});
