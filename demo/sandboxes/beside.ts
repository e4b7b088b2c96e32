import type { Centre } from '../../src/main.js';

/** A sandbox of a system outside, as far as a centre needs to know it. */
interface Sandboxed<Settings> {
  readonly settings: Settings;
  close(): Promise<void>;
}

/** A centre beside a sandbox of its own, which lives as long as it does. @param started is done once the centre is there */
export async function beside<Settings, Sandbox extends Sandboxed<Settings>>(
  sandbox: Sandbox,
  start: (settings: Settings) => Promise<Centre>,
  started: (centre: Centre) => void,
): Promise<Centre> {
  try {
    const centre = await start(sandbox.settings);
    started(centre);
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
