import { expect, it } from '@jest/globals';
import { SafesOverlay } from '../../src/vault/overlay.js';
import { ForgottenSafe, OpenSafe } from '../../src/vault/safe.js';
import type { Sealed } from '../../src/vault/vault.js';

const KNOWN = '0192f0c4-0000-7000-8000-000000000001';
const below = {
  find: async (numbers: readonly string[]) => numbers.map((number) => (number === '010512345678' ? KNOWN : undefined)),
  safes: async (ids: readonly string[]) => ids.map((id) => (id === KNOWN ? new OpenSafe(id, new Uint8Array(32).fill(5)) : new ForgottenSafe(id))),
};

it('An overlay of the vault gives a new admission number one id and key, in every thread with the same secret and in no other preview', async () => {
  const [one, same, other] = [new SafesOverlay(below, 'a'), new SafesOverlay(below, 'a'), new SafesOverlay(below, 'b')];
  const [known, id = ''] = await one.find(['010512345678', '010512345679']);
  expect([known, await same.find(['010512345679'])]).toEqual([KNOWN, [id]]);
  expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(await other.find(['010512345679'])).not.toEqual([id]);
  const sealed = (await one.safe(id)).seal('x');
  expect((await same.safe(id)).open(sealed)).toBe('x');
  await expect(other.safe(id)).resolves.toBeInstanceOf(ForgottenSafe);
});

it('An overlay of the vault opens what the vault knows, and nothing of a candidate who was forgotten', async () => {
  const overlay = new SafesOverlay(below, 'a');
  const sealed = new OpenSafe(KNOWN, new Uint8Array(32).fill(5)).seal('y');
  const [known, forgotten] = await overlay.safes([KNOWN, '0192f0c4-0000-7000-8000-000000000002']);
  expect([known?.open(sealed), forgotten?.open('z' as Sealed<string>)]).toEqual(['y', undefined]);
});
