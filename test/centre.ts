import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, CommandBus } from '@nestjs/cqrs';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type CheerioAPI, load } from 'cheerio';
import { Catalogue } from '../src/catalogue/catalogue.js';
import { AppModule } from '../src/composition/app.module.js';
import { knownImportFiles } from '../src/composition/known/import-files.js';
import { projectionsFor, servedFor } from '../src/composition/known/projections.js';
import { createServer } from '../src/composition/server.js';
import type { Appended } from '../src/event-store/append.js';
import { type Cause, causedBy } from '../src/event-store/cause.js';
import { type Position, START } from '../src/event-store/event.js';
import { EventStore } from '../src/event-store/event-store.js';
import { hashPassword } from '../src/identity/passwords/password-hash.js';
import { EndedSessions } from '../src/identity/sessions/ended-sessions.js';
import { Clock } from '../src/kernel/clock.js';
import { Metrics } from '../src/kernel/metrics.js';
import { exposeApplicationMetrics } from '../src/metrics/application.js';
import { Projector } from '../src/read-models/projecting/projector.js';
import { ProjectorHost } from '../src/read-models/projecting/projector-host.js';
import { ReadModels } from '../src/read-models/read-models.js';
import { waitForPosition } from '../src/read-models/serving/wait-for-position.js';
import { SqliteProjectionStore } from '../src/read-models/sqlite/projection-store.js';
import { SetPassword } from '../src/registrations/passwords/set-password.command.js';
import type { PasswordHash } from '../src/registrations/registrations.events.js';
import { readSettings, type Settings } from '../src/settings/settings.js';
import { Vault } from '../src/vault/vault.js';
import type { TimeLimits } from '../src/web/requests/time-limits.js';
import { inline } from './inline.js';

/** How long read models may take to follow on a busy machine, in milliseconds. */
const PATIENCE = 120_000;

/** A clock that the test sets. */
export class SetClock extends Clock {
  constructor(public time: Date) {
    super();
  }

  override now(): Date {
    return this.time;
  }

  /** Does not wait. */
  override async until(_moment: number, _longest: number): Promise<void> {}
}

/** The answer to a request. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>;
  readonly body: string;
  /** The page, for selectors. */
  readonly $: CheerioAPI;
  /** The text of the page's content with its white space folded. */
  readonly text: string;
}

const importCause: Cause = { by: 'import', origin: 'import', correlation: randomUUID() };

/** The whole centre on its own files, with a clock that the test sets. It does not listen on a port. */
export class TestCentre {
  /** Called for every whole page that is sent, with the requested address. */
  onPage: ((address: string, html: string) => void) | undefined;

  private constructor(
    readonly folder: string,
    readonly settings: Settings,
    readonly application: NestFastifyApplication,
    readonly clock: SetClock,
    private readonly store: SqliteProjectionStore,
    private readonly projecting: () => ProjectorHost,
    /** With METRICS_PORT, on which nothing listens. */
    readonly metrics: Metrics | undefined,
  ) {
    this.projector = projecting();
  }

  private projector: ProjectorHost | undefined;

  /** @param now the time of the clock, ISO 8601 */
  static async open(now = '2026-11-22T02:00:00.000Z', environment: Readonly<Record<string, string>> = {}, limits?: TimeLimits): Promise<TestCentre> {
    const folder = mkdtempSync(join(tmpdir(), 'centre-'));
    const settings = readSettings({ NODE_ENV: 'test', DATA_DIR: folder, DEMO: 'false', LOG_LEVEL: 'silent', ...environment });
    const clock = new SetClock(new Date(now));
    const application = await createServer(AppModule.of(settings, clock), settings, limits);
    const opened: { centre?: TestCentre } = {};
    application
      .getHttpAdapter()
      .getInstance()
      .addHook('onSend', async ({ url }, _, payload) => {
        if (typeof payload === 'string' && payload.startsWith('<!doctype html>')) opened.centre?.onPage?.(url, payload);
      });
    const metrics = settings.METRICS_PORT === undefined ? undefined : new Metrics('main');
    if (metrics) exposeApplicationMetrics(metrics, application);
    await application.init();
    await application.getHttpAdapter().getInstance().ready();
    const store = new SqliteProjectionStore(join(folder, 'read-models.sqlite'));
    const events = application.get(EventStore);
    const projecting = () =>
      new ProjectorHost(inline((report, signal) => new Projector(events, store, projectionsFor(settings), { holder: randomUUID(), report }).run(signal)));
    const centre = new TestCentre(folder, settings, application, clock, store, projecting, metrics);
    opened.centre = centre;
    await centre.shown(START);
    await application.get(Catalogue).start();
    await application.get(EndedSessions).start();
    return centre;
  }

  get<T>(type: abstract new (...given: never[]) => T): T {
    return this.application.get<T>(type);
  }

  /** Executes commands as an import does, and waits until pages show the result. */
  async record(...commands: readonly Command<Appended>[]): Promise<void> {
    const bus = this.get(CommandBus);
    const done = await causedBy(importCause, () => Promise.all(commands.map((command) => bus.execute(command))));
    await this.shown(done.reduce((last, { position }) => (position > last ? position : last), START));
  }

