import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { knownProjections } from '../../../src/composition/known/projections.js';
import { EventStore } from '../../../src/event-store/event-store.js';
import { log } from '../../../src/kernel/log.js';
import { StoreUnavailable } from '../../../src/kernel/store-unavailable.js';
import type { Projection } from '../../../src/read-models/projection.js';
import { ReadModels } from '../../../src/read-models/read-models.js';
import { ForgetCandidate } from '../../../src/registrations/forget-candidate.command.js';
import { TestCentre } from '../../centre.js';
import { projected } from '../../projections/projected.js';
import { OfficeBrowser } from '../office-browser.js';

const NO = '119912345001';
const CITIZEN = '110101199001011237';
const FIELD = '2610.00249.result.score';

let centre: TestCentre;
let id: string;
let city: OfficeBrowser;
let operator: OfficeBrowser;
const file = (path = '') => `/office/candidates/${id}${path}`;
const why = (field: string, model = 'sittings') => file(`/why?model=${model}&field=${field}`);
const viewings = async () => (await centre.get(EventStore).read('', 10_000, { types: ['PersonViewed'] })).events.map(({ data }) => data);

beforeAll(async () => {
  centre = await TestCentre.open();
  await centre.rows('districts', { name: '东城区', office: '东城区自考办', place: '一层', address: '北京市', phone: '010-00000000' });
  await centre.rows('periods', { period: '2610', name: '2026年10月', results_released: '2026-11-20T10:00:00+08:00' });
  await centre.rows('courses', { code: '00249', name: '国际私法', credits: '4' });
  id = await centre.candidate(NO, { district: '东城区', name: '赵明远', id_no: CITIZEN });
  for (const score of ['58', '63', '71']) await centre.rows('scores', { admission_no: NO, period: '2610', course: '00249', score });
  city = await OfficeBrowser.signedIn(centre, 'shi-1', 'city');
  operator = await OfficeBrowser.signedIn(centre, 'yun-1', 'operator');
});
afterAll(() => centre.close());

describe('The timeline of a file', () => {
  it('The timeline of a file says in plain words what happened, with the releases, and no citizen number', async () => {
    const { status, text, $ } = await city.get(file());
    expect(status).toBe(200);
    for (const said of ['00249 国际私法 的成绩更正为：71 分，合格', '的成绩：58 分，不合格', '2026年10月的成绩发布', '赵明远，准考证号'])
      expect(text).toContain(said);
    expect([$('h1').text().includes('赵明远'), text.includes(CITIZEN)]).toEqual([true, false]);
  });

  it('The timeline of a file is filtered by kind, origin and day, and takes anything else for no filter', async () => {
    const count = async (query: string) => (await city.get(file(query))).$('.did a.path').length;
    const all = await count('');
    expect([
      await count('?kind=result'),
      await count('?origin=person'),
      await count('?kind=result&since=2099-01-01'),
      await count('?until=1999-01-01'),
    ]).toEqual([3, 0, 0, 0]);
    expect(await count('?kind=nonsense&since=nonsense&origin=&before=x')).toBe(all);
  });

  it('The timeline of a file marks the event that was searched for', async () => {
    const [history = []] = await centre.get(EventStore).streams([`results-${id}-2610`]);
    const { headers } = await city.post('/office/search', { q: `results-${id}-2610@1` });
    expect(headers.location).toBe(file(`?event=${history[1]?.position}`));
    expect((await city.get(String(headers.location))).$('.did.open').text()).toContain('63 分');
  });

  it('The timeline of a file shows an operator what was recorded, and no value of a person', async () => {
    const { text, body } = await operator.get(file());
    expect(text).toContain('"type": "ScoreCorrected"');
    for (const value of ['赵明远', NO, CITIZEN]) expect(body).not.toContain(value);
    expect((await city.get(file())).text).not.toContain('"type"');
  });
});

