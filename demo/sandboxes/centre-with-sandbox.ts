import type { Centre } from '../../src/composition/centre.js';

/** A running sandbox of an external system. */
interface SandboxInstance<Settings> {
  readonly settings: Settings;
  close(): Promise<void>;
}

/** The external system: its name for people, and its address for browsers. */
interface SandboxedSystem<Settings> {
  readonly name: string;
  address(settings: Settings): string;
}

/**
 * Starts a centre with a sandbox, which stops with the centre.
 * @param started called once the centre has started
 */
export async function centreWithSandbox<Settings, Sandbox extends SandboxInstance<Settings>>(
  { name, address }: SandboxedSystem<Settings>,
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
