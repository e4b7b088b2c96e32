import type { Centre } from '../../src/composition/centre.js';

/** A sandbox of a system outside, as far as a centre needs to know it. */
interface Sandboxed<Settings> {
  readonly settings: Settings;
  close(): Promise<void>;
}

/** The system that is played: its name for people, and where a browser finds it. */
interface PlayedBy<Settings> {
  readonly name: string;
  address(settings: Settings): string;
}

/**
 * A centre beside a sandbox of its own, which lives as long as it does.
 * @param started is done once the centre is there
 */
export async function beside<Settings, Sandbox extends Sandboxed<Settings>>(
  { name, address }: PlayedBy<Settings>,
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
    return { ...centre, sandboxes: [{ name, address: address(sandbox.settings) }, ...(centre.sandboxes ?? [])], stop };
  } catch (error) {
    await sandbox.close();
    throw error;
  }
}
