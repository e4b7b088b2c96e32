import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hash } from '@node-rs/argon2';
import fc from 'fast-check';
import sharp from 'sharp';
import { SetPassword } from '../../src/registrations/passwords/set-password.command.js';
import { RegisterCandidate } from '../../src/registrations/register-candidate.command.js';
import { normalizedPhoto } from '../../src/vault/photo.js';
import { TestCentre } from '../centre.js';
import { logLines } from '../log-lines.js';
import { foundIn, type Secrets } from './files.js';

const lines = logLines();
let centre: TestCentre;
beforeAll(async () => {
  centre = await TestCentre.open('2026-11-22T02:00:00.000Z', { LOG_LEVEL: 'trace' });
  await centre.rows('courses', { code: '00015', name: '英语（二）', credits: '14' });
  await centre.rows('declaration_periods', { kind: 'thesis', code: '2026B', name: '2026年下半年', opens: '2026-10-23T00:00:00+08:00' });
});
afterAll(() => centre.close());

/** Long enough that chance writes it nowhere; with all that files and logs write in another way. */
const words = fc
  .array(fc.oneof(fc.constantFrom(...'张甜欧阳𠮷·"\\/<&é '), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 })), { minLength: 8, maxLength: 24 })
  .map((each) =>
    each
      .join('')
      .toWellFormed()
      .replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '·')
      .trim(),
  )
  .filter((text) => [...text].length >= 8);
const digits = (length: number) => fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length }).map((each) => each.join(''));
const someone = fc.record({
  admissionNo: digits(12),
  name: words,
  idNo: digits(17),
  birth: fc.date({ min: new Date('1931-01-01'), max: new Date('1979-12-31'), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10)),
  health: words,
  ethnicity: words,
  household: words,
  password: words,
  remark: words,
  detail: words,
  reason: words,
  address: fc
    .tuple(fc.integer({ min: 11, max: 126 }), fc.integer({ min: 100, max: 255 }), fc.integer({ min: 100, max: 255 }), fc.integer({ min: 100, max: 255 }))
    .map((parts) => parts.join('.')),
  userAgent: fc.string({ minLength: 12, maxLength: 40 }).map((text) => `Phone-${text.replace(/[^\x21-\x7e]/g, '-')}`),
});

type Someone = typeof someone extends fc.Arbitrary<infer Each> ? Each : never;

let numbered = 0;

