import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { causedBy } from '../../../src/event-store/cause.js';
import { IssueBill } from '../../../src/payments/bills/issue-bill.command.js';
import { admissionNo, nameOf } from '../../imports/batch.js';
import { centreOn } from '../../imports/centre.js';
import { smallBatch } from '../../imports/scratch.js';
import { until } from '../../until.js';
import { signedInOfficer } from '../officers.js';
import { type Ended, jsonOf, run } from '../run.js';
import { told } from '../told.js';

interface Listed {
  readonly events: readonly {
    readonly type: string;
    readonly stream: string;
    readonly recordedAt: string;
    readonly position: string;
    readonly metadata: { readonly by: string; readonly correlation: string };
    readonly data: Readonly<Record<string, unknown>>;
  }[];
  readonly more: boolean;
}

describe('The command events', () => {
  let data: string;
  const environment = () => ({ DATA_DIR: data, XDG_STATE_HOME: `${data}-state` });
  let id: string;
  const running: ChildProcess[] = [];
  const ask = (...args: readonly string[]): Promise<Ended> => told(['events', ...args], environment());
  const listed = async (...args: readonly string[]) => jsonOf<Listed>(await ask(...args, '--json'));

  const AT = '2020-11-01T02:00:00.000Z';
  async function issue(bill: string): Promise<void> {
    const centre = await centreOn(data);
    const terms = { candidateId: id, bill, kind: 'enrolment', period: '2104', lines: [{ code: '03708', fen: 6_000 }], fen: 6_000 } as const;
    await causedBy({ by: 'office:zhang', origin: 'office', correlation: 'a-request', why: '核对' }, () =>
      centre.commands.execute(new IssueBill({ id: randomUUID(), at: AT }, { ...terms, createdAt: AT, dueBy: '2020-12-01T00:00:00.000Z' })),
    );
    await centre.close();
  }

  beforeAll(async () => {
    const batch = await smallBatch(3);
    data = `${dirname(batch.folder)}-events`; // beyond the first test
    expect(await told(['import', batch.folder], environment())).toMatchObject({ code: 0 });
    await signedInOfficer(environment(), 'li', 'auditor');
    const centre = await centreOn(data);
    id = (await centre.vault.find([admissionNo(0)]))[0] ?? '';
    await centre.close();
    await issue('90000000000001');
  });
  afterEach(() => {
    for (const child of running.splice(0)) child.kill('SIGKILL');
  });
  afterAll(() => Promise.all([data, `${data}-state`].map((each) => rm(each, { recursive: true, force: true }))));

  it('The command `events` lists the newest events of all streams in the order of the log, and says that there are more', async () => {
    const { events, more } = await listed('--limit', '3');
    expect([events.length, more]).toEqual([3, true]);
    expect(events.at(-1)).toMatchObject({ type: 'BillIssued', stream: 'bill-90000000000001' });
    expect(events.map(({ position }) => position)).toEqual(events.map(({ position }) => position).toSorted());
    const ended = await ask('--limit', '1');
    expect(ended.stdout).toMatch(/^\S+\+08:00 {2}BillIssued {2}bill-\S+ 第 \d+ 条 {2}位置 \d+ {2}office:zhang {2}原因：核对\n {4}\{.*\}\n$/);
    expect(ended.stderr).toBe('只列出最后 1 条，更早的用 --limit 或 --until\n');
  });

  it('The command `events` lists those of a type, of who recorded them, of a correlation and of a time', async () => {
    const registered = await listed('--type', 'CandidateRegistered');
    expect(registered.events.map(({ type }) => type)).toEqual(['CandidateRegistered', 'CandidateRegistered', 'CandidateRegistered']);
    expect(registered.events.map(({ data: { person } }) => person)).toContain('〔密封〕');
    const [first] = registered.events;
    for (const by of [
      ['--recorded-by', 'zhang'],
      ['--recorded-by', 'office:zhang'],
      ['--correlation', 'a-request'],
    ])
      expect((await listed(...by)).events.map(({ type }) => type)).toEqual(['BillIssued']);
    const correlation = first?.metadata.correlation ?? '';
    expect((await listed('--correlation', correlation, '--type', 'CandidateRegistered')).events).toHaveLength(3);
    const at = first?.recordedAt ?? '';
    expect((await listed('--type', 'CandidateRegistered', '--since', at)).events).toHaveLength(3);
    expect((await listed('--since', '2999-01-01')).events).toEqual([]);
    expect((await listed('--until', '2000-01-01')).events).toEqual([]);
    expect((await listed('bill-90000000000001', '--type', 'BillIssued')).events).toHaveLength(1);
  });

  it('The command `events` opens what is sealed once it is recorded who looks and why', async () => {
    const revealing = ['--reveal', '--by', 'li', '--reason', '核对姓名'];
    const revealed = await ask(`candidate-${id}`, '--recorded-by', 'import', ...revealing, '--json');
    expect(revealed.stdout).toContain(nameOf(0));
    const viewed = await listed('--type', 'PersonViewed');
    expect(viewed.events).toMatchObject([{ metadata: { by: 'office:li' }, data: { candidateIds: [id], what: 'events', reason: '核对姓名' } }]);
  });

  it.each([
    [['--type', 'Nothing'], 'unknown_event_type'],
    [['--follow', '--until', '2026-01-01'], 'conflicting_options'],
    [['--follow', '--reveal', '--by', 'li', '--reason', '核对'], 'conflicting_options'],
    [['--reveal'], 'missing_option'],
    [['--reason', '核对'], 'conflicting_options'],
    [['--by', 'zhang'], 'conflicting_options'],
  ])('The command `events` is used wrongly with %j', async (args, code) => {
    const ended = await ask(...args, '--json');
    expect([ended.code, jsonOf(ended)]).toEqual([2, { error: expect.objectContaining({ code }) }]);
  });

  /** Follows what one officer records; `lines` are those that it has written. */
  function following(...args: readonly string[]) {
    const { child, ended } = run(['events', '--recorded-by', 'zhang', '--follow', ...args], environment());
    running.push(child);
    let written = '';
    child.stdout?.on('data', (chunk) => {
      written += chunk;
    });
    return { child, ended, lines: () => written.split('\n').slice(0, -1) };
  }

  it('The command `events` follows what is recorded, a line of JSON for each event, until it is interrupted', async () => {
    const { child, ended, lines } = following('--json');
    await until('the event before', async () => lines().length === 1);
    await issue('90000000000002');
    await until('the next event', async () => lines().length === 2);
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 130 });
    const said = lines().map((line) => JSON.parse(line));
    expect(said).toMatchObject([{ type: 'BillIssued' }, { data: { bill: '90000000000002' } }, { error: { code: 'interrupted' } }]);
  });

  it('The command `events` ends when nobody reads on', async () => {
    const { child, ended, lines } = following();
    await until('the events before', async () => lines().length === 4);
    child.stdout?.destroy();
    await issue('90000000000003');
    expect(await ended).toMatchObject({ code: 130, stderr: expect.not.stringContaining('EPIPE') });
  });
});
