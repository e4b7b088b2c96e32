import { join } from 'node:path';
import type { Settings } from '../../src/config.js';
import type { Centre } from '../../src/main.js';
import { Sandbox, type SandboxSettings } from './sandbox.js';

/** A centre that pays at a sandbox platform of its own, which lives as long as it does and is told where to notify. */
export async function withSandbox(settings: Settings, start: (payment: SandboxSettings) => Promise<Centre>): Promise<Centre> {
  const { DATA_DIR, HOST, SANDBOX_PORT, SANDBOX_URL } = settings;
  const sandbox = await Sandbox.start({ folder: join(DATA_DIR, 'sandbox-platform'), host: HOST, port: SANDBOX_PORT, url: SANDBOX_URL });
  try {
    const centre = await start(sandbox.settings);
    if (centre.address) sandbox.notify(centre.address);
    const stop = async () => {
      await centre.stop();
      await sandbox.close();
    };
    return { ...centre, stop };
  } catch (error) {
    await sandbox.close();
    throw error;
  }
}
