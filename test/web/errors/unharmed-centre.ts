import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, expect } from '@jest/globals';
import type { InjectOptions } from 'fastify';
import { EventStore } from '../../../src/event-store/event-store.js';
import { TestCentre } from '../../centre.js';

export const ACCOUNT = '119912345651';
export const OTHER = '119912345652';
export const OTHERS_BILL = '20261120000009';
const UNCONFIRMED = '119912345653';

interface Sent {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>;
  readonly body: string;
}

/** A centre that takes no harm, whatever it is sent: what every answer must hold is checked of each. */
export class UnharmedCentre {
  centre!: TestCentre;
  /** Of a candidate who is signed in. */
  cookie = '';
  /** Of one who is signed in and has yet to be confirmed on site. */
  limited = '';
  private before = '';

  /** One for all tests of a file. */
  static forTests(environment: Readonly<Record<string, string>> = {}): UnharmedCentre {
    const at = new UnharmedCentre();
    beforeAll(() => at.open(environment));
    beforeEach(async () => {
      at.before = await at.centre.get(EventStore).head();
    });
    afterAll(() => at.centre.close());
    return at;
  }

  get port(): number {
    return (this.centre.application.getHttpServer().address() as { port: number }).port;
  }

  /** Any request. */
  async send(options: InjectOptions): Promise<Sent> {
    const headers = { accept: 'text/html', 'sec-fetch-site': 'same-origin', ...options.headers };
    const answer = await this.centre.application.inject({ ...options, headers });
    return this.harmless({ statusCode: answer.statusCode, headers: answer.headers, body: answer.body });
  }

  /** The same over the wire, where nothing tidies the address up before it is sent. */
  async sendAsItIs(method: string, path: string, headers: Readonly<Record<string, string>>, body = ''): Promise<Sent> {
    const sized = { accept: 'text/html', 'content-length': Buffer.byteLength(body), ...headers };
    const asking = request({ host: '127.0.0.1', port: this.port, method, path, headers: sized });
    asking.end(body);
    const [answer] = (await once(asking, 'response')) as [IncomingMessage];
    return this.harmless({ statusCode: answer.statusCode ?? 0, headers: answer.headers, body: await text(answer) });
  }

  /** An error is a page of ours, in words. */
  async refused(status: number, words: string, options: InjectOptions): Promise<void> {
    const answer = await this.send(options);
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.body).toContain(words);
    expect(answer.body).toContain('<html lang="zh-CN">');
  }

  private async harmless(answer: Sent): Promise<Sent> {
    expect(answer.headers['content-security-policy']).toContain("default-src 'self'");
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect(answer.body.slice(0, 10_000)).not.toMatch(/\bat .*\.[jt]s:\d+|node_modules|Error:|FST_ERR|sqlite/i);
    expect(answer.body).not.toContain('另一位考生');
    expect(answer.body).not.toContain(OTHER);
    expect(await this.centre.get(EventStore).head()).toBe(this.before);
    return answer;
  }

  private async open(environment: Readonly<Record<string, string>>): Promise<void> {
    this.centre = await TestCentre.open('2026-11-22T02:00:00.000Z', environment);
    await this.centre.candidate(ACCOUNT);
    await this.centre.candidate(OTHER, { name: '另一位考生' });
    await this.centre.candidate(UNCONFIRMED, { confirmed: 'N' });
    await this.centre.rows('payments', {
      bill_no: OTHERS_BILL,
      admission_no: OTHER,
      kind: 'enrolment',
      period: '2704',
      state: 'due',
      amount_fen: '3000',
      items: '03708:3000',
      created_at: '2026-11-20T20:12:00+08:00',
    });
    this.cookie = await this.centre.signIn(ACCOUNT);
    this.limited = await this.centre.signIn(UNCONFIRMED);
    await this.centre.listen();
  }
}
