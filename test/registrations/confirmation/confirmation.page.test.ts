import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestCentre } from '../../centre.js';
import { announce, NOW } from '../../web/announced.js';

const NEW = '119900000001';
const CONFIRMED = '119900000002';
const ELSEWHERE = '119900000003';

let centre: TestCentre;
beforeAll(async () => {
  centre = await TestCentre.open(NOW);
  await announce(centre);
  await centre.candidate(NEW, { name: '陈新', confirmed: 'N', registered_period: '2704' });
  await centre.candidate(CONFIRMED, { id_no: '119900198911070018' });
  await centre.candidate(ELSEWHERE, { id_no: '119900200607070005', confirmed: 'N', registered_period: '2704', district: '燕山' });
});
afterAll(() => centre.close());

const confirmation = async (account: string) => centre.ask('/center/confirmation', { cookie: await centre.signIn(account) });

describe('The page 现场确认区县', () => {
  it('The page 现场确认区县 shows a new candidate’s voucher with period, name, and stars in place of the citizen number', async () => {
    const { text, body, status } = await confirmation(NEW);
    expect(status).toBe(200);
    expect(text).toContain('2027年4月考试现场确认凭单');
    expect(text).toContain('陈新');
    expect(text).toContain('*'.repeat(18));
    expect(body).not.toMatch(/\d\*/);
    expect(body).not.toContain('119900199611020005');
  });

  it('The page 现场确认区县 shows the district, its office, the place, an address to copy and a phone to call', async () => {
    const { text, $ } = await confirmation(NEW);
    for (const fact of ['西城区', '西城区自考办', '西城区教育考试中心', '西直门内大街186号']) expect(text).toContain(fact);
    expect($('[data-copy="西直门内大街186号"]')).toHaveLength(1);
    expect($('a[href="tel:66560135"]').text()).toContain('66560135');
  });

  it('The page 现场确认区县 shows the deadline, the note on the checks, and the reminder to bring the printed voucher', async () => {
    const { text } = await confirmation(NEW);
    expect(text).toContain('12月8日 24:00 截止，还有 16 天');
    expect(text).toContain('公安局');
    expect(text).toContain('纸质凭单');
  });

  it('The page 现场确认区县 shows the district also where its office is not known', async () => {
    const { text } = await confirmation(ELSEWHERE);
    expect(text).toContain('燕山');
    expect(text).toContain('zikao.bjeea.cn');
  });

  it('The page 现场确认区县 is the only page of an unconfirmed candidate beside notices, help and signing out; all others redirect to it', async () => {
    const cookie = await centre.signIn(NEW);
    const { $ } = await centre.ask('/center/confirmation', { cookie });
    expect(
      $('main a[href^="/"]')
        .map((_, link) => $(link).attr('href'))
        .get(),
    ).toEqual(['/center/notices', '/help']);
    expect($('form[action="/logout"]')).not.toHaveLength(0);
    for (const page of ['', '/profile', '/majors', '/courses', '/exam', '/rules', '/results', '/photo']) {
      const { status, headers } = await centre.ask(`/center${page}`, { cookie });
      expect([page, status, headers.location]).toEqual([page, 303, '/center/confirmation']);
    }
  });

  it('The page 现场确认区县 tells a confirmed candidate that there is nothing to do', async () => {
    const { text } = await confirmation(CONFIRMED);
    expect(text).toContain('您已完成现场确认');
    expect(text).not.toContain('凭单');
  });

  it('The page 现场确认区县 shows no voucher after the deadline, but how to register again', async () => {
    centre.clock.time = new Date('2026-12-08T16:00:00.000Z');
    const { text } = await confirmation(NEW);
    expect(text).toContain('注册已失效');
    expect(text).toContain('2026年12月8日 24:00');
    expect(text).toContain('重新注册');
    expect(text).toContain('zikao.bjeea.cn');
    expect(text).not.toMatch(/西直门|\*\*\*/);
    centre.clock.time = new Date(NOW);
  });
});
