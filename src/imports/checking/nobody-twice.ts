import { assertHoldsAll, type LogToCompare, type VaultToCompare } from '../../composition/starting/own-stores.js';
import type { ReadableVault } from '../../vault/vault.js';
import { candidatesAmong } from '../check-folder.js';
import type { StagedFile } from '../staging/staged-file.js';

/**
 * That nobody is registered a second time whom the vault has lost: where the files register anybody, each candidate of the log has to be
 * found in the vault by the admission number.
 * @throws UnusableStore, DamagedFile
 */
export async function assertNobodyTwice(
  files: readonly StagedFile[],
  events: LogToCompare,
  vault: VaultToCompare & Pick<ReadableVault, 'find'>,
): Promise<void> {
  for (const page of candidatesAmong(files)?.pages() ?? []) {
    const numbers = page.map(({ text }) => (JSON.parse(text) as { readonly admission_no: string }).admission_no);
    if ((await vault.find(numbers)).includes(undefined)) return assertHoldsAll(events, vault);
  }
}
