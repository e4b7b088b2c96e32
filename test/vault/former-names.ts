import { MasterKey } from '../../src/vault/master-key.js';
import type { VaultUnderRotation } from '../../src/vault/rotation.js';

/** Converts a closed vault to release 1.0: hashes each name by the former rule. */
export async function hashNamesAsBefore(vault: VaultUnderRotation, masterKey: Uint8Array, nameOf: (id: string) => string): Promise<void> {
  const master = new MasterKey(masterKey);
  const rows = await vault.rows(undefined, 100_000);
  await vault.write(
    rows.map((row) => ({ ...row, name: master.nameHashes(nameOf(row.id))[1] as Uint8Array })),
    [],
  );
  await vault.close();
}
