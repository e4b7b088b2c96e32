import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { causedBy } from '../../../src/event-store/cause.js';
import { IssueBill } from '../../../src/payments/bills/issue-bill.command.js';
import { BeginPayment } from '../../../src/payments/paying/begin-payment.command.js';
import { TakePayment } from '../../../src/payments/paying/take-payment.command.js';
import { RecordReceipt } from '../../../src/payments/receipts/record-receipt.command.js';
import { admissionNo, citizenNo, nameOf } from '../../imports/batch.js';
import { centreOn } from '../../imports/centre.js';
import { smallBatch } from '../../imports/scratch.js';
import { damage } from '../../read-models/damage.js';
import { signedInOfficer } from '../officers.js';
import { type Ended, jsonOf } from '../run.js';
import { told } from '../told.js';

const AT = '2020-11-01T02:00:00.000Z';
const BILL = '90000000000001';
const ORDER = `${BILL}01`;
const RECEIPT = { code: '11010120', number: '0000000042', checkCode: 'a1b2c3' };

describe('The commands that find and show what is stored', () => {
  let data: string;
  const environment = () => ({ DATA_DIR: data, XDG_STATE_HOME: `${data}-state` });
  let id: string;
  const ask = (...args: readonly string[]): Promise<Ended> => told(args, environment());

  beforeAll(async () => {
    const batch = await smallBatch(2);
    data = `${dirname(batch.folder)}-kept`; // beyond the first test
    expect(await told(['import', batch.folder], environment())).toMatchObject({ code: 0 });
    await signedInOfficer(environment(), 'zhang', 'city');
    const centre = await centreOn(data);
    id = (await centre.vault.find([admissionNo(0)]))[0] ?? '';
    const given = () => ({ id: randomUUID(), at: AT });
    await causedBy({ by: 'test', origin: 'person', correlation: randomUUID() }, async () => {
      const terms = { candidateId: id, bill: BILL, kind: 'enrolment', period: '2104', lines: [{ code: '03708', fen: 6_000 }], fen: 6_000 } as const;
      await centre.commands.execute(new IssueBill(given(), { ...terms, createdAt: AT, dueBy: '2020-12-01T00:00:00.000Z' }));
      await centre.commands.execute(new BeginPayment(given(), BILL, id));
      await centre.commands.execute(new TakePayment(given(), { order: ORDER, transaction: 'T1', fen: 6_000, channel: 'alipay', paidAt: AT }));
      await centre.commands.execute(new RecordReceipt(given(), BILL, RECEIPT));
    });
    await centre.close();
    expect(await told(['catch-up'], environment())).toMatchObject({ code: 0 });
  });
  afterAll(() => Promise.all([data, `${data}-state`].map((each) => rm(each, { recursive: true, force: true }))));

  it.each<[string, () => string, object]>([
    ['an admission number', () => admissionNo(0), { kind: 'candidate' }],
    ['an admission number in groups', () => `${admissionNo(0).slice(0, 4)} ${admissionNo(0).slice(4)}`, { kind: 'candidate' }],
    ['an id', () => id, { kind: 'candidate' }],
    ['a bill', () => BILL, { kind: 'bill', bill: BILL }],
    ['an order', () => ORDER, { kind: 'order', bill: BILL }],
    ['a receipt’s number', () => RECEIPT.number, { kind: 'receipt', bill: BILL }],
    ['a receipt’s code and number', () => RECEIPT.code + RECEIPT.number, { kind: 'receipt', bill: BILL }],
  ])('The commands that find and show what is stored find the candidate of %s, and say by which commands to go on', async (_, what, found) => {
    const ended = await ask('find', what(), '--json');
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    const { next, ...answer } = jsonOf<{ next: readonly string[] }>(ended);
    expect(answer).toMatchObject({ found: [{ ...found, candidateId: id }], candidates: [{ candidateId: id, account: 'normal' }] });
    for (const command of next) expect([command, await ask(...command.split(' '))]).toEqual([command, expect.objectContaining({ code: 0 })]);
  });

  it.each([['910000000001'], ['90000000000002'], ['9000000000000102'], ['0000000043'], [randomUUID()], ['nobody']])(
    'The commands that find and show what is stored find nothing by %s, end with 1 and do not repeat it',
    async (what) => {
      const ended = await ask('find', what, '--json');
      expect(ended).toMatchObject({ code: 1, stderr: expect.not.stringContaining(what) });
      expect(jsonOf(ended)).toMatchObject({ error: { code: 'not_found' } });
    },
  );

  it('The commands that find and show what is stored show a document by admission number as by id, with the moment up to which it has seen the log', async () => {
    const byId = jsonOf<{ recordedAt: string }>(await ask('show', 'bills', id, '--json'));
    expect(byId).toMatchObject({
      key: id,
      quarantined: null,
      document: { [BILL]: { state: 'paid', fen: 6_000 } },
      recordedAt: expect.stringMatching(/\+08:00$/),
    });
    expect(jsonOf(await ask('show', 'bills', admissionNo(0), '--json'))).toEqual(byId);
    const [bill, listed] = [await ask('show', 'bills', id), await ask('events', `bill-${BILL}`, '--json')];
    for (const { stdout } of [bill, listed]) {
      expect(stdout).toContain('"2020-12-01T08:00:00+08:00"'); // dueBy
      expect(stdout).not.toMatch(/\d\dZ"/);
    }
    const then = jsonOf<{ value: unknown }>(await ask('explain', 'bills', admissionNo(0), '--at', byId.recordedAt, '--json'));
    expect(then.value).toMatchObject({ [BILL]: { state: 'paid' } });
  });

  it('The commands that find and show what is stored show nothing of a person', async () => {
    const shown = [await ask('show', 'candidate', admissionNo(0)), await ask('explain', 'candidate', admissionNo(0)), await ask('find', admissionNo(0))];
    for (const { code, stdout, stderr } of shown) {
      expect(code).toBe(0);
      for (const personal of [admissionNo(0), citizenNo(0), nameOf(0)]) expect(stdout + stderr).not.toContain(personal);
    }
    expect(shown[0]?.stdout).toContain('〔密封〕');
  });

  it('The commands that find and show what is stored find a candidate by the whole name', async () => {
    expect(jsonOf(await ask('find', nameOf(0), '--json'))).toMatchObject({ found: [{ kind: 'candidate', candidateId: id }] });
    expect(await ask('find', nameOf(0).slice(0, 2))).toMatchObject({ code: 1 });
  });

  it('The commands that find and show what is stored show who it is once it is recorded who looks and why, in a stream that changes nothing about the person', async () => {
    const before = jsonOf<{ events: readonly unknown[] }>(await ask('explain', 'candidate', id, '--json'));
    const looking = ['--reveal', '--by', 'zhang', '--reason', '核对姓名'];
    const found = jsonOf(await ask('find', admissionNo(0), ...looking, '--json'));
    expect(found).toMatchObject({ candidates: [{ person: { name: nameOf(0), admissionNo: admissionNo(0), idNo: citizenNo(0) } }], dataDir: data });
    const shown = await ask('show', 'candidate', id, ...looking);
    expect(shown).toMatchObject({ code: 0, stderr: `数据文件夹：${data}\n` });
    for (const personal of [admissionNo(0), citizenNo(0), nameOf(0)]) expect(shown.stdout).toContain(personal);
    expect(shown.stdout).not.toContain('argon2');

    const centre = await centreOn(data);
    const recorded = (await centre.events.read('', 1_000, { types: ['PersonViewed'] })).events;
    const ofCandidate = await centre.events.subject(id);
    await centre.close();
    expect(recorded.map(({ data: what, metadata: { by, origin } }) => ({ ...what, by, origin }))).toEqual(
      ['find', 'show candidate'].map((what) => expect.objectContaining({ what, candidateIds: [id], reason: '核对姓名', by: 'office:zhang', origin: 'office' })),
    );
    expect(ofCandidate.filter(({ type }) => type === 'PersonViewed')).toEqual([]);
    expect(jsonOf(await ask('explain', 'candidate', id, '--json'))).toEqual(before);
  });

  it('The commands that find and show what is stored show nobody without both who looks and why, nor where it could not be recorded', async () => {
    for (const [args, code] of [
      [['--reveal'], 'missing_option'],
      [['--reveal', '--by', 'zhang'], 'missing_option'],
      [['--by', 'zhang', '--reason', '核对姓名'], 'conflicting_options'],
      [['--reveal', '--by', 'zhang', '--reason', `核对 ${admissionNo(0)}`], 'bad_value'],
    ] as const) {
      const ended = await ask('show', 'candidate', id, ...args, '--json');
      expect([args, ended.code, jsonOf(ended)]).toEqual([args, 2, { error: expect.objectContaining({ code }) }]);
    }
    expect(jsonOf(await ask('show', 'tasks', 'x', '--reveal', '--by', 'zhang', '--reason', '核对', '--json'))).toMatchObject({
      error: { code: 'conflicting_options' },
    });
  });

  it('The commands that find and show what is stored refuse what there is none of: a read model, a key, a number and a field, whose neighbours are named', async () => {
    for (const [args, code, message] of [
      [['show', 'bills@9', id], 'refused', '没有 bills@9；相近的有：bills'],
      [['show', 'bills', randomUUID()], 'unknown_key', '中没有文档'],
      [['show', 'bills', admissionNo(999)], 'candidate.unknown', '没有这个准考证号'],
      [['explain', 'bills', randomUUID()], 'unknown_key', '中没有文档'],
      [['explain', 'bills', id, `${BILL}.sate`], 'unknown_field', `相近的有：${BILL}.state`],
      [['show', 'bills', id.slice(0, 30)], 'unknown_key', `相近的有：${id}`],
      [['explain', 'bills', `${id.slice(0, -1)}_`], 'unknown_key', `相近的有：${id}`],
      [['explain', 'bills', randomUUID(), '--at', '2026-11-01'], 'unknown_key', '中没有文档'],
      [['count', '2140'], 'unknown_period', '没有考期 2140；'],
    ] as const) {
      const ended = await ask(...args, '--json');
      expect(ended.code).toBe(1);
      expect(jsonOf(ended)).toEqual({ error: { code, message: expect.stringContaining(message) } });
    }
    for (const [name, message] of [
      ['nothing', '没有读模型 nothing；现有：'],
      ['bils', '没有读模型 bils；相近的有：bills'],
    ] as const) {
      const ended = await ask('show', name, id, '--json');
      expect([ended.code, jsonOf(ended)]).toEqual([2, { error: { code: 'unknown_read_model', message: expect.stringContaining(message) } }]);
    }
  });

  it('The commands that find and show what is stored show of a document that is not JSON that it is not, end with 1 and name the command that cures it', async () => {
    damage(data, `UPDATE "bills@2" SET document = '{oops' WHERE key = ?`, id);
    const ended = await ask('show', 'bills', id, '--json');
    const cure = ['refold', 'bills@2', id];
    expect([ended.code, jsonOf(ended)]).toMatchObject([1, { document: null, unreadable: expect.stringContaining('不是 JSON'), cure: [cure.join(' ')] }]);
    const told = await ask('show', 'bills', id);
    expect([told.code, told.stdout]).toEqual([1, expect.stringContaining(`的文档 ${id} 不是 JSON）：请运行 ${cure.join(' ')}\n`)]);
    expect(told.stdout).not.toContain('已经删除');
    expect(await ask(...cure)).toMatchObject({ code: 0 });
    expect(await ask('show', 'bills', id)).toMatchObject({ code: 0, stdout: expect.stringContaining(BILL) });
  });

  it('The commands that find and show what is stored take an admission number where the key of a candidate’s document is asked', async () => {
    const retried = jsonOf(await ask('retry', 'bills', admissionNo(0), '--json'));
    expect(retried).toMatchObject({ error: { message: expect.stringContaining(`bills@2 中的 ${id} 没有被隔离`) } });
    expect(await ask('catch-up')).toMatchObject({ code: 0 }); // what was looked at is recorded
    expect(await ask('verify', 'bills', '--repair', admissionNo(0))).toMatchObject({ code: 0, stdout: expect.stringContaining('核对了 1 个文档') });
  });

  it('The commands that find and show what is stored call nobody registered whose registration is not in the read model', async () => {
    damage(data, 'DELETE FROM "candidate@1" WHERE key = ?', id); // as a voided registration leaves it
    expect(jsonOf(await ask('find', admissionNo(0), '--json'))).toMatchObject({ candidates: [{ candidateId: id, account: null }] });
    expect((await ask('find', admissionNo(0))).stdout).toContain('没有登记');
  });
});
