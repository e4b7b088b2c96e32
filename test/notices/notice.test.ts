import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { notices as documents } from '../../projections/notices.js';
import type { NoticeText } from '../../src/notices/notice.decider.js';
import { notice, publishNotice, withdrawNotice } from '../../src/notices/notice.decider.js';
import type { NoticeEvent } from '../../src/notices/notices.events.js';
import { notices } from '../../src/notices/notices.import.js';
import { PublishNotice } from '../../src/notices/publish-notice.command.js';
import { WithdrawNotice } from '../../src/notices/withdraw-notice.command.js';
import { anyGiven, documentOf, lastRecordedWins } from '../decided.js';
import { rowsOf } from '../file-rows.js';
import { given } from '../given.js';

const text: NoticeText = { title: '关于课程免考申请的通知', publishedAt: '2026-11-02T11:34:05.000Z', body: '符合条件的考生可提出申请。' };
const publish = (changes: Partial<NoticeText> = {}) => new PublishNotice(anyGiven, 'n2', { ...text, ...changes });
const withdraw = new WithdrawNotice(anyGiven, 'n2');
const published: NoticeEvent = { type: 'NoticePublished', data: { notice: 'n2', ...text } };
const withdrawn: NoticeEvent = { type: 'NoticeWithdrawn', data: { notice: 'n2' } };

const decide = (state: ReturnType<typeof notice.initial>, command: PublishNotice | WithdrawNotice) =>
  command instanceof PublishNotice ? publishNotice(state, command) : withdrawNotice(state, command);

describe('A notice', () => {
  it.each<[string, NoticeEvent[], PublishNotice | WithdrawNotice, NoticeEvent[]]>([
    ['is published', [], publish(), [published]],
    ['is published once', [published], publish(), []],
    [
      'is published with another text',
      [published],
      publish({ body: '已截止。' }),
      [{ type: 'NoticePublished', data: { ...published.data, body: '已截止。' } } as NoticeEvent],
    ],
    ['is withdrawn', [published], withdraw, [withdrawn]],
    ['is withdrawn once', [published, withdrawn], withdraw, []],
    ['is not withdrawn where it was never published', [], withdraw, []],
    ['is published again', [published, withdrawn], publish(), [published]],
  ])('A notice %s', (_, before, command, after) =>
    given(notice, before)
      .when((state) => decide(state, command))
      .then(after),
  );

  it('A notice ends in the state that was recorded last', () =>
    lastRecordedWins({
      decider: notice,
      decide,
      commands: fc.constantFrom(publish(), publish({ title: '更正' }), publish({ body: '已截止。' }), withdraw),
      shown: (events) => documentOf(documents, events) ?? documents.empty,
    }));
});

describe('A row of notices.csv', () => {
  const rows = rowsOf(notices, { id: 'n2', title: text.title, published_at: '2026-11-02T19:34:05+08:00', state: 'published', body: text.body });

  it('A row of notices.csv becomes PublishNotice or WithdrawNotice', () => {
    expect(rows.command()).toEqual(publish());
    expect(rows.command({ state: 'withdrawn' })).toEqual(withdraw);
  });

  it.each([
    ['id', 'n 2'],
    ['title', ''],
    ['title', '一\n二'],
    ['published_at', '2026-11-02'],
    ['state', 'draft'],
    ['body', ''],
    ['body', ' \n '],
    ['body', '字'.repeat(100_001)],
    ['body', '<script>alert(1)</script>'],
    ['body', '请看 <b>这里</b>。'],
    ['body', '<img src=x onerror=alert(1)>'],
    ['body', '> <div>'],
    ['body', '- 一\n- <i>二</i>'],
    ['body', '<!-- 草稿 -->'],
    ['body', '| 甲 |\n|---|\n| <u>乙</u> |'],
  ])('A row of notices.csv is refused for %s when it is %j', (column, value) => expect(rows.faulted({ [column]: value })).toEqual([column]));

  it.each([
    ['a comparison', '成绩 < 60 分为不合格'],
    ['an address', '见 <https://www.bjeea.cn>'],
    ['HTML shown as text', '标签写作 `<b>`'],
    ['lists, links and headings', '# 说明\n\n- [官网](https://www.bjeea.cn)\n- **注意**\n'],
  ])('A row of notices.csv accepts %s', (_, body) => expect(rows.faulted({ body })).toEqual([]));

  it('A row of notices.csv has the same text with any line endings', () => expect(rows.row({ body: '一\r\n二' })).toEqual(rows.row({ body: '一\n二' })));

  it('A row of notices.csv is read or refused for any values, and never throws', () => rows.neverThrows());
});
