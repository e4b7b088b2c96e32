import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { Sandbox } from '../../../demo/sandbox-bjt/sandbox.js';
import { SingleSignOnOutcomes } from '../../../src/identity/single-sign-on/single-sign-on-outcomes.js';
import type { TimeLimits } from '../../../src/web/requests/time-limits.js';
import { TestCentre } from '../../centre.js';
import { type Arrived, SsoBrowser } from './sso-browser.js';

type Form = Readonly<Record<string, string>>;

export const ACCOUNT = '119912345601';
/** Persons by name and number, as they say at the platform who they are. */
export const zhangSan = { name: '张三', id_no: '11990019900101001X' };
/** Of two admission numbers. */
export const liSi = { name: '李四', id_no: '119900198805050014' };
export const ayguli = { name: '阿依古丽·买买提', id_no: '119900199203040029' };
export const unconfirmed = { name: '王五', id_no: '119900199511110017' };
export const closed = { name: '赵六', id_no: '119900199612120022' };
/** Of an unconfirmed admission number and a confirmed one. */
export const mixed = { name: '孙七', id_no: '119900197707070015' };
export const frozen = { name: '周八', id_no: '119900197808080024' };

/** A centre that signs on at a sandbox platform of its own, with candidates of every level. */
export class SsoCentre {
  centre!: TestCentre;
  address = '';
  /** The candidate's who signs in with `zhangSan`. */
  id = '';
  private sandbox!: Sandbox;

  /** One for all tests of a file. */
  static forTests(limits?: TimeLimits): SsoCentre {
    const at = new SsoCentre();
    const folder = mkdtempSync(join(tmpdir(), 'bjt-'));
    beforeAll(() => at.open(folder, limits));
    afterAll(async () => {
      await at.centre.close();
      await at.sandbox.close();
      rmSync(folder, { recursive: true });
    });
    return at;
  }

  /** To the platform's page, and what is chosen there. */
  async visit(form: Form, browser = new SsoBrowser(), query = ''): Promise<Arrived & { browser: SsoBrowser }> {
    const page = await browser.get(`${this.address}/login/bjt${query}`);
    expect(page.text).toContain('请求您的姓名');
    return { ...(await browser.post(page.address, { level: '3', do: 'agree', ...form })), browser };
  }

  /** As `visit`, but stops with the address of ours that the platform sends the browser to. */
  async backFrom(form: Form, browser: SsoBrowser): Promise<string> {
    const page = await browser.get(`${this.address}/login/bjt`);
    const left = await browser.post(page.address, { level: '3', do: 'agree', ...form }, 1);
    return String(left.headers.get('location'));
  }

  pathOf({ address }: Arrived): string {
    return address.replace(this.address, '');
  }

  home(browser: SsoBrowser): Promise<Arrived> {
    return browser.get(`${this.address}/center/account`);
  }

  counted(outcome: 'entered' | 'again' | 'stale'): number {
    return this.centre.get(SingleSignOnOutcomes).counts().get(outcome) ?? 0;
  }

  private async open(folder: string, limits?: TimeLimits): Promise<void> {
    this.sandbox = await Sandbox.start({ folder });
    // tokens are judged by the platform's time, which is the machine's
    this.centre = await TestCentre.open(new Date().toISOString(), { ...this.sandbox.settings }, limits);
    const other = { id_type: '外国人永久居留证' };
    this.id = await this.centre.candidate(ACCOUNT, zhangSan);
    await this.centre.candidate('119912345602', { ...liSi, ...other, registered_period: '1604' });
    await this.centre.candidate('119912345603', { ...liSi, ...other });
    await this.centre.candidate('119912345604', { ...ayguli, ...other });
    await this.centre.candidate('119912345605', { ...unconfirmed, ...other, confirmed: 'N' });
    await this.centre.candidate('119912345606', { ...closed, ...other, account_state: 'closed' });
    await this.centre.candidate('119912345607', { ...mixed, ...other, confirmed: 'N' });
    await this.centre.candidate('119912345608', { ...mixed, ...other });
    await this.centre.candidate('119912345609', { ...frozen, ...other, account_state: 'frozen' });
    this.address = await this.centre.listen();
  }
}
