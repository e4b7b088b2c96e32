import { openDomain } from '../../src/composition/domain.js';
import type { ImportPorts } from '../../src/imports/import-folder.js';
import type { PreviewPorts } from '../../src/imports/preview/preview-folder.js';
import { readSettings } from '../../src/settings/settings.js';

/** What an import needs, on the files of a folder, with a cheap password hash. */
export async function centreOn(
  folder: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<ImportPorts & PreviewPorts & { close(): Promise<void> }> {
  const domain = await openDomain(readSettings({ DATA_DIR: folder, ...environment }));
  await domain.catalogue.start();
  return {
    ...domain,
    elsewhere: folder,
    hash: async (password) => `$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$${Buffer.from(password).toString('hex').padEnd(22, '0')}`,
  };
}
