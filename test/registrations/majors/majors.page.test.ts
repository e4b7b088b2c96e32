import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestCentre } from '../../centre.js';
import { announce, NOW } from '../../web/announced.js';

const ONE = '119900000001';
const NONE = '119900000002';

let centre: TestCentre;
let cookie: string;
beforeAll(async () => {
  centre = await TestCentre.open(NOW);
  await announce(centre);
  await centre.rows(
    'majors',
    { code: '01A0221', name: '人力资源管理', level: '专科', university: '中国人民大学', state: 'open' },
    { code: '01B0218', name: '新闻学', level: '专升本', university: '北京大学', state: 'closing', last_registration: '2025-10-01', last_exam: '2027-10-24' },
    { code: '01C1503', name: '法律', level: '基础科', university: '中国政法大学', state: 'closed' },
  );
  await centre.rows('major_courses', ...['00015', '00019', '00227', '00230', '03708'].map((course) => ({ major: '01A0221', course, required: 'Y' })), {
    major: '01B0218',
    course: '00015',
    required: 'Y',
  });
  await centre.candidate(ONE);
  await centre.rows(
    'candidate_majors',
    { admission_no: ONE, major: '01C1503', state: 'left', added_period: '2510' },
    { admission_no: ONE, major: '01B0218', state: 'graduated', added_period: '2510' },
    { admission_no: ONE, major: '01A0221', state: 'studying', added_period: '2604' },
  );
  await centre.rows(
    'scores',
    { admission_no: ONE, period: '2510', course: '00227', score: '58' },
    { admission_no: ONE, period: '2604', course: '00227', score: '61' },
    { admission_no: ONE, period: '2510', course: '00015', score: '70' },
    { admission_no: ONE, period: '2604', course: '00015', score: '75' },
    { admission_no: ONE, period: '2604', course: '00230', remark: '作弊' },
    { admission_no: ONE, period: '2610', course: '03708', score: '90' },
  );
  await centre.rows(
    'status_applications',
    { id: 'S1', admission_no: ONE, kind: 'exemption', state: 'approved', applied_on: '2026-10-13', detail: '00019' },
    { id: 'S2', admission_no: ONE, kind: 'exemption', state: 'submitted', applied_on: '2026-10-13', detail: '00230' },
  );
  await centre.candidate(NONE, { id_no: '119900198911070018' });
  cookie = await centre.signIn(ONE);
});
afterAll(() => centre.close());

const majors = (query = '') => centre.ask(`/center/majors${query}`, { cookie });

describe('The page 我的专业', () => {
  it('The page 我的专业 shows code, name with level, university, period and state of each major, those being studied first', async () => {
    const { $ } = await majors();
    const [studying = '', graduated = '', left = ''] = $('#majors .card')
      .map((_, card) => $(card).text().replace(/\s+/g, ' '))
      .get();
    for (const fact of ['人力资源管理（专科）', '学习中', '01A0221', '中国人民大学', '2026年4月自学考试', '正常开设']) expect(studying).toContain(fact);
    for (const fact of ['新闻学（专升本）', '已毕业', '停考过渡']) expect(graduated).toContain(fact);
    for (const fact of ['法律（基础科）', '已离开', '停考']) expect(left).toContain(fact);
  });

  it('The page 我的专业 shows the last dates of a closing major', async () => {
    const { $ } = await majors();
    const card = $('.card:contains("新闻学")').text();
    expect(card).toContain('最后一次新生注册：2025年10月1日');
    expect(card).toContain('最后一次考试：2027年10月24日');
    expect(card).not.toContain('最后一次论文');
  });

  it('The page 我的专业 counts each course of the plan once that is passed in released results or exempted', async () => {
    const { $ } = await majors();
    expect($('.card:contains("01A0221") dd').last().text()).toBe('3 门（计划共 5 门）');
    expect($('.card:contains("01B0218") dd').last().text()).toBe('1 门（计划共 1 门）');
  });

  it('The page 我的专业 counts results from their release on', async () => {
    centre.clock.time = new Date('2026-12-20T01:00:00.000Z');
    const { $ } = await centre.ask('/center/majors', { cookie: await centre.signIn(ONE) });
    expect($('.card:contains("01A0221") dd').last().text()).toBe('4 门（计划共 5 门）');
    centre.clock.time = new Date(NOW);
  });

  it('The page 我的专业 finds majors by the beginning of a code in upper or lower case, and by name', async () => {
    expect((await majors('?code=01b')).$('#majors h2').text()).toContain('新闻学');
    expect((await majors('?code=01b')).$('#majors .card')).toHaveLength(1);
    expect((await majors(`?code=${encodeURIComponent('法律')}`)).$('#majors .card')).toHaveLength(1);
  });

  it('The page 我的专业 says when nothing is found, and refuses too long a text with the form as it was filled in', async () => {
    expect((await majors('?code=99')).text).toContain('没有找到专业');
    const { status, text, $ } = await majors(`?code=${'<b>'.repeat(14)}`);
    expect(status).toBe(422);
    expect(text).toContain('搜索内容太长');
    expect($('[name=code]').val()).toBe('<b>'.repeat(14));
    expect((await centre.part('/center/majors?code=01A', cookie)).body).not.toContain('<form');
  });

  it('The page 我的专业 tells a candidate without majors that there are none', async () => {
    const { text } = await centre.ask('/center/majors', { cookie: await centre.signIn(NONE) });
    expect(text).toContain('还没有注册专业');
    expect(text).not.toContain('人力资源');
  });
});
