import { expect, it, jest } from '@jest/globals';
import { BSON, Collection } from 'mongodb';
import { MongodbVaultUnderRotation } from '../../../src/vault/mongodb/rotation.js';
import { MongodbVault } from '../../../src/vault/mongodb/vault.js';
import { describeWithMongodb, newDatabase } from '../../mongodb/mongodb-server.js';
import { canBeInspected } from '../inspection.conformance.js';
import { takesAnotherMasterKey } from '../rotation.conformance.js';
import { holdsWhatAVaultPromises, type VaultUnderTest } from '../vault.conformance.js';

async function inMongodb(): Promise<VaultUnderTest> {
  const database = newDatabase();
  return {
    open: (masterKey = new Uint8Array(32)) => MongodbVault.open(database.url, masterKey),
    underRotation: () => new MongodbVaultUnderRotation(database.url),
    stored: async () => Buffer.concat((await database.rows()).map(({ row }) => BSON.serialize(row))),
    drop: () => database.drop(),
  };
}

describeWithMongodb('The vault in MongoDB', () => {
  it('The vault in MongoDB is asked once for all citizen numbers of a page of an import, which else cannot be answered in the time of one', async () => {
    const place = await inMongodb();
    const vault = await place.open();
    const people = Array.from({ length: 300 }, (_, at) => ({ admissionNo: String(500_000_000_000 + at), citizenNo: `number ${at % 200}`, name: `name ${at}` }));
    const safes = await vault.findOrCreateSafes(people);
    const find = jest.spyOn(Collection.prototype, 'find');
    const found = await Promise.all(people.map(({ citizenNo, name }) => vault.findByCitizenNo(citizenNo, name)));
    expect(find).toHaveBeenCalledTimes(1);
    find.mockRestore();
    expect(found.map((matches) => matches.filter(({ sameName }) => sameName).map(({ id }) => id))).toEqual(safes.map(({ id }) => [id]));
    expect(found.map(({ length }) => length)).toEqual(people.map((_, at) => (at % 200 < 100 ? 2 : 1)));
    await vault.close();
    await place.drop();
  });
});

describeWithMongodb('In MongoDB', () => {
  holdsWhatAVaultPromises('the vault', inMongodb);
  takesAnotherMasterKey('the vault', inMongodb);
  canBeInspected('the vault', inMongodb);
});
