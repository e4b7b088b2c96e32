import { BadSettings } from '../settings/settings.js';

/** System error codes that are due to the address; all others are due to the port. */
const ADDRESS_ERRORS = ['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EINVAL'];

/**
 * Starts to listen.
 * @param setting name of the setting that holds the port
 * @throws BadSettings, which names the setting to change, when the system refuses
 */
export async function listenOnSetting<T>(setting: string, listen: () => Promise<T>): Promise<T> {
  try {
    return await listen();
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error && 'code' in error)) throw error;
    throw new BadSettings(`${ADDRESS_ERRORS.includes(String(error.code)) ? 'HOST' : setting}: ${error.message}`, { cause: error });
  }
}
