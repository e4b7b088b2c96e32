import { CommandBus } from '@nestjs/cqrs';
import { generateSync } from 'otplib';
import { causedBy } from '../../src/event-store/cause.js';
import { givenAt } from '../../src/event-store/given.js';
import { AddOfficer } from '../../src/office/officers/add-officer.command.js';
import type { Role } from '../../src/office/officers/officers.events.js';
import { newSetupCode } from '../../src/office/officers/one-time-codes.js';
import type { Answer, TestCentre } from '../centre.js';

export const PASSWORD = '四郎探母 坐宫一折';

/** A browser of an officer: it keeps cookies by their path, and has the officer's app for codes. */
export class OfficeBrowser {
  secret = '';
  recoveryCodes: readonly string[] = [];
  /** Headers of each request; `x-forwarded-for` needs TRUST_PROXY. */
  headers: Readonly<Record<string, string>> = {};
  private readonly cookies = new Map<string, { readonly value: string; readonly path: string }>();

  constructor(
    readonly centre: TestCentre,
    readonly account: string,
  ) {}

  /** Adds an account, sets its password, enrols its factor and signs in, as an officer does it. */
  static async signedIn(centre: TestCentre, account: string, roles: Role | readonly Role[], districts: readonly string[] = []): Promise<OfficeBrowser> {
    const browser = new OfficeBrowser(centre, account);
    await browser.setPassword(await addOfficer(centre, account, [roles].flat(), districts));
    await browser.enrol();
    return browser;
  }

  async setPassword(code: string, password = PASSWORD): Promise<Answer> {
    return this.post('/office/login/code', { account: this.account, code, password, again: password });
  }

  /** Signs in for the first time. Returns the page with the recovery codes. */
  async enrol(): Promise<Answer> {
    await this.typePassword();
    const { $ } = await this.get('/office/login/factor');
    this.secret = $('code').text().replaceAll(' ', '');
    const answer = await this.post('/office/login/factor', { code: this.code() });
    this.recoveryCodes = answer
      .$('.codes li')
      .toArray()
      .map((each) => answer.$(each).text());
    await this.centre.settled();
    return answer;
  }

  /** Signs in with a code of the app that was not used yet. */
  async signIn(): Promise<Answer> {
    this.pass(30);
    await this.typePassword();
    const answer = await this.post('/office/login/factor', { code: this.code() });
    await this.centre.settled();
    return answer;
  }

  /** Proves the second factor again within the session. */
  async prove(): Promise<Answer> {
    this.pass(30);
    return this.post('/office/factor', { code: this.code() });
  }

  typePassword(password = PASSWORD): Promise<Answer> {
    return this.post('/office/login', { account: this.account, password });
  }

  /** What the app shows, so many steps from now. */
  code(steps = 0): string {
    return generateSync({ secret: this.secret, epoch: Math.floor(this.centre.clock.now().getTime() / 1000) + steps * 30 });
  }

  /** Lets time pass, in seconds. */
  pass(seconds: number): void {
    this.centre.clock.time = new Date(this.centre.clock.now().getTime() + seconds * 1000);
  }

  get(url: string): Promise<Answer> {
    return this.ask(url);
  }

  post(url: string, form: Readonly<Record<string, string>>): Promise<Answer> {
    return this.ask(url, form);
  }

  /** The same cookies and app in another browser. */
  copy(headers: Readonly<Record<string, string>> = {}): OfficeBrowser {
    const other = new OfficeBrowser(this.centre, this.account);
    other.secret = this.secret;
    other.headers = headers;
    for (const [name, cookie] of this.cookies) other.cookies.set(name, cookie);
    return other;
  }

  /** For `context.addCookies` of a real browser. */
  cookiesFor(address: string): { readonly name: string; readonly value: string; readonly url: string }[] {
    return [...this.cookies].map(([name, { value }]) => ({ name, value, url: `${address}/office` }));
  }

  private async ask(url: string, form?: Readonly<Record<string, string>>): Promise<Answer> {
    const path = url.split('?')[0] ?? url;
    const sent = [...this.cookies].filter(([, cookie]) => path === cookie.path || path.startsWith(cookie.path.endsWith('/') ? cookie.path : `${cookie.path}/`));
    const cookie = sent.map(([name, { value }]) => `${name}=${value}`).join('; ');
    const answer = await this.centre.ask(url, { cookie, headers: this.headers, ...(form && { form }) });
    for (const each of [answer.headers['set-cookie'] ?? []].flat().map(String)) this.keep(each);
    return answer;
  }

  private keep(header: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(header) ?? [];
    const path = /; Path=([^;]+)/.exec(header)?.[1] ?? '/';
    if (/Max-Age=0|Expires=Thu, 01 Jan 1970/.test(header)) this.cookies.delete(name);
    else this.cookies.set(name, { value, path });
  }
}

/** Adds an account as the host does. Returns its code. */
export async function addOfficer(centre: TestCentre, account: string, roles: readonly Role[], districts: readonly string[] = []): Promise<string> {
  const code = newSetupCode(centre.clock.now());
  await asHost(centre, new AddOfficer(givenAt(centre.clock.instant()), account, { roles, districts }, code));
  return code.text;
}

export async function asHost(centre: TestCentre, command: Parameters<CommandBus['execute']>[0]): Promise<void> {
  await causedBy({ by: 'host', origin: 'office', correlation: 'test' }, () => centre.get(CommandBus).execute(command));
  await centre.settled();
}
