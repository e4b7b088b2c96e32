import { readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import sharp from 'sharp';
import { log } from '../../../src/kernel/log.js';
import { ForgetCandidate } from '../../../src/registrations/forget-candidate.command.js';
import { RegisterCandidate } from '../../../src/registrations/register-candidate.command.js';
import { Vault } from '../../../src/vault/vault.js';
import { TestCentre } from '../../centre.js';
import { logLines } from '../../log-lines.js';
import { announce, NOW } from '../../web/announced.js';

const ONE = '119900000001';
const FROZEN = '119900000002';
const PHOTO = '119900000003';

let centre: TestCentre;
let cookie: string;
beforeAll(async () => {
  centre = await TestCentre.open(NOW);
  await announce(centre);
  await centre.candidate(ONE, { name: '林<一>', birth: '1996-11-23', household: '河北省', ethnicity: '满' });
  await centre.candidate(FROZEN, { name: '周二', id_no: '119900198911070018', account_state: 'frozen', registered_period: '2510' });
  cookie = await centre.signIn(ONE);
});
afterAll(() => centre.close());

const facts = async (account: string) => {
  const { $ } = await centre.ask('/center/profile', { cookie: account });
  return Object.fromEntries(
    $('.facts > div')
      .map((_, fact) => [[$(fact).find('dt').text(), $(fact).find('dd').text().trim()]] as [string, string][])
      .get(),
  );
};

describe('The page 基本信息', () => {
  it('The page 基本信息 shows every field of the registration, with the citizen number masked', async () => {
    expect(await facts(cookie)).toEqual({
      姓名: '林<一>',
      准考证号: expect.stringContaining(ONE),
      证件类型: '居民身份证',
      身份证号: expect.stringContaining('119***************'),
      性别: '女',
      出生年月: '1996年11月',
      年龄: '29 岁',
      健康状态: '健康',
      民族: '满',
      户口所在地: '河北省',
      注册时间: '2026年4月自学考试',
      账号状态: '正常',
      现场确认区县: '西城区',
      注册照片: '照片未上传',
    });
  });

  it('The page 基本信息 never sends the whole citizen number', async () => {
    const { body } = await centre.ask('/center/profile', { cookie });
    expect(body).not.toContain('119900199611020005');
  });

  it('The page 基本信息 adds a year to the age from the birthday in Beijing on', async () => {
    centre.clock.time = new Date('2026-11-22T16:00:00.000Z');
    expect((await facts(await centre.signIn(ONE))).年龄).toBe('30 岁');
    centre.clock.time = new Date(NOW);
  });

  it('The page 基本信息 shows the state of an account that is not normal', async () => {
    expect(await facts(await centre.signIn(FROZEN))).toMatchObject({ 姓名: '周二', 账号状态: '冻结', 注册时间: '2025年10月自学考试' });
  });
});

describe('The photo', () => {
  const jpeg = (background: string) =>
    sharp({ create: { width: 400, height: 576, channels: 3, background } })
      .jpeg()
      .toBuffer();
  const withPhoto = async (photo: Uint8Array) =>
    centre.record(
      new RegisterCandidate(
        centre.given(),
        {
          admissionNo: PHOTO,
          name: '王三',
          idType: '居民身份证',
          idNo: '119900200607070005',
          sex: '女',
          birth: '2006-07-07',
          health: '健康',
          ethnicity: '汉',
          household: '北京市',
        },
        { district: '西城区', registeredPeriod: '2604', accountState: 'normal', confirmed: true },
        photo,
      ),
    );

  it('The photo answers 404 where none was imported', async () => {
    expect((await centre.ask('/center/photo', { cookie })).status).toBe(404);
    expect((await centre.ask('/center', { cookie })).text).toContain('照片未上传');
  });

  it('The photo is the candidate’s own, cached by the browser alone, and not sent again to a browser that has it', async () => {
    await centre.candidate(PHOTO, { name: '王三', id_no: '119900200607070005', birth: '2006-07-07' });
    await withPhoto(await jpeg('#4b8fd9'));
    const signedIn = await centre.signIn(PHOTO);
    const { $ } = await centre.ask('/center', { cookie: signedIn });
    const address = $('.me img').attr('src') ?? '';
    const { status, headers } = await centre.ask(address, { cookie: signedIn });
    expect(status).toBe(200);
    expect(headers).toMatchObject({ 'content-type': 'image/jpeg', 'cache-control': expect.stringContaining('private') });
    const again = await centre.ask(address, { cookie: signedIn, headers: { 'if-none-match': String(headers.etag) } });
    expect([again.status, again.body]).toEqual([304, '']);
    expect((await centre.ask(address, { cookie })).status).toBe(404);
  });

  it('The photo is sent as a thumbnail to the home page, and whole to 基本信息', async () => {
    const signedIn = await centre.signIn(PHOTO);
    const addressOn = async (page: string) => (await centre.ask(page, { cookie: signedIn })).$('img[src^="/center/photo"]').attr('src') ?? '';
    const [small, whole] = await Promise.all(
      [await addressOn('/center'), await addressOn('/center/profile')].map(async (address) => {
        const { rawPayload } = await centre.application.inject({ url: address, headers: { cookie: signedIn } });
        return { bytes: rawPayload.length, ...(await sharp(rawPayload).metadata()) };
      }),
    );
    expect([small?.width, whole?.width]).toEqual([180, 400]);
    expect(small?.bytes).toBeLessThan(8_000);
  });

  it('The photo has another address when the photo changes', async () => {
    const signedIn = await centre.signIn(PHOTO);
    const address = async () => (await centre.ask('/center', { cookie: signedIn })).$('.me img').attr('src');
    const before = await address();
    await withPhoto(await jpeg('#d94b4b'));
    expect(await address()).not.toBe(before);
  });

  it('The photo answers 404 and logs one line where its file is damaged, until it is imported again', async () => {
    const signedIn = await centre.signIn(PHOTO);
    const id = await centre.idOf(PHOTO);
    const folder = join(centre.folder, 'photos', id.slice(-2));
    for (const name of readdirSync(folder)) truncateSync(join(folder, name), 100);
    const { level } = log;
    const lines = logLines();
    const { status, headers } = await centre.ask('/center/photo', { cookie: signedIn });
    jest.restoreAllMocks();
    log.level = level;
    expect([status, headers['cache-control'], headers.etag]).toEqual([404, 'no-store', undefined]);
    const errors = lines.map((line) => JSON.parse(line)).filter((line) => line.level >= 50);
    expect(errors).toEqual([expect.objectContaining({ level: 50, msg: expect.stringMatching(`^${folder}/${id}.* 已损坏.*：请重新导入这张照片`) })]);
    expect(errors[0]).not.toHaveProperty('err');
    await withPhoto(await jpeg('#d94b4b'));
    expect((await centre.ask('/center/photo', { cookie: signedIn })).status).toBe(200);
  });

  it('The photo is not sent without a session', async () => {
    expect((await centre.ask('/center/photo')).status).toBe(303);
  });
});

describe('A forgotten candidate', () => {
  it('A forgotten candidate sees pages that work and say 信息已删除', async () => {
    const signedIn = await centre.signIn(PHOTO);
    await centre.get(Vault).forget(await centre.idOf(PHOTO));
    for (const page of ['', '/profile', '/exam']) {
      const { status, text, body } = await centre.ask(`/center${page}`, { cookie: signedIn });
      expect([page, status]).toEqual([page, 200]);
      expect(text).toContain('信息已删除');
      expect(body).not.toMatch(/王三|119900200607070005/);
    }
    expect((await centre.ask('/center/profile', { cookie: signedIn })).text).toContain('2026年4月自学考试');
    expect((await centre.ask('/center/photo', { cookie: signedIn })).status).toBe(404);
  });

  it('A forgotten candidate has no session and no data on any page once the event is recorded', async () => {
    const signedIn = await centre.signIn(FROZEN);
    await centre.record(new ForgetCandidate(centre.given(), await centre.idOf(FROZEN)));
    for (const page of ['', '/profile', '/exam', '/majors', '/courses', '/results', '/confirmation', '/photo']) {
      const { status, body } = await centre.ask(`/center${page}`, { cookie: signedIn });
      expect([page, status]).toEqual([page, 303]);
      expect(body).not.toContain('周二');
    }
  });
});
