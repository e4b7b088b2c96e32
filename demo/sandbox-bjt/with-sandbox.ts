import { join } from 'node:path';
import type { Centre } from '../../src/composition/centre.js';
import { listenOnSetting } from '../../src/processes/listen-on-setting.js';
import type { Settings } from '../../src/settings/settings.js';
import { demoPeople } from '../record-demo.js';
import { centreWithSandbox } from '../sandboxes/centre-with-sandbox.js';
import { Sandbox, type SandboxSettings } from './sandbox.js';

/** Starts a centre with its own sandbox of 北京通, which offers people of the demo cohort and stops with the centre. */
export async function withSandbox(settings: Settings, start: (singleSignOn: SandboxSettings) => Promise<Centre>): Promise<Centre> {
  const { DATA_DIR, HOST, PUBLIC_URL, BJT_SANDBOX_PORT, BJT_SANDBOX_URL } = settings;
  const sandbox = await listenOnSetting('BJT_SANDBOX_PORT', () =>
    Sandbox.start({ folder: join(DATA_DIR, 'sandbox-bjt'), host: HOST, port: BJT_SANDBOX_PORT, url: BJT_SANDBOX_URL }),
  );
  return centreWithSandbox({ name: '北京通', address: ({ BJT_ISSUER }) => BJT_ISSUER }, sandbox, start, ({ address }) => {
    sandbox.centre = PUBLIC_URL ?? address;
    const people = demoPeople(settings);
    sandbox.people = () => people;
  });
}
