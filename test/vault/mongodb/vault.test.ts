import { BSON } from 'mongodb';
import { MongodbVaultUnderRotation } from '../../../src/vault/mongodb/rotation.js';
import { MongodbVault } from '../../../src/vault/mongodb/vault.js';
import { describeWithMongodb, newDatabase } from '../../mongodb/mongodb-server.js';
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

describeWithMongodb('In MongoDB', () => {
  holdsWhatAVaultPromises('the vault', inMongodb);
  takesAnotherMasterKey('the vault', inMongodb);
});