  /** Records rows of an input file; columns that are left out are empty. `candidates` need only what the test is about. */
  async rows(name: string, ...rows: readonly Readonly<Record<string, string>>[]): Promise<void> {
    const file = knownImportFiles.find((each) => each.name === name);
    if (!file) throw new Error(`${name}.csv is no input file`);
    const empty = Object.fromEntries(Object.keys(file.columns.shape).map((column) => [column, '']));
    const commands = rows.map(async (given) => {
      const row = file.columns.parse({ ...empty, ...(name === 'candidates' ? someone : {}), ...given });
      const candidateId = given.admission_no && name !== 'candidates' ? await this.idOf(given.admission_no) : undefined;
      return file.command(row, this.given(), { ...(candidateId && { candidateId }) });
    });
    await this.record(...(await Promise.all(commands)));
  }

  /** Registers a candidate with a password, confirmed unless the row says otherwise. Returns the id. */
  async candidate(admissionNo: string, row: Readonly<Record<string, string>> = {}, password = 'correct horse'): Promise<string> {
    await this.rows('candidates', { admission_no: admissionNo, ...row });
    const id = await this.idOf(admissionNo);
    await this.record(new SetPassword(this.given(), id, await hashOf(password)));
    return id;
  }

  async idOf(admissionNo: string): Promise<string> {
    const [id] = await this.get(Vault).find([admissionNo]);
    if (!id) throw new Error(`no candidate has the admission number ${admissionNo}`);
    return id;
  }

  /** Starts listening. Returns the address, such as `http://127.0.0.1:4123`. */
  async listen(): Promise<string> {
    await this.application.listen(0, '127.0.0.1');
    return (await this.application.getUrl()).replace('[::1]', '127.0.0.1');
  }

  given() {
    return { id: randomUUID(), at: this.clock.now().toISOString(), assertsState: true };
  }

  /** Signs in. Returns the cookies of the session, for `ask`. */
  async signIn(account: string, password = 'correct horse'): Promise<string> {
    const answer = await this.ask('/login', { form: { account, password } });
    if (answer.status !== 303) throw new Error(`signing in answered ${answer.status}: ${answer.text}`);
    return cookiesOf(answer);
  }

  /** Sends GET, or POST with a form, as a phone's browser does. */
  async ask(
    url: string,
    { cookie, form, headers }: { cookie?: string; form?: Readonly<Record<string, string>>; headers?: Readonly<Record<string, string>> } = {},
  ): Promise<Answer> {
    const answer = await this.application.inject({
      method: form ? 'POST' : 'GET',
      url,
      headers: {
        accept: 'text/html',
        'sec-fetch-site': 'same-origin',
        ...(cookie && { cookie }),
        ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
        ...headers,
      },
      ...(form && { payload: new URLSearchParams(form).toString() }),
    });
    const $ = load(answer.body, { scriptingEnabled: false }); // so that selectors also find the content of noscript
    const text = $('main').length > 0 ? $('main').text() : $('body').text();
    return { status: answer.statusCode, headers: answer.headers, body: answer.body, $, text: text.replace(/\s+/g, ' ').trim() };
  }

  /** A request for the fragment of a page, as htmx makes it. */
  part(url: string, cookie: string): Promise<Answer> {
    return this.ask(url, { cookie, headers: { 'hx-request': 'true', 'hx-request-type': 'partial' } });
  }

  /** Waits until pages show everything that is recorded. */
  async settled(): Promise<void> {
    await this.shown(await this.get(EventStore).head());
  }

  async close(): Promise<void> {
    await this.projector?.stop();
    await this.store.close();
    await this.application.close();
    rmSync(this.folder, { recursive: true });
  }

  /** Stops the projector, so that read models do not follow the log. */
  async stopProjecting(): Promise<void> {
    await this.projector?.stop();
    this.projector = undefined;
  }

  /** Restarts the projector, and resolves once read models have caught up. */
  async goOnProjecting(): Promise<void> {
    this.projector = this.projecting();
    await this.settled();
  }

  /** Waits until read models, unless stopped, and reference data have reached a position. */
  private async shown(position: Position): Promise<void> {
    if (this.projector && !(await waitForPosition(this.get(ReadModels), servedFor(this.settings), position, PATIENCE)))
      throw new Error('the projector does not follow');
    await this.get(Catalogue).caughtUp(position);
  }
}

const hashes = new Map<string, Promise<PasswordHash>>();

/** Each password is hashed once, by the parameters of production: a weaker hash would be replaced at the first login. */
function hashOf(password: string): Promise<PasswordHash> {
  const known = hashes.get(password) ?? hashPassword(password);
  hashes.set(password, known);
  return known;
}

/** The cookies that an answer sets for all pages, as the browser's header. */
export function cookiesOf({ headers }: Answer): string {
  return [headers['set-cookie'] ?? []]
    .flat()
    .filter((cookie) => /; Path=\/(;|$)/.test(String(cookie)))
    .map((cookie) => String(cookie).split(';')[0])
    .join('; ');
}

/** Default columns of a row of candidates: a fictitious person of a fictitious place. */
const someone = {
  name: '示范考生',
  id_type: '居民身份证',
  id_no: '119900199611020005',
  sex: '女',
  birth: '1996-11-02',
  health: '健康',
  ethnicity: '汉',
  household: '北京市',
  district: '西城区',
  registered_period: '2604',
  account_state: 'normal',
  confirmed: 'Y',
};
