import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Identifiers, Vault } from '../../src/vault/vault.js';
import type { VaultUnderTest } from './vault.conformance.js';

const zhang: Identifiers = { admissionNo: '010512345678', citizenNo: '11010519491231002X', name: '张三' };
const li: Identifiers = { admissionNo: '010512345679', citizenNo: '110105199003070017', name: '李四' };

export function canBeInspected(name: string, made: () => Promise<VaultUnderTest>): void {
  describe(name, () => {
    let place: VaultUnderTest;
    let vault: Vault;
    beforeEach(async () => {
      place = await made();
      vault = await place.open();
    });
    afterEach(async () => {
      await vault.close();
      await place.drop();
    });

    it('The vault can be inspected: how many candidates it has, whether their keys open, what finds them, and whom it recognises', async () => {
      const safe = await vault.findOrCreateSafe(zhang);
      const { id } = await vault.findOrCreateSafe(li);
      const tombstone = await vault.tombstone(li.admissionNo);
      expect(await vault.inspection.haveTombstones([tombstone])).toEqual([false]);
      expect(await vault.inspection.wereErased([id])).toEqual([false]);
      await vault.forget(id, tombstone);
      await vault.findOrCreateOfficerSafe('xicheng-1');
      const { inspection } = vault;
      expect(await inspection.wereErased([id, safe.id])).toEqual([true, false]);
      expect([await inspection.count(), await inspection.haveTombstones([tombstone, 'another']), await inspection.unusableOfficers()]).toEqual([
        1,
        [true, false],
        [],
      ]);
      const [none, row] = await inspection.rows([id, safe.id]);
      expect([none, row?.id, row?.safe?.open(safe.seal('x'))]).toEqual([undefined, safe.id, 'x']);
      expect([row?.hasNumber(zhang.admissionNo), row?.hasNumber(li.admissionNo), row?.hasPerson(zhang), row?.hasPerson(li)]).toEqual([
        true,
        false,
        true,
        false,
      ]);
    });
  });
}