/** Lives a candidate's life in the centre, faults included; answers what of it is nobody else's affair. */
async function live(person: Someone): Promise<Secrets> {
  const { admissionNo, password, remark, detail, reason, address, userAgent, ...values } = person;
  const noise = await sharp(randomBytes(400 * 576 * 3), { raw: { width: 400, height: 576, channels: 3 } })
    .jpeg()
    .toBuffer();
  const registered = { admissionNo, idType: '军官证', sex: '女', ...values };
  await centre.record(
    new RegisterCandidate(centre.given(), registered, { district: '西城区', registeredPeriod: '2604', accountState: 'normal', confirmed: true }, noise),
  );
  const id = await centre.idOf(admissionNo);
  const kept = await hash(password, { memoryCost: 64, timeCost: 1, parallelism: 1 });
  await centre.record(new SetPassword(centre.given(), id, kept));
  const number = String(++numbered);
  await centre.rows('payments', {
    admission_no: admissionNo,
    bill_no: number.padStart(14, '0'),
    kind: 'enrolment',
    period: '2604',
    state: 'due',
    amount_fen: '3000',
    items: '00015:3000',
    created_at: '2026-11-01T10:00:00+08:00',
  });
  await centre.rows('declarations', {
    admission_no: admissionNo,
    id: `d${number}`,
    kind: 'thesis',
    period: '2026B',
    major: '01B0221',
    university: '北京大学',
    state: 'rejected',
    remark: reason,
  });
  await centre.rows('status_applications', { admission_no: admissionNo, id: `a${number}`, kind: 'exemption', state: 'rejected', remark, detail });

  const from = { remoteAddress: address, headers: { 'user-agent': userAgent, 'sec-fetch-site': 'same-origin' } };
  const signIn = (account: string, secret: string) =>
    centre.application.inject({ method: 'POST', url: '/login', ...from, payload: { account, password: secret } });
  expect((await signIn(values.idNo, `${password}?`)).statusCode).toBe(422);
  const entered = await signIn(admissionNo, password);
  expect(entered.statusCode).toBe(303);
  const cookie = entered.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  const ask = (url: string) => centre.application.inject({ url, ...from, headers: { ...from.headers, cookie } });
  for (const page of ['', '/profile', '/exam', '/declarations', '/status', '/account', '/bills']) {
    const { statusCode, body } = await ask(`/center${page}`);
    expect([page, statusCode]).toEqual([page, 200]);
    if (page === '/profile') expect(body).toContain('军官证');
  }
  for (const value of Object.values(values)) {
    expect((await ask(`/center/majors?code=${encodeURIComponent(value)}`)).statusCode).toBe(200);
    expect((await ask(`/center/bills/${encodeURIComponent(value)}`)).statusCode).toBe(404);
    expect((await ask(`/${encodeURIComponent(value)}`)).statusCode).toBe(404);
  }
  expect((await ask('/center/photo')).statusCode).toBe(200);
  const picture = await normalizedPhoto(noise);
  return {
    admissionNo,
    password,
    remark,
    detail,
    reason,
    address,
    userAgent,
    passwordHash: kept,
    ...values,
    cookie: cookie.split('.').at(-1) ?? '',
    picture: picture.subarray(20_000, 20_032),
    given: noise.subarray(20_000, 20_032),
  };
}

describe('What is personal', () => {
  it('What is personal stands in the clear in no file of DATA_DIR and in no line of the log, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(someone, async (person) => {
        const secrets = await live(person);
        expect(foundIn(centre.folder, lines, secrets)).toEqual([]);
      }),
      { numRuns: 12, endOnFailure: true },
    );
    expect(readdirSync(centre.folder)).toEqual(expect.arrayContaining(['events.sqlite', 'events.sqlite-wal', 'read-models.sqlite', 'vault.sqlite', 'photos']));
  });

  it('What is personal is not told by a fault either', async () => {
    const [person] = fc.sample(someone, 1);
    if (!person) throw new Error('nobody was made');
    const secrets = await live(person);
    const cookie = await centre.signIn(person.admissionNo, person.password);
    const id = await centre.idOf(person.admissionNo);
    const photos = join(centre.folder, 'photos', id.slice(-2));
    const [photo] = readdirSync(photos).filter((name) => name.startsWith(id));
    const file = join(photos, String(photo));
    truncateSync(file, 1_000);
    expect((await centre.ask('/center/photo', { cookie })).status).toBe(404);
    rmSync(file);
    mkdirSync(file); // which no photo can be read from
    const before = lines.length;
    const { status, text, body } = await centre.ask('/center/photo', { cookie });
    expect([status, text.includes('系统出了问题')]).toEqual([500, true]);
    const number = /编号 ?([\w-]{36})/.exec(text)?.[1] ?? 'none';
    expect(lines.slice(before).join('')).toContain(number);
    expect(body).not.toMatch(/\bat .*[jt]s:\d+/);
    expect(foundIn(centre.folder, lines, secrets)).toEqual([]);
  });

  it('What is personal is found where it does stand in the clear (or the tests above would show nothing)', () => {
    const name = '张"甜\\甜';
    writeFileSync(join(centre.folder, 'leak.json'), JSON.stringify({ name }));
    expect(foundIn(centre.folder, ['{"msg":"110105"}'], { name, number: '110105', other: '没有' })).toEqual([
      `name stands in ${join(centre.folder, 'leak.json')}`,
      'number stands in a line of the log',
    ]);
  });
});
