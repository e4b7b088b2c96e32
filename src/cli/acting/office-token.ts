import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import jwt from 'jsonwebtoken';
import { z } from 'zod';
import type { EventStore } from '../../event-store/event-store.js';
import { SessionKeys } from '../../identity/sessions/session-keys.js';
import { readInstallation } from '../../installation/installation.js';
import { officerAccount } from '../../office/officers/officer-account.js';
import { Config, type Settings } from '../../settings/settings.js';

/** Milliseconds. */
export const TOKEN_LASTS = 12 * 3_600_000;

const claimed = z.object({ sub: z.string(), sid: z.uuid(), installation: z.string(), exp: z.int() });

/** The session of an officer on the command line. */
export interface SignedIn {
  readonly account: string;
  readonly session: string;
}

interface Ports {
  readonly settings: Settings;
  readonly events: EventStore;
}

/** Keeps the token of a session, for whoever runs this program alone; it counts as long as the session is open in the log. */
export async function keepToken({ account, session }: SignedIn, until: Date, { settings, events }: Ports): Promise<void> {
  const installation = await installationOf(events);
  const claims: z.infer<typeof claimed> = { sub: account, sid: session, installation, exp: Math.floor(until.getTime() / 1000) };
  const file = fileOf(installation);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const unfinished = `${file}.${session}`;
  writeFileSync(unfinished, jwt.sign(claims, keyOf(settings), { algorithm: 'HS256' }), { mode: 0o600, flag: 'wx' });
  renameSync(unfinished, file);
}

/** Who has signed in on the command line at this installation; undefined where nobody has, or the session is over. */
export async function signedIn({ settings, events }: Ports): Promise<SignedIn | undefined> {
  const installation = await installationOf(events);
  const token = readIfThere(fileOf(installation));
  const claims = token === undefined ? undefined : verified(token, settings);
  if (claims?.installation !== installation) return undefined;
  const { suspended, sessions } = await officerAccount(claims.sub, events);
  return !suspended && sessions.has(claims.sid) ? { account: claims.sub, session: claims.sid } : undefined;
}

export async function removeToken({ events }: Pick<Ports, 'events'>): Promise<void> {
  rmSync(fileOf(await installationOf(events)), { force: true });
}

function verified(token: string, settings: Settings): z.infer<typeof claimed> | undefined {
  try {
    return claimed.safeParse(jwt.verify(token, keyOf(settings), { algorithms: ['HS256'] })).data;
  } catch {
    return undefined; // expired, forged, or signed with another secret
  }
}

function keyOf(settings: Settings) {
  return new SessionKeys(new Config(settings)).officeToken;
}

/** A log that nothing was imported into and no centre was started with may have no installation yet. */
async function installationOf(events: EventStore): Promise<string> {
  return (await readInstallation(events))?.id ?? 'none';
}

function fileOf(installation: string): string {
  const state = process.env.XDG_STATE_HOME || join(homedir(), '.local', 'state');
  return join(state, 'personal-centre', `office-${installation}`);
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
