import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { knownEvents } from '../../src/composition/known/events.js';
import { START } from '../../src/event-store/event.js';
import { SqliteEventStore } from '../../src/event-store/sqlite/event-store.js';
import { told } from '../cli/told.js';
import { until } from '../until.js';
import { ask, CentreProcess, folder, type Started } from './centre-process.js';

const PASSWORD = 'correct horse';
const COLUMNS = 'admission_no,name,id_type,id_no,sex,birth,health,ethnicity,household,district,registered_period,account_state,confirmed,photo,password_hash';
const ACCOUNTS = Array.from({ length: 12 }, (_, at) => String(119_912_345_600 + at));
const PERIOD =
  'period,name,registration_opens,registration_closes,confirmation_opens,confirmation_closes,enrolment_opens,enrolment_closes,payment_closes,arrangements_released,results_released,review_closes,exam_starts,exam_ends';

/** Imported once for all tests of a file. */
let imported: Promise<string> | undefined;
afterAll(async () => {
  if (imported) rmSync(await imported, { recursive: true });
});

/** A data folder with registered candidates who have passwords. */
export async function candidatesFolder(data = folder()): Promise<string> {
  imported ??= importedCandidates();
  cpSync(await imported, data, { recursive: true });
  return data;
}

async function importedCandidates(): Promise<string> {
  const data = mkdtempSync(join(tmpdir(), 'candidates-'));
  const batch = folder();
  const rows = ACCOUNTS.map(
    (account) => `${account},示范考生,居民身份证,119900199611020005,女,1996-11-02,健康,汉,北京市,西城区,2604,normal,Y,,{plain}${PASSWORD}`,
  );
  writeFileSync(join(batch, 'districts.csv'), 'name,office,place,address,phone\n西城区,西城区自考办,示范楼,示范街0号,00000000\n');
  writeFileSync(join(batch, 'periods.csv'), `${PERIOD}\n2604,2026年4月${','.repeat(12)}\n`);
  writeFileSync(join(batch, 'candidates.csv'), [COLUMNS, ...rows, ''].join('\n'));
  const { code, stdout, stderr } = await told(['import', batch], { DATA_DIR: data });
  if (code !== 0) throw new Error(stdout + stderr);
  return data;
}

/** A running centre at which candidates sign in, one after another, until it is killed. */
export class LoadedCentre {
  /** The number of sign-ins that got a session. */
  acknowledged = 0;
  /** The other answers, by status; 503 since the first sign-in that got a session. */
  readonly refused = new Map<number, number>();
  private ended = false;

  private constructor(
    readonly process: CentreProcess,
    readonly started: Started,
    readonly data: string,
  ) {
    void process.ended.then(() => {
      this.ended = true;
    });
  }

  static async start(data: string, environment: Readonly<Record<string, string>> = {}): Promise<LoadedCentre> {
    const centre = await LoadedCentre.onFullDisk(data, environment);
    await until('candidates to be let in', () => centre.signIn(0));
    centre.refused.delete(503); // before the candidates are read for the first time, which a slow machine takes longer for than to listen
    return centre;
  }

  /** Starts a centre without signing in. */
  static async onFullDisk(data: string, environment: Readonly<Record<string, string>> = {}): Promise<LoadedCentre> {
    const process = new CentreProcess({ DATA_DIR: data, ...environment });
    return new LoadedCentre(process, await process.started(), data);
  }

  /** Resolves when the last of its threads, that of reactors, has its files open. */
  async threadsAtWork(): Promise<void> {
    await until('reactors to be at work', () => this.process.logged.some((line) => JSON.parse(line).state === 'at-work'));
  }

  /** Signs in, two at a time. */
  load(): Promise<unknown> {
    const sign = async (offset: number) => {
      for (let at = offset; !this.ended; at += 2) await this.signIn(at % ACCOUNTS.length).catch(() => false); // it is being killed
    };
    return Promise.all([sign(0), sign(1)]);
  }

  /** Kills it, like a power failure that spares the disk. */
  async kill(): Promise<void> {
    await this.process.kill('SIGKILL');
  }

  async signIn(at: number): Promise<boolean> {
    const { status } = await ask(this.started.address, '/login', { form: { account: ACCOUNTS[at] as string, password: PASSWORD } });
    if (status === 303) this.acknowledged++;
    else this.refused.set(status, (this.refused.get(status) ?? 0) + 1);
    return status === 303;
  }
}

/** The number of sign-ins in the log of a data folder. */
export async function signInsIn(data: string): Promise<number> {
  const events = new SqliteEventStore(join(data, 'events.sqlite'), knownEvents);
  try {
    let count = 0;
    for (let position = START, end = false; !end; ) {
      const page = await events.read(position, 5_000, { types: ['SignedIn'] });
      count += page.events.length;
      ({ position, end } = page);
    }
    return count;
  } finally {
    await events.close();
  }
}
