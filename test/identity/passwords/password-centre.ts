import { afterAll, beforeAll, beforeEach, expect } from '@jest/globals';
import { CommandBus } from '@nestjs/cqrs';
import { causedBy } from '../../../src/event-store/cause.js';
import { deterministicId } from '../../../src/event-store/deterministic-id.js';
import type { Recorded } from '../../../src/event-store/event.js';
import { EventStore } from '../../../src/event-store/event-store.js';
import { givenAt } from '../../../src/event-store/given.js';
import { passwords } from '../../../src/identity/passwords/passwords.reactor.js';
import { newResetCode, resetCodeHash } from '../../../src/identity/passwords/reset-codes.js';
import { SessionKeys } from '../../../src/identity/sessions/session-keys.js';
import { IssueResetCode } from '../../../src/registrations/passwords/issue-reset-code.command.js';
import type { RegistrationEvent } from '../../../src/registrations/registrations.events.js';
import { type Answer, TestCentre } from '../../centre.js';
import { reactIn } from '../../reactions/react-in.js';
import { reactionTo } from '../../reactions/reaction-to.js';

/** The password that every candidate begins with. */
export const OLD = 'correct horse';
export const NEW = '四郎探母 坐宫一折';

type Form = Readonly<Record<string, string>>;

/**
 * A centre whose candidates set new passwords; each test has a candidate to itself, and an hour after the last.
 * Where a file mocks argon2, this is imported after that.
 */
export class PasswordCentre {
  centre!: TestCentre;
  /** The admission number of this test's candidate. */
  account = '';
  /** The candidate's id. */
  id = '';
  private numbers = 119_955_000_000;

  /** One for all tests of a file. @param acts whether what follows from a new password comes by itself */
  static forTests({ acts = true } = {}): PasswordCentre {
    const at = new PasswordCentre();
    let acting: { stop(): Promise<void> } | undefined;
    beforeAll(async () => {
      at.centre = await TestCentre.open();
      if (acts) acting = await reactIn(at.centre);
    });
    beforeEach(() => at.begin());
    afterAll(async () => {
      await acting?.stop();
      await at.centre.close();
    });
    return at;
  }

  /** Another admission number of this test's person, and its candidate. */
  async otherNumber(row: Form = {}): Promise<{ readonly number: string; readonly id: string }> {
    const number = this.newNumber();
    return { number, id: await this.centre.candidate(number, { name: '欧阳娜娜', birth: '1990-03-07', id_no: citizenNo(this.account), ...row }) };
  }

  /** An admission number that nobody has yet. */
  newNumber(): string {
    return String(++this.numbers);
  }

  /** The events by which the person has set a password at a number. */
  async settings(candidate = this.id): Promise<readonly Recorded[]> {
    return (await this.events(candidate)).filter(({ type, data }) => type === 'PasswordSet' && 'everywhere' in data);
  }

  /** What the reactor does about the newest password that was set at a number. */
  async react(candidate = this.id): Promise<void> {
    const event = (await this.settings(candidate)).at(-1) as Recorded<RegistrationEvent> | undefined;
    const given = givenAt(this.centre.clock.instant(), deterministicId(`${event?.id} ${passwords.name}`));
    const command = event && reactionTo(passwords, event, given);
    if (!command) throw new Error('nothing follows');
    await causedBy({ by: passwords.name, origin: 'reaction', correlation: 'x' }, () => this.centre.get(CommandBus).execute(command));
    await this.centre.settled();
  }

  pass(seconds: number): void {
    this.centre.clock.time = new Date(this.centre.clock.time.getTime() + seconds * 1_000);
  }

  /** The status of the answer: 303 lets in. */
  async logIn(password: string, number = this.account): Promise<number> {
    return (await this.centre.ask('/login', { form: { account: number, password } })).status;
  }

  page(cookie: string): Promise<Answer> {
    return this.centre.ask('/center/account', { cookie });
  }

  change(cookie: string, form: Form = {}): Promise<Answer> {
    return this.centre.ask('/center/account/password', { cookie, form: { old: OLD, password: NEW, again: NEW, ...form } });
  }

  reset(form: Form, cookie = ''): Promise<Answer> {
    return this.centre.ask('/login/reset', { ...(cookie && { cookie }), form: { account: this.account, password: NEW, again: NEW, ...form } });
  }

  /** A code as an office hands it out, good for a day. */
  async issue(candidate = this.id): Promise<string> {
    const code = newResetCode();
    const until = new Date(this.centre.clock.time.getTime() + 24 * 3_600_000).toISOString();
    await this.centre.record(new IssueResetCode(this.centre.given(), candidate, resetCodeHash(this.centre.get(SessionKeys).reset, candidate, code), until));
    return code;
  }

  /** All that is recorded of a candidate. */
  events(candidate = this.id) {
    return this.centre.get(EventStore).subject(candidate);
  }

  private async begin(): Promise<void> {
    this.pass(3_600);
    this.account = this.newNumber();
    this.id = await this.centre.candidate(this.account, { name: '欧阳娜娜', birth: '1990-03-07', id_no: citizenNo(this.account) });
  }
}

/** The citizen number of who has an admission number: with the right check character, of nobody. */
export function citizenNo(account: string): string {
  const body = `11990019900307${account.slice(-3)}`;
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, at) => total + weight * Number(body[at]), 0);
  return `${body}${'10X98765432'[sum % 11]}`;
}

/** Asks until what is recorded beside the answer has come round; a test that waits in vain runs out of time. */
export async function becomes<T>(expected: T, ask: () => Promise<T>): Promise<void> {
  while ((await ask()) !== expected) await new Promise(setImmediate);
}

export function expectRefused(answer: Answer, message: string, status = 422): void {
  expect([answer.status, answer.$('[role=alert]').text()]).toEqual([status, expect.stringContaining(message)]);
  expect(answer.body).not.toContain(NEW);
  expect(answer.$('input[type=password][value]')).toHaveLength(0);
}
