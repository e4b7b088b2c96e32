import { BSON } from 'mongodb';
import { MongodbVault } from '../../src/vault/mongodb.vault.js';
import { describeWithMongodb, newDatabase } from '../mongodb-server.js';
import { holdsWhatAVaultPromises } from './vault.conformance.js';

describeWithMongodb('In MongoDB', () => {
  holdsWhatAVaultPromises('the vault', async () => {
    const database = newDatabase();
    return {
      open: (masterKey = new Uint8Array(32)) => MongodbVault.open(database.url, masterKey),
      stored: async () => Buffer.concat((await database.rows()).map(({ row }) => BSON.serialize(row))),
      drop: () => database.drop(),
    };
  });
});
