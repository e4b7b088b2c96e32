import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MasterKey } from '../../src/vault/master-key.js';
import type { VaultUnderRotation } from '../../src/vault/rotation.js';
import type { Identifiers, Safe, Sealed, Vault } from '../../src/vault/vault.js';
import { hashNamesAsBefore } from './former-names.js';

/** A vault under test, which can be reopened with its master key. */
export interface VaultUnderTest {
  open(masterKey?: Uint8Array): Promise<Vault>;
  /** The closed vault, for a rotation of its master key. */
  underRotation(): VaultUnderRotation;
  /** All stored bytes, to search for what must not be there. */
  stored(): Promise<Buffer>;
  drop(): Promise<void>;
}

const masterKey = new Uint8Array(32).fill(7);
const zhang: Identifiers = { admissionNo: '010512345678', citizenNo: '11010519491231002X', name: '张三' };
const li: Identifiers = { admissionNo: '010512345679', citizenNo: '110105199003070017', name: '李四' };

export function holdsWhatAVaultPromises(name: string, made: () => Promise<VaultUnderTest>): void {
  describe(name, () => {
    let place: VaultUnderTest;
    let vault: Vault;
    beforeEach(async () => {
      place = await made();
      vault = await place.open(masterKey);
    });
    afterEach(async () => {
      await vault.close();
      await place.drop();
    });

    it('The vault gives a new admission number an id that never changes', async () => {
      const first = await vault.findOrCreateSafe(zhang);
      await vault.close();
      vault = await place.open(masterKey);
      const again = await vault.findOrCreateSafe({ ...zhang, admissionNo: ' 0105 1234 5678' });
      expect(again.id).toBe(first.id);
      expect(await vault.find([zhang.admissionNo, li.admissionNo])).toEqual([first.id, undefined]);
    });

    it('The vault keeps the installation that it belongs to, and is of none before', async () => {
      expect(await vault.owner()).toBeUndefined();
      await vault.setOwner({ installation: 'one', hasPhotos: false });
      await vault.setOwner({ installation: 'one', hasPhotos: true });
      await vault.close();
      vault = await place.open(masterKey);
      expect(await vault.owner()).toEqual({ installation: 'one', hasPhotos: true });
    });

    it('The vault creates one row for a person given twice in one call', async () => {
      const [one, other, same] = await vault.findOrCreateSafes([zhang, li, zhang]);
      expect(same?.id).toBe(one?.id);
      expect(other?.id).not.toBe(one?.id);
      expect(same?.open(one?.seal('x') as Sealed<string>)).toBe('x');
    });

    it('The vault gives one id to a number that two processes add at the same time', async () => {
      const other = await place.open(masterKey);
      const people = Array.from({ length: 100 }, (_, at) => ({ ...zhang, admissionNo: String(300_000_000_000 + at) }));
      const some = (from: number) => people.slice(from, from + 75);
      const [ours, theirs, more] = await Promise.all([vault.findOrCreateSafes(some(0)), other.findOrCreateSafes(some(25)), vault.findOrCreateSafes(some(10))]);
      const ids = await vault.find(people.map(({ admissionNo }) => admissionNo));
      expect(ours.map(({ id }) => id)).toEqual(ids.slice(0, 75));
      expect(theirs.map(({ id }) => id)).toEqual(ids.slice(25));
      expect(more.map(({ id }) => id)).toEqual(ids.slice(10, 85));
      expect(theirs[0]?.open(ours[25]?.seal('x') as Sealed<string>)).toBe('x');
      await other.close();
    });

    it('The vault gives ids that sort by the time of creation', async () => {
      const ids: string[] = [];
      for (let each = 0; each < 20; each++) ids.push((await vault.findOrCreateSafe({ ...zhang, admissionNo: String(100_000_000_000 + each) })).id);
      expect(ids).toEqual(ids.toSorted());
    });

    it('The vault returns the right result to each of many concurrent calls', async () => {
      const people = Array.from({ length: 500 }, (_, at) => ({ ...zhang, admissionNo: String(200_000_000_000 + at) }));
      const safes = await Promise.all(people.map((person) => vault.findOrCreateSafe(person)));
      expect(new Set(safes.map(({ id }) => id)).size).toBe(500);
      expect(await vault.find(people.map(({ admissionNo }) => admissionNo))).toEqual(safes.map(({ id }) => id));
      const opened = await Promise.all(safes.map((safe) => vault.safe(safe.id)));
      expect(opened.map(({ id }) => id)).toEqual(safes.map(({ id }) => id));
    });

    it('The vault finds every admission number of a citizen number, and whether the name matches', async () => {
      const first = await vault.findOrCreateSafe({ ...zhang, name: '买买提·艾力' });
      const second = await vault.findOrCreateSafe({ ...zhang, admissionNo: '010512345680', name: '张三' });
      await vault.findOrCreateSafe(li);
      expect(await vault.findByCitizenNo('11010519491231002x', '买买提•艾力')).toEqual([
        { id: first.id, sameName: true },
        { id: second.id, sameName: false },
      ]);
      expect(await vault.findByCitizenNo('110101199003078000')).toEqual([]);
    });

    it('The vault finds candidates by their whole name, however it is written', async () => {
      const people = [
        { ...zhang, name: '买买提·艾力' },
        { ...li, name: '买买提•艾力' },
        { ...li, admissionNo: '010512345681' },
      ];
      const [first, second] = await vault.findOrCreateSafes(people);
      const named = [first?.id, second?.id].toSorted();
      expect(await vault.findByName('买买提·艾力', 10)).toEqual(named);
      expect(await vault.findByName('买买提·艾力', 1)).toEqual(named.slice(0, 1));
      expect(await vault.findByName('买买提', 10)).toEqual([]);
    });

    it('The vault matches a name by its hash of release 1.0 until it is rehashed, and then in every spelling', async () => {
      const names = ['买买提·艾力', '王\ue863', '李四'];
      const safes = await vault.findOrCreateSafes(names.map((name, at) => ({ ...zhang, admissionNo: String(400_000_000_000 + at), name })));
      await vault.close();
      await hashNamesAsBefore(place.underRotation(), masterKey, (id) => names[safes.findIndex((safe) => safe.id === id)] as string);
      vault = await place.open(masterKey);
      const found = async (name: string) => (await vault.findByCitizenNo(zhang.citizenNo, name)).map(({ sameName }) => sameName);
      expect(await vault.nameHashing()).toBeUndefined();
      expect([await found('买买提•艾力'), await found('王\ue863'), await found('买买提艾力')]).toEqual([
        [true, false, false],
        [false, true, false],
        [false, false, false],
      ]);
      const rows = [...(await vault.nameRows(undefined, 2)), ...(await vault.nameRows(safes[1]?.id, 2))];
      expect(rows.map(({ safe }) => safe.id)).toEqual(safes.map(({ id }) => id));
      const last = { ...zhang, id: safes[2]?.id as string };
      await vault.identify([{ ...last, name: '李司' }]); // a correction that came meanwhile stays
      const renamed = rows.map(({ safe: { id }, hash }, at) => ({ id, hash, name: names[at] as string }));
      await vault.hashNames(renamed, { rule: 2, after: safes[2]?.id as string, done: true });
      expect(await vault.nameHashing()).toEqual({ rule: 2, after: safes[2]?.id, done: true });
      expect([await found('买买提艾力'), await found('王䶮'), await found('李司')]).toEqual([
        [true, false, false],
        [false, true, false],
        [false, false, true],
      ]);
    });

    it('The vault keeps by what a known candidate is found when it is asked for again with another name', async () => {
      const { id } = await vault.findOrCreateSafe(zhang);
      expect((await vault.findOrCreateSafe({ ...zhang, citizenNo: li.citizenNo, name: '张珊' })).id).toBe(id);
      expect(await vault.findByCitizenNo(zhang.citizenNo, zhang.name)).toEqual([{ id, sameName: true }]);
      expect(await vault.findByCitizenNo(li.citizenNo)).toEqual([]);
    });

    it('The vault finds a candidate by another citizen number and name once it is told, and says by which it does', async () => {
      const [{ id }, other] = (await vault.findOrCreateSafes([zhang, { ...li, name: '李四' }])) as [Safe, Safe];
      const now = { id, citizenNo: li.citizenNo, name: '张珊' };
      const people = [{ ...now, citizenNo: zhang.citizenNo, name: zhang.name }, now, { ...now, name: zhang.name }, { ...now, id: 'nobody' }];
      expect(await vault.areFoundBy(people)).toEqual([true, false, false, false]);
      await vault.identify([now, { ...now, id: 'nobody' }]);
      expect(await vault.areFoundBy(people)).toEqual([false, true, false, false]);
      expect(await vault.isFoundBy(now)).toBe(true);
      expect(await vault.findByCitizenNo(zhang.citizenNo)).toEqual([]);
      expect(await vault.findByCitizenNo(li.citizenNo, '张珊')).toEqual([
        { id, sameName: true },
        { id: other.id, sameName: false },
      ]);
      expect([await vault.findOne(zhang.admissionNo), await vault.findOne('999999999999')]).toEqual([id, undefined]);
    });

    it('The vault opens what it sealed after being reopened, and never produces the same bytes twice', async () => {
      const safe = await vault.findOrCreateSafe(zhang);
      const sealed = safe.seal({ name: '张三', birth: '1949-12-31' });
      expect(safe.seal({ name: '张三', birth: '1949-12-31' })).not.toBe(sealed);
      await vault.close();
      vault = await place.open(masterKey);
      expect((await vault.safe(safe.id)).open(sealed)).toEqual({ name: '张三', birth: '1949-12-31' });
    });

    it('The vault opens nothing that was sealed for another candidate or was changed', async () => {
      const [mine, other] = await Promise.all([vault.findOrCreateSafe(zhang), vault.findOrCreateSafe(li)]);
      await fc.assert(
        fc.asyncProperty(fc.jsonValue(), fc.nat(), async (value, at) => {
          const sealed = mine.seal(value);
          expect(() => other.open(sealed)).toThrow();
          const bytes = Buffer.from(sealed, 'base64url');
          bytes[at % bytes.length] = (bytes[at % bytes.length] as number) ^ 1;
          expect(() => mine.open(bytes.toString('base64url') as Sealed<unknown>)).toThrow();
          expect(mine.open(sealed)).toEqual(JSON.parse(JSON.stringify(value)));
        }),
        { numRuns: 50 },
      );
      expect(() => mine.open('' as Sealed<string>)).toThrow();
    });

    it('The vault gives equal digests of equal values of one candidate, and different ones for another candidate', async () => {
      const [mine, other] = await Promise.all([vault.findOrCreateSafe(zhang), vault.findOrCreateSafe(li)]);
      const again = await vault.safe(mine.id);
      expect(again.digest(['张三', 1])).toBe(mine.digest(['张三', 1]));
      expect(mine.digest(['张三', 2])).not.toBe(mine.digest(['张三', 1]));
      expect(other.digest(['张三', 1])).not.toBe(mine.digest(['张三', 1]));
    });

    it('The vault opens and seals nothing for a forgotten candidate', async () => {
      const before = await vault.findOrCreateSafe(zhang);
      const sealed = before.seal('张三');
      const photo = before.sealBytes(Buffer.from('photo'));
      await vault.forget(before.id);
      const after = await vault.safe(before.id);
      expect(after.open(sealed)).toBeUndefined();
      expect(after.openBytes(photo)).toBeUndefined();
      expect(() => after.seal('x')).toThrow('forgotten');
      expect(() => after.sealBytes(Buffer.of(1))).toThrow('forgotten');
      expect(() => after.digest('x')).toThrow('forgotten');
      expect(await vault.find([zhang.admissionNo])).toEqual([undefined]);
      expect(await vault.findByCitizenNo(zhang.citizenNo)).toEqual([]);
      await vault.forget(before.id);

      const anew = await vault.findOrCreateSafe(zhang);
      expect(anew.id).not.toBe(before.id);
      expect(() => anew.open(sealed)).toThrow();
    });

    it('The vault recognises a forgotten number by its tombstone, which says nothing of the number, and takes the person in anew', async () => {
      expect(await vault.wereForgotten([zhang.admissionNo])).toEqual([false]);
      const { id } = await vault.findOrCreateSafe(zhang);
      const tombstone = await vault.tombstone(zhang.admissionNo);
      await vault.forget(id, tombstone);
      await vault.forget(id, tombstone);
      await vault.close();
      vault = await place.open(masterKey);
      expect(await vault.wereForgotten([' 0105 1234 5678', li.admissionNo])).toEqual([true, false]);
      expect(await vault.tombstone(zhang.admissionNo)).toBe(tombstone);
      expect(tombstone).not.toBe(Buffer.from(new MasterKey(masterKey).admissionHash(zhang.admissionNo)).toString('base64url'));
      expect((await vault.findOrCreateSafe(zhang)).id).not.toBe(id);
    });

    it('The vault makes an officer one key, by which an account’s secrets are opened again, and nobody else’s', async () => {
      const safe = await vault.findOrCreateOfficerSafe('xicheng-1');
      const sealed = safe.seal('a secret');
      const [again, other] = await Promise.all([vault.findOrCreateOfficerSafe('xicheng-1'), vault.findOrCreateOfficerSafe('xicheng-2')]);
      expect(again.open(sealed)).toBe('a secret');
      expect(() => other.open(sealed)).toThrow();
      await vault.close();
      vault = await place.open(masterKey);
      const reopened = await vault.officerSafe('xicheng-1');
      expect([reopened.open(sealed), reopened.digest('code')]).toEqual(['a secret', safe.digest('code')]);
    });

    it('The vault opens nothing for an account without a key, and takes no candidate for an officer', async () => {
      const candidate = await vault.findOrCreateSafe(zhang);
      const none = await vault.officerSafe(candidate.id);
      expect(none.open(candidate.seal('x'))).toBeUndefined();
      expect(() => none.seal('x')).toThrow('without a key');
      const safe = await vault.findOrCreateOfficerSafe(candidate.id);
      expect(() => safe.open(candidate.seal('x'))).toThrow();
      expect((await vault.safe(safe.id)).open(safe.seal('x'))).toBeUndefined();
      expect(await vault.nameRows(undefined, 10)).toHaveLength(1);
    });

    it('The vault stores how far the log was followed', async () => {
      expect(await vault.forgottenUpTo()).toBeUndefined();
      await vault.setForgottenUpTo({ position: '0000000000000009', eventId: 'nine' });
      await vault.setForgottenUpTo({ position: '0000000000000012', eventId: 'twelve', candidates: 3 });
      await vault.close();
      vault = await place.open(masterKey);
      expect(await vault.forgottenUpTo()).toEqual({ position: '0000000000000012', eventId: 'twelve', candidates: 3 });
    });

    it('The vault refuses another master key with an explanation', async () => {
      await expect(place.open(new Uint8Array(32).fill(8))).rejects.toThrow('MASTER_KEY 不是');
    });

    it('The vault stores no number and no name in plain text', () =>
      fc.assert(
        fc.asyncProperty(
          fc.stringMatching(/^\d{12}$/),
          fc.stringMatching(/^\d{17}[\dX]$/),
          fc.stringMatching(/^[\u4e00-\u9fa5]{4,8}$/),
          async (admissionNo, citizenNo, name) => {
            const safe = await vault.findOrCreateSafe({ admissionNo, citizenNo, name });
            const sealed = safe.seal({ admissionNo, citizenNo, name });
            const stored = Buffer.concat([await place.stored(), Buffer.from(sealed), Buffer.from(sealed, 'base64url')]);
            for (const value of [admissionNo, citizenNo, name]) {
              for (const encoding of ['utf8', 'base64url', 'hex', 'utf16le'] as const) {
                expect(stored.includes(Buffer.from(value, 'utf8').toString(encoding === 'utf16le' ? 'utf8' : encoding))).toBe(false);
                expect(stored.includes(Buffer.from(value, encoding === 'utf16le' ? 'utf16le' : 'utf8'))).toBe(false);
              }
            }
          },
        ),
        { numRuns: 30 },
      ));
  });
}
