import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Command, CommandBus } from '@nestjs/cqrs';
import { subjectStreams } from '../../projections/subject-streams.js';
import type { DeclarationBill } from '../../src/declarations/declarations.events.js';
import { LapseDeclaration } from '../../src/declarations/lapse-declaration.command.js';
import { PayDeclaration } from '../../src/declarations/pay-declaration.command.js';
import { SubmitDeclaration } from '../../src/declarations/submit-declaration.command.js';
import { ConfirmEnrolment } from '../../src/enrolments/confirm-enrolment.command.js';
import type { Appended } from '../../src/event-store/append.js';
import { causedBy } from '../../src/event-store/cause.js';
import { EventStore } from '../../src/event-store/event-store.js';
import { StoreUnavailable } from '../../src/kernel/store-unavailable.js';
import { BuildStore } from '../../src/read-models/build-store.js';
import type { Projection } from '../../src/read-models/projection.js';
import { TestCentre } from '../centre.js';
import { TestServer } from '../event-store/eventstoredb/test-server/test-server.js';
import { until } from '../until.js';
import { announce, enrolled, NOW } from '../web/announced.js';

const ADMISSION = '119900000001';
const OF = { kind: 'thesis', period: '2027A', major: '01B0302' } as const;
const BILL_OF_PC = '20260000000002';

describe('On EventStoreDB, where a candidate’s history is found by the read model subject-streams', () => {
  let server: TestServer;
  let centre: TestCentre;
  let id: string;
  beforeEach(async () => {
    server = await TestServer.start();
    centre = await TestCentre.open(NOW, { EVENT_STORE_URL: `esdb://127.0.0.1:${server.port}?tls=false` });
    await announce(centre);
    await centre.rows('majors', { code: OF.major, name: '法学', level: '专升本', university: '中国政法大学', state: 'open' });
    await centre.rows('declaration_periods', { kind: OF.kind, code: OF.period, name: '2027年上半年', opens: '2026-11-20T08:00:00+08:00', closes: '' });
    for (const kind of ['thesis', 'written']) await centre.rows('fees', { kind, from_period: '2510', amount_fen: '35000' });
    id = await centre.candidate(ADMISSION);
    await centre.rows('candidate_majors', { admission_no: ADMISSION, major: OF.major, state: 'studying', added_period: '2604' });
    await enrolled(centre, ADMISSION, '2704', '03708');
  });
  afterEach(async () => {
    await centre.close();
    await server.stop();
  });

  const given = () => ({ id: randomUUID(), at: centre.clock.now().toISOString() });
  const execute = (command: Command<Appended>): Promise<Appended> =>
    causedBy({ by: id, origin: 'person', correlation: 'a test' }, () => centre.get(CommandBus).execute(command));
  /** What a command came to: how many events it recorded, or the name or code of what it was refused with. */
  const outcome = async (command: Command<Appended>) => {
    try {
      return (await execute(command)).recorded;
    } catch (error) {
      return error instanceof StoreUnavailable ? 'unavailable' : (error as { code?: string }).code;
    }
  };
  const declare = (name: string) => new SubmitDeclaration(given(), name, id, OF.kind, OF.period, OF.major, '2026-11-22');
  const recordedIn = async (name: string) => (await centre.get(EventStore).streams([`declaration-${name}`]))[0] ?? [];
  const billOf = async (name: string) => {
    const data = (await recordedIn(name)).at(-1)?.data as { readonly issues?: DeclarationBill } | undefined;
    if (!data?.issues) throw new Error(`${name} waits for no bill`);
    return data.issues.bill;
  };

  /** As soon as it is decided: the index follows, on a busy machine later than a command waits. */
  const decided = (command: Command<Appended>) =>
    until('a decision', async () => {
      const came = await outcome(command);
      return came === 'unavailable' ? undefined : { came };
    }).then(({ came }) => came);

  /** Each of those that ask for the whole history. */
  const everyCommand = (bill: string) => [
    declare('D2'),
    new PayDeclaration(given(), id, BILL_OF_PC, OF),
    new LapseDeclaration(given(), id, bill, OF),
    new ConfirmEnrolment(given(), id, '2704'),
  ];
  const UNAVAILABLE = ['unavailable', 'unavailable', 'unavailable', 'unavailable'];
  const expectAllDecided = async (bill: string) => {
    const came: unknown[] = [];
    for (const command of everyCommand(bill)) came.push(await decided(command));
    expect(came).toEqual(['declaration.declared', 'declaration.unknown', 1, 1]);
  };

  it('On EventStoreDB no command decides on an index whose projector is frozen', async () => {
    await centre.settled();
    await centre.stopProjecting();
    expect(await decided(declare('D1'))).toBe(2);
    const bill = await billOf('D1');
    expect(await Promise.all(everyCommand(bill).map(outcome))).toEqual(UNAVAILABLE);
    expect((await recordedIn('D1')).map(({ type }) => type)).toEqual(['DeclarationSubmitted', 'DeclarationPaymentRequested']);
    await centre.goOnProjecting();
    await expectAllDecided(bill);
  });

  it("On EventStoreDB a timer's command is decided correctly or not at all while the index catches up", async () => {
    for (let round = 1; round <= 5; round++) {
      await centre.settled();
      await centre.stopProjecting();
      expect(await decided(declare(`D${round}`))).toBe(2);
      const bill = await billOf(`D${round}`);
      const asked = outcome(new LapseDeclaration(given(), id, bill, OF));
      await centre.goOnProjecting();
      expect([1, 'unavailable']).toContain(await asked);
      expect(await decided(new LapseDeclaration(given(), id, bill, OF))).toBe((await asked) === 1 ? 0 : 1);
      expect((await recordedIn(`D${round}`)).at(-1)?.type).toBe('DeclarationWithdrawn');
    }
  });

  it('On EventStoreDB no command decides on a candidate whose index is quarantined, while commands of others are decided', async () => {
    const other = await centre.candidate('119900000002', { id_no: '119900198911070018' });
    expect(await decided(declare('D1'))).toBe(2);
    const position = await centre.get(EventStore).head();
    await centre.get(BuildStore).fill(subjectStreams as Projection, new Map(), [{ key: id, position, error: 'a fault of the projection' }]);
    await centre.settled();
    expect(await Promise.all(everyCommand(await billOf('D1')).map(outcome))).toEqual(UNAVAILABLE);
    expect(await decided(new LapseDeclaration(given(), other, BILL_OF_PC, OF))).toBe(0);
  });

  it("On EventStoreDB no command decides on an index that is being built, until it has reached the log's end", async () => {
    expect(await decided(declare('D1'))).toBe(2);
    await centre.settled();
    await centre.stopProjecting();
    await centre.get(BuildStore).drop(subjectStreams as Projection);
    const bill = await billOf('D1');
    expect(await Promise.all(everyCommand(bill).map(outcome))).toEqual(UNAVAILABLE);
    await centre.goOnProjecting();
    await expectAllDecided(bill);
  });
});
