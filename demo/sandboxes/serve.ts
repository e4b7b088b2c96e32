import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { inheritOwner } from '../../src/kernel/file-owner.js';
import { demoPeople } from '../record-demo.js';
import { Sandbox as SandboxBjt } from '../sandbox-bjt/sandbox.js';
import { Sandbox as SandboxPlatform } from '../sandbox-platform/sandbox.js';

const address = z.url({ protocol: /^https?$/ });

const settings = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int(),
  /** The sandbox's address for phones and for the centre. */
  SANDBOX_URL: address,
  /** The centre's address for phones. */
  CENTRE_URL: address,
  /** The sandbox's folder, with the files that the centre reads. */
  DATA_DIR: z.string(),
  /** The centre's address for the platform's notifications. */
  NOTIFY_URL: address.optional(),
  /** The DATA_DIR of the centre that records the demo cohort, whose people 北京通 offers. */
  DEMO_DATA_DIR: z.string().optional(),
});

type Settings = z.infer<typeof settings>;

/** A sandbox as a process of its own, for web processes that share one: `node dist/demo/sandboxes/serve.js platform` or `bjt`. */
async function serve(which: string | undefined): Promise<{ close(): Promise<void> }> {
  const read = settings.parse(process.env);
  if (which === 'platform') return platform(read);
  if (which === 'bjt') return bjt(read);
  throw new Error(`there is no sandbox ${which}: say platform or bjt`);
}

async function platform({ DATA_DIR: folder, HOST: host, PORT: port, SANDBOX_URL: url, CENTRE_URL, NOTIFY_URL }: Settings) {
  const sandbox = await SandboxPlatform.start({ folder, host, port, url });
  sandbox.centre = CENTRE_URL;
  sandbox.notify(NOTIFY_URL ?? CENTRE_URL);
  return sandbox;
}

async function bjt({ DATA_DIR: folder, HOST: host, PORT: port, SANDBOX_URL: url, CENTRE_URL, DEMO_DATA_DIR }: Settings) {
  const sandbox = await SandboxBjt.start({ folder, host, port, url });
  sandbox.centre = CENTRE_URL;
  // read each time, since the cohort may be recorded later
  if (DEMO_DATA_DIR !== undefined) sandbox.people = () => demoPeople({ DATA_DIR: DEMO_DATA_DIR });
  const secret = join(folder, 'client-secret'); // for BJT_CLIENT_SECRET_FILE
  writeFileSync(secret, sandbox.settings.BJT_CLIENT_SECRET, { mode: 0o600 });
  inheritOwner(secret);
  return sandbox;
}

const sandbox = await serve(process.argv[2]);
await new Promise<unknown>((resolve) => process.on('SIGTERM', resolve).on('SIGINT', resolve));
await sandbox.close();
