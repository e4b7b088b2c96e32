import { BadSettings } from '../settings/settings.js';

/** What the operator changes: by the system's code, the setting of the port or that of the address. */
const OF_THE_ADDRESS = ['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EINVAL'];

/**
 * Begins to listen.
 * @param setting that the port is from
 * @throws BadSettings, which names the setting, when the system refuses it
 */
export async function listening<T>(setting: string, listen: () => Promise<T>): Promise<T> {
  try {
    return await listen();
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error && 'code' in error)) throw error;
    throw new BadSettings(`${OF_THE_ADDRESS.includes(String(error.code)) ? 'HOST' : setting}: ${error.message}`, { cause: error });
  }
}
