import { BadSettings } from '../settings/settings.js';

/** System error codes that are due to the address; all others are due to the port. */
const ADDRESS_ERRORS = ['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EINVAL'];

const PORT_ERRORS: Readonly<Record<string, string>> = {
  EADDRINUSE: '这个端口已被别的程序占用，请换一个，或者先结束那个程序',
  EACCES: '没有权限使用这个端口，请换一个大于 1023 的',
};

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
    const what = ADDRESS_ERRORS.includes(String(error.code))
      ? 'HOST: 这台机器没有这个地址，请换一个'
      : `${setting}: ${PORT_ERRORS[String(error.code)] ?? '不能使用这个端口，请换一个'}`;
    throw new BadSettings(`${what}（${error.message}）`, { cause: error });
  }
}