describe('The data of a file', () => {
  const row = async (path: string, query: string, browser = city) => {
    const { $ } = await browser.get(file(`/data?model=sittings${query}`));
    const found = $('.sides tbody tr')
      .toArray()
      .find((each) => $(each).find('code').text() === path);
    return (
      found && [
        $(found).find('.mark').text(),
        ...$(found)
          .find('td')
          .toArray()
          .slice(0, 2)
          .map((each) => $(each).text()),
      ]
    );
  };

  it('The data of a file shows what the last event changed, and any two moments', async () => {
    expect(await row(FIELD, '')).toEqual(['改', '63', '71']);
    expect(await row(FIELD, '&left=0&right=1')).toEqual(['增', '没有', '58']);
    expect(await row(FIELD, '&left=3&right=1')).toEqual(['改', '71', '58']);
    expect(await row(FIELD, '&left=3&right=3')).toBeUndefined();
    expect(await row(FIELD, '&left=3&right=3&all=1')).toEqual(['同', '71', '71']);
  });

  it('The data of a file is shown at any time of the clock, by Beijing’s time', async () => {
    expect(await row(FIELD, '&leftAt=1999-01-01T00:00&rightAt=2099-01-01T00:00')).toEqual(['增', '没有', '71']);
    expect(await row(FIELD, '&left=999999&right=0&leftAt=nonsense')).toEqual(['删', '71', '没有']);
    expect(await row(FIELD, '&left=nonsense&right=-5')).toEqual(['改', '63', '71']);
  });

  it('The data of a file opens nothing that is sealed', async () => {
    for (const browser of [city, operator]) {
      const { $, text } = await browser.get(file('/data?model=candidate&left=0&all=1'));
      expect(text).toContain('〔密封〕');
      expect($('.sides').text()).not.toContain('赵明远');
    }
  });

  it('The data of a file chooses the document that an event changed', async () => {
    const [history = []] = await centre.get(EventStore).streams([`results-${id}-2610`]);
    const { $ } = await city.get(file(`/data?event=${history[1]?.position}`));
    expect([$('h2').first().text(), $('.sides .differs').first().text()]).toEqual(['考试与成绩', expect.stringContaining('58')]);
  });
});

describe('The reasons for a field', () => {
  it('The reasons for a field are the events that changed it, with what each set, and that the page agrees', async () => {
    const { $, text } = await city.get(why(FIELD));
    const told = $('.chain li')
      .toArray()
      .map((each) => $(each).find('.was-to').text().replace(/\s+/g, ' ').trim());
    expect(told).toEqual(['63 → 71', '58 → 63', '没有值 → 58']);
    expect([text.includes('与页面所用的一致'), text.includes('还有 0 个事件')]).toEqual([true, true]);
  });

  it.each([
    ['2610.00249.nothing', 'sittings'],
    [FIELD, 'nothing'],
    ['', 'sittings'],
    ['__proto__', 'sittings'],
  ])('The reasons for a field that there is none of are not found: %s of %s', async (field, model) =>
    expect((await city.get(why(field, model))).status).toBe(404),
  );

  it('The reasons for a field that pages do not show say nothing of pages', async () => {
    expect((await city.get(why('district', 'candidate'))).$('#shown').length).toBe(1);
    expect((await city.get(why('2610.00249.correctedAt'))).$('#shown').length).toBe(0);
  });
});

describe('The pages of a file', () => {
  it('The pages of a file are those of the candidate, with no form, link or script that works', async () => {
    const { $ } = await city.get(file('/pages?page=results'));
    const inner = $('iframe').attr('srcdoc') ?? '';
    expect([inner.includes('国际私法'), inner.includes('71'), $('iframe').attr('sandbox')]).toEqual([true, true, 'allow-same-origin']);
    expect(inner).not.toMatch(/<script|<form(?! inert)|<a(?! inert)\b/);
  });

  it('The pages of a file record nothing but that they were looked at, and give nobody a session', async () => {
    const head = await centre.get(EventStore).head();
    const { headers } = await city.get(file('/pages?page=home'));
    const { events } = await centre.get(EventStore).read(head, 100);
    expect(events.map(({ type }) => type)).toEqual(['PersonViewed']);
    expect(String(headers['set-cookie'] ?? '')).not.toContain('session');
  });

  it('The pages of a file say nothing of what the candidate sees while that cannot be read', async () => {
    jest.spyOn(log, 'error').mockImplementation(() => undefined);
    const readModels = centre.get(ReadModels);
    const get = readModels.get.bind(readModels);
    const spy = jest
      .spyOn(readModels, 'get')
      .mockImplementation((model, key) => (model.name === 'sittings' ? Promise.reject(new StoreUnavailable('away')) : get(model, key)));
    const { status, text } = await city.get(file('/pages?page=results'));
    spy.mockRestore();
    expect([status, text.includes('看不到')]).toEqual([503, false]);
  });

  it('The pages of a file that are none are not found, and a page that the candidate is not shown is said to be so', async () => {
    expect((await city.get(file('/pages?page=nothing'))).status).toBe(404);
    const unconfirmed = await centre.candidate('119912345077', { district: '东城区', confirmed: 'N' });
    expect((await city.get(`/office/candidates/${unconfirmed}/pages?page=results`)).text).toContain('考生现在看不到这一页');
  });
});

