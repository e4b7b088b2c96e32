import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { projectionsFor } from '../../src/composition/known/projections.js';
import { EventStore } from '../../src/event-store/event-store.js';
import { Projector } from '../../src/read-models/projecting/projector.js';
import { waitForPosition } from '../../src/read-models/serving/wait-for-position.js';
import { SqliteProjectionStore } from '../../src/read-models/sqlite/projection-store.js';
import { SqliteReadModels } from '../../src/read-models/sqlite/read-models.js';
import { ForgetCandidate } from '../../src/registrations/forget-candidate.command.js';
import { query } from '../../src/sqlite/query.js';
import { Vault } from '../../src/vault/vault.js';
import { TestCentre } from '../centre.js';
import { until } from '../until.js';

const ERASED = '119912345671';
const UNCONFIRMED = '119912345672';
const FORGOTTEN = '119912345673';
const STAYING = '119912345674';
const OWN = ['没有这样的姓名', '军字第0071号', '本人写的说明', '不通过的原因'];

let centre: TestCentre;
beforeAll(async () => {
  centre = await TestCentre.open('2026-11-22T02:00:00.000Z');
  await centre.rows('periods', { period: '2604', name: '2026年4月' });
  await centre.rows('declaration_periods', { kind: 'thesis', code: '2026B', name: '2026年下半年', opens: '2026-10-23T00:00:00+08:00' });
  for (const account of [ERASED, UNCONFIRMED, FORGOTTEN, STAYING]) {
    const [name = '', id_no = ''] = OWN;
    await centre.candidate(account, { name, id_no: `${id_no}${account}`, id_type: '军官证', confirmed: account === UNCONFIRMED ? 'N' : 'Y' });
    await centre.rows('payments', {
      admission_no: account,
      bill_no: `20${account}`,
      kind: 'enrolment',
      period: '2604',
      state: 'paid',
      paid_at: '2026-01-06T21:34:05+08:00',
      amount_fen: '3000',
      items: '00015:3000',
      created_at: '2026-01-06T20:34:05+08:00',
    });
    await centre.rows('declarations', {
      admission_no: account,
      id: `d${account}`,
      kind: 'thesis',
      period: '2026B',
      major: '01B0221',
      university: '北京大学',
      state: 'rejected',
      remark: OWN[3] ?? '',
    });
    await centre.rows('status_applications', {
      admission_no: account,
      id: `a${account}`,
      kind: 'transfer_out',
      state: 'draft',
      remark: OWN[2] ?? '',
      detail: OWN[2] ?? '',
    });
  }
});
afterAll(() => centre.close());

/** All documents of all read models, as a file holds them. */
function documents(file: string): Readonly<Record<string, unknown>> {
  const db = new DatabaseSync(file, { readOnly: true });
  const tables = query<{ readonly name: string }>(
    db,
    `SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE '%@%' AND name NOT LIKE '% found by %' ORDER BY name`,
  ).all();
  const all = Object.fromEntries(
    tables.map(({ name }) => [name, db.prepare(`SELECT key, document FROM "${name}" WHERE document IS NOT NULL ORDER BY key`).all()]),
  );
  db.close();
  return all;
}

/** That folding the log from its start comes to the documents that are there. */
async function foldsToTheSame(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'fold-'));
  const file = join(folder, 'read-models.sqlite');
  const events = centre.get(EventStore);
  const store = new SqliteProjectionStore(file);
  const readModels = new SqliteReadModels(file);
  const stopping = new AbortController();
  const running = new Projector(events, store, projectionsFor({}), { holder: randomUUID() }).run(stopping.signal);
  expect(await waitForPosition(readModels, projectionsFor({}), await events.head(), 120_000)).toBe(true);
  stopping.abort();
  await running;
  await store.close();
  await readModels.close();
  const live = documents(join(centre.folder, 'read-models.sqlite'));
  expect(Object.keys(live).length).toBe(projectionsFor({}).length);
  expect(documents(file)).toEqual(live);
  rmSync(folder, { recursive: true });
}

const pages = [
  '',
  '/profile',
  '/confirmation',
  '/majors',
  '/courses',
  '/exam',
  '/rules',
  '/declarations',
  '/results',
  '/payment-guide',
  '/bills',
  '/status',
  '/payments',
  '/notices',
  '/account',
];
const personal = ['', '/profile', '/exam', '/declarations', '/status', '/account'];

describe('After the row of a candidate is deleted in the vault', () => {
  it('After the row of a candidate is deleted in the vault, every page is there still; where something personal stood, it says 信息已删除', async () => {
    const cookie = await centre.signIn(ERASED);
    for (const page of personal) {
      const { text } = await centre.ask(`/center${page}`, { cookie });
      expect([page, text.includes('信息已删除'), OWN.some((own) => text.includes(own))]).toEqual([page, false, true]);
    }
    await centre.get(Vault).forget(await centre.idOf(ERASED));
    for (const page of [...pages, `/bills/20${ERASED}`]) {
      const { status, text, body } = await centre.ask(`/center${page}`, { cookie });
      expect([page, status, text.includes('信息已删除')]).toEqual([page, 200, personal.includes(page)]);
      for (const own of OWN) expect(body).not.toContain(own);
    }
    expect((await centre.ask('/center/photo', { cookie })).status).toBe(404);
    expect((await centre.ask('/login', { form: { account: ERASED, password: 'correct horse' } })).status).toBe(422);
    expect((await centre.ask('/logout', { cookie, form: {} })).status).toBe(303);
  });

  it('After the row of a candidate is deleted in the vault, the voucher of an unconfirmed one says it too', async () => {
    const cookie = await centre.signIn(UNCONFIRMED);
    await centre.get(Vault).forget(await centre.idOf(UNCONFIRMED));
    const { status, text } = await centre.ask('/center/confirmation', { cookie });
    expect([status, text.includes('信息已删除')]).toEqual([200, true]);
  });

  it('A candidate who is forgotten for good is out, in this session and every other, and the others stay', async () => {
    const cookie = await centre.signIn(FORGOTTEN);
    await centre.record(new ForgetCandidate(centre.given(), await centre.idOf(FORGOTTEN)));
    await until('the session to hear of it', async () => (await centre.ask('/center', { cookie })).status === 303);
    for (const page of pages) expect((await centre.ask(`/center${page}`, { cookie })).headers.location).toMatch(/^\/login/);
    expect((await centre.ask('/login', { form: { account: FORGOTTEN, password: 'correct horse' } })).status).toBe(422);
    expect((await centre.ask('/center/profile', { cookie: await centre.signIn(STAYING) })).text).toContain('没有这样的姓名');
  });

  it('After the row of a candidate is deleted in the vault, a fold from the start comes to the same documents', () => foldsToTheSame());
});
