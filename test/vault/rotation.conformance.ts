import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MasterKey } from '../../src/vault/master-key.js';
import { type IdentifyCandidates, type RotationOptions, rotateMasterKey, type VaultUnderRotation } from '../../src/vault/rotation.js';
import type { Identifiers, Safe, Sealed, Vault } from '../../src/vault/vault.js';
import type { VaultUnderTest } from './vault.conformance.js';

const OLD = new Uint8Array(32).fill(7);
const NEXT = new Uint8Array(32).fill(8);
const ANOTHER = new Uint8Array(32).fill(9);
const person = (at: number): Identifiers => ({ admissionNo: String(100_000_000_000 + at), citizenNo: `军字第${at}号`, name: `考生${at % 7}` });

export function takesAnotherMasterKey(name: string, made: () => Promise<VaultUnderTest>): void {
  describe(`${name}, given another master key`, () => {
    let place: VaultUnderTest;
    /** The registered candidates by id, as the log would have them. */
    let registered: Map<string, Identifiers>;
    beforeEach(async () => {
      place = await made();
      registered = new Map();
    });
    afterEach(() => place.drop());

    const identify: IdentifyCandidates = async (safes) => safes.map(({ id }) => registered.get(id));

    async function using<T>(key: Uint8Array, work: (vault: Vault) => Promise<T>): Promise<T> {
      const vault = await place.open(key);
      try {
        return await work(vault);
      } finally {
        await vault.close();
      }
    }

    /** Creates and registers candidates with these numbers, and returns a sealed value of each. */
    const admit = (from: number, to: number, key = OLD) =>
      using(key, async (vault) => {
        const people = Array.from({ length: to - from }, (_, at) => person(from + at));
        const safes = await vault.findOrCreateSafes(people);
        safes.forEach(({ id }, at) => {
          registered.set(id, people[at] as Identifiers);
        });
        return safes.map((safe, at) => safe.seal(people[at] as Identifiers));
      });

    async function rotating(
      { old = OLD, next = NEXT }: { old?: Uint8Array; next?: Uint8Array } = {},
      options: Partial<RotationOptions> = {},
      faulty: (vault: VaultUnderRotation) => VaultUnderRotation = (vault) => vault,
    ) {
      const vault = place.underRotation();
      try {
        return await rotateMasterKey(faulty(vault), { old: new MasterKey(old), next: new MasterKey(next) }, identify, {
          progress: () => undefined,
          ...options,
        });
      } finally {
        await vault.close();
      }
    }

    async function opensEverything(key: Uint8Array, sealed: readonly Sealed<Identifiers>[]): Promise<void> {
      await using(key, async (vault) => {
        const ids = await vault.find(sealed.map((_, at) => person(at).admissionNo));
        const safes: readonly Safe[] = await vault.safes(ids.map((id) => id ?? 'nobody'));
        expect(sealed.map((each, at) => safes[at]?.open(each))).toEqual(sealed.map((_, at) => person(at)));
        expect(await vault.findByCitizenNo(person(3).citizenNo, person(3).name)).toEqual([{ id: ids[3], sameName: true }]);
      });
    }

    it('The vault, given another master key, opens all sealed values, finds everybody, and refuses the old key', async () => {
      const sealed = await admit(0, 20);
      expect(await rotating()).toEqual({ changed: 20, dropped: 0 });
      await opensEverything(NEXT, sealed);
      await expect(place.open(OLD)).rejects.toThrow('不是');
    });

    it('The vault, given another master key, keeps nothing by which the old key could find anybody', async () => {
      await admit(0, 3);
      const { admission, citizen } = new MasterKey(OLD).hashes(person(1));
      const holds = async (hash: Uint8Array) => (await place.stored()).includes(Buffer.from(hash));
      expect([await holds(admission), await holds(citizen)]).toEqual([true, true]);
      await rotating();
      expect([await holds(admission), await holds(citizen)]).toEqual([false, false]);
    });

    it('The vault, given another master key, is unchanged when the keys or the log do not belong to it', async () => {
      const sealed = await admit(0, 20);
      await expect(rotating({ old: ANOTHER })).rejects.toThrow('MASTER_KEY_OLD 不是');
      await expect(rotating({ next: OLD })).rejects.toThrow('相同');
      registered.set([...registered.keys()][5] as string, person(50));
      await expect(rotating()).rejects.toThrow('密钥库与事件不符');
      await opensEverything(OLD, sealed);
    });

    it('The vault, given another master key, refuses swapped keys, also after a rotation', async () => {
      await admit(0, 3);
      const swapped = { old: NEXT, next: OLD };
      await expect(rotating(swapped)).rejects.toThrow('请把两者对调');
      await rotating();
      expect(await rotating()).toEqual({ changed: 0, dropped: 0 });
      await expect(rotating({ old: ANOTHER })).rejects.toThrow('请把两者对调');
    });

    it('The vault, given another master key, changes the key of a vault without candidates', async () => {
      await using(OLD, async () => undefined);
      expect(await rotating()).toEqual({ changed: 0, dropped: 0 });
      await using(NEXT, async () => undefined);
      await expect(place.open(OLD)).rejects.toThrow('不是');
    });

    it('The vault, given another master key, still recognises the numbers of forgotten candidates, also when it was cut off', async () => {
      await admit(0, 3);
      const number = person(1).admissionNo;
      await using(OLD, async (vault) => {
        const [id = ''] = await vault.find([number]);
        await vault.forget(id, await vault.tombstone(number));
        registered.delete(id);
      });
      const dying = (vault: VaultUnderRotation) => {
        vault.finish = () => Promise.reject(new Error('the power went'));
        return vault;
      };
      await expect(rotating({}, {}, dying)).rejects.toThrow('the power went');
      await rotating();
      expect(await using(NEXT, (vault) => vault.wereForgotten([number, person(2).admissionNo]))).toEqual([true, false]);
    });

    it('The vault, given another master key, opens what is sealed for officers, also when it was cut off before their keys were rewrapped', async () => {
      await admit(0, 3);
      const sealed = await using(OLD, async (vault) => (await vault.findOrCreateOfficerSafe('xicheng-1')).seal('a secret'));
      const dying = (vault: VaultUnderRotation) => {
        vault.setOfficerKeys = () => Promise.reject(new Error('the power went'));
        return vault;
      };
      await expect(rotating({}, {}, dying)).rejects.toThrow('the power went');
      await rotating();
      expect(await using(NEXT, async (vault) => (await vault.officerSafe('xicheng-1')).open(sealed))).toBe('a secret');
      await using(NEXT, async (vault) => vault.findOrCreateOfficerSafe('xicheng-2'));
      expect(await rotating()).toEqual({ changed: 0, dropped: 0 });
    });

    it('The vault, given another master key, refuses rows of which nothing is recorded, unless they may be deleted', async () => {
      const sealed = await admit(0, 20);
      await using(OLD, (vault) => vault.findOrCreateSafes([person(20), person(21)]));
      await expect(rotating()).rejects.toThrow('2 位考生在密钥库中，但没有任何登记事件');
      await opensEverything(OLD, sealed);
      expect(await rotating({}, { dropUnregistered: true })).toEqual({ changed: 20, dropped: 2 });
      await opensEverything(NEXT, sealed);
      expect(await using(NEXT, (vault) => vault.find([person(20).admissionNo]))).toEqual([undefined]);
    });

    it('The vault, given another master key, cannot be opened after an interrupted rotation, which only the same keys can finish', async () => {
      const sealed = await admit(0, 60);
      let writes = 0;
      const dying = (vault: VaultUnderRotation) => {
        const write = vault.write.bind(vault);
        vault.write = async (...given) => {
          if (++writes > 1) throw new Error('the power went');
          await write(...given);
        };
        return vault;
      };
      await expect(rotating({}, { page: 25 }, dying)).rejects.toThrow('the power went');
      for (const key of [OLD, NEXT]) await expect(place.open(key)).rejects.toThrow('再次运行 rotate-master-key');
      await expect(rotating({ next: ANOTHER })).rejects.toThrow('上一次更换没有完成');
      expect(await rotating()).toEqual({ changed: 35, dropped: 0 });
      await opensEverything(NEXT, sealed);
      expect(await rotating()).toEqual({ changed: 0, dropped: 0 });
    });

    it('The vault, given another master key, includes candidates that a process with the old key has added meanwhile', async () => {
      const sealed = await admit(0, 20);
      await rotating();
      const [old, next] = [new MasterKey(OLD), new MasterKey(NEXT)];
      const vault = place.underRotation();
      const rows = await vault.rows(undefined, 1);
      const late = rows.map(({ id, wrapped }) => ({
        id,
        ...old.hashes(registered.get(id) as Identifiers),
        wrapped: old.wrap(id, next.unwrap(id, wrapped) as Uint8Array),
      }));
      await vault.write(late, []);
      await vault.close();
      expect(await rotating()).toEqual({ changed: 1, dropped: 0 });
      await opensEverything(NEXT, sealed);
    });
  });
}