describe('The masked values of a file', () => {
  it('The masked values of a file are shown to whoever says why, once that is recorded', async () => {
    const { text } = await city.post(file('/reveal'), { reason: '接听来电核对' });
    expect(text.replaceAll(' ', '')).toContain(CITIZEN);
    expect((await viewings()).at(-1)).toMatchObject({ what: '档案：证件号码', reason: '接听来电核对', candidateIds: [id] });
  });

  it.each([[''], [`核对 ${CITIZEN}`], [`核对 ${CITIZEN.replace(/(......)/g, '$1-')}`], ['赵 明远来电'], ['核\u202e对'], ['x'.repeat(501)], ['一\n二']])(
    'The masked values of a file stay masked for the reason %j',
    async (reason) => {
      const { status, body } = await city.post(file('/reveal'), { reason });
      expect([status, body.replace(/value="[^"]*"/, '').includes(CITIZEN)]).toEqual([422, false]);
    },
  );

  it('The masked values of a file are refused to an operator', async () => expect((await operator.post(file('/reveal'), { reason: '核对' })).status).toBe(403));
});

describe('A test made of a file', () => {
  it('A test made of a file has the events and the document, and neither the candidate nor anything sealed', async () => {
    const { headers, body } = await operator.get(file(`/fixture?model=sittings&field=${FIELD}`));
    expect(headers['content-disposition']).toBe('attachment; filename="sittings.projection.test.ts"');
    expect(body).toContain('"score": 71');
    const whole = (await operator.get(file('/fixture?model=candidate'))).body;
    expect(whole).toContain('〔密封〕');
    for (const value of [id, NO, CITIZEN, '赵明远']) expect([value, body.includes(value), whole.includes(value)]).toEqual([value, false, false]);
  });

  it.each([['sittings'], ['candidate'], ['candidate-districts']])('A test made of a file holds: %s', async (name) => {
    const { body } = await operator.get(file(`/fixture?model=${name}`));
    const value = (of: string) => JSON.parse(new RegExp(`const ${of} = ([\\s\\S]*?)(?: as const)?;\\n\\n`).exec(body)?.[1] ?? '');
    const projection = knownProjections.find((each) => each.name === name) as Projection;
    const documents = await projected(projection, [...value('given'), value('when')] as never);
    expect(documents['candidate-1']).toEqual(value('then'));
    expect(Object.keys(documents)).toEqual(['candidate-1']);
  });

  it('A test made of a file is none where there are no events', async () => {
    expect((await operator.get(file('/fixture?model=nothing'))).status).toBe(404);
    expect((await operator.get(file('/fixture?model=sittings&field=nothing'))).status).toBe(404);
  });
});

describe('Opening a file', () => {
  it.each(['', '/data', `/why?model=sittings&field=${FIELD}`, '/pages'])('Opening a file is recorded before anything is read of it: %s', async (path) => {
    const before = (await viewings()).length;
    expect((await city.get(file(path))).status).toBe(200);
    expect((await viewings()).slice(before)).toEqual([expect.objectContaining({ candidateIds: [id], what: expect.stringMatching(/^档案：/) })]);
  });

  it('Opening a file shows nothing where it cannot be recorded', async () => {
    jest.spyOn(log, 'error').mockImplementation(() => undefined);
    for (const path of ['', '/data', `/why?model=sittings&field=${FIELD}`, '/pages']) {
      const spy = jest.spyOn(centre.get(EventStore), 'append').mockRejectedValue(new StoreUnavailable('away'));
      const { status, body } = await city.get(file(path));
      spy.mockRestore();
      expect([path, status, body.includes('赵明远') || body.includes('00249')]).toEqual([path, 503, false]);
    }
  });

  it('Opening a file changes nothing about the candidate', async () => {
    const count = async () => (await centre.get(EventStore).subject(id)).length;
    const before = await count();
    await city.get(file());
    expect(await count()).toBe(before);
  });

  it('Opening a file of a candidate who was forgotten tells what happened, and nothing of a state or a person', async () => {
    const gone = await centre.candidate('119912345088', { district: '东城区', name: '孙无名' });
    await centre.record(new ForgetCandidate(centre.given(), gone));
    const { status, text } = await city.get(`/office/candidates/${gone}`);
    expect([status, text.includes('个人信息的密钥已销毁'), text.includes('个人信息已经不在了'), text.includes('账号正常'), text.includes('孙无名')]).toEqual([
      200,
      true,
      true,
      false,
      false,
    ]);
    for (const path of ['/data?all=1', '/data?model=candidate&left=1&right=1&all=1', '/pages'])
      expect((await city.get(`/office/candidates/${gone}${path}`)).status).toBe(200);
    expect((await city.post(`/office/candidates/${gone}/reveal`, { reason: '核对' })).text).toContain('个人信息已经不在了');
    expect((await city.get('/office/candidates?district=东城区')).body).not.toContain(gone);
  });
});
