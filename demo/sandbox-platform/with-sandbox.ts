import { join } from 'node:path';
import type { Centre } from '../../src/composition/centre.js';
import { listenOnSetting } from '../../src/processes/listen-on-setting.js';
import type { Settings } from '../../src/settings/settings.js';
import { centreWithSandbox } from '../sandboxes/centre-with-sandbox.js';
import { Sandbox, type SandboxSettings } from './sandbox.js';

/** Starts a centre with its own sandbox platform, which notifies the centre and stops with it. */
export async function withSandbox(settings: Settings, start: (payment: SandboxSettings) => Promise<Centre>): Promise<Centre> {
  const { DATA_DIR, HOST, PUBLIC_URL, SANDBOX_PORT, SANDBOX_URL } = settings;
  const sandbox = await listenOnSetting('SANDBOX_PORT', () =>
    Sandbox.start({ folder: join(DATA_DIR, 'sandbox-platform'), host: HOST, port: SANDBOX_PORT, url: SANDBOX_URL }),
  );
  return centreWithSandbox({ name: '支付平台', address: ({ PAYMENT_PLATFORM_URL }) => PAYMENT_PLATFORM_URL }, sandbox, start, ({ address }) => {
    sandbox.centre = PUBLIC_URL ?? address;
    if (address) sandbox.notify(address);
  });
}
