import { describe, expect, it } from '@jest/globals';
import { contents } from '../../../projections/contents.js';
import { content, publishContent } from '../../../src/catalogue/contents/content.decider.js';
import { contents as contentsFile } from '../../../src/catalogue/contents/contents.import.js';
import { PublishContent } from '../../../src/catalogue/contents/publish-content.command.js';
import { anyGiven, decided, documentOf } from '../../decided.js';
import { rowsOf } from '../../file-rows.js';
import { given } from '../../given.js';
import { projected } from '../../projections/projected.js';

describe('A content', () => {
  const january = '2026-01-26T11:34:05.000Z';
  const march = '2026-03-01T00:00:00.000Z';
  const december = '2026-12-01T00:00:00.000Z';
  const publish = (effectiveFrom: string, body: string) => new PublishContent(anyGiven, 'rules', { effectiveFrom, body });
  const shown = (...versions: readonly PublishContent[]) => documentOf(contents, decided(content, publishContent, versions));

  it('A content is published, and again only when its text or its instant changed', () => {
    const published = { type: 'ContentPublished', data: { key: 'rules', effectiveFrom: january, body: '第一条' } } as const;
    given(content, [])
      .when((state) => publishContent(state, publish(january, '第一条')))
      .then([published]);
    given(content, [published])
      .when((state) => publishContent(state, publish(january, '第一条')))
      .then([]);
  });

  it('A content holds until the next version takes effect', () =>
    expect(shown(publish(january, '旧'), publish(december, '新'))).toEqual({ [january]: '旧', [december]: '新' }));

  it('A content replaces a version published before it that is not in effect yet', () =>
    expect(shown(publish(january, '旧'), publish(december, '新'), publish(january, '旧'))).toEqual({ [january]: '旧' }));

  it('A content takes effect later when its instant is moved before it was reached', () =>
    expect(shown(publish(january, '旧'), publish('2026-11-01T00:00:00.000Z', '新'), publish(december, '新'))).toEqual({ [january]: '旧', [december]: '新' }));

  it('A content keeps a version that was in effect when its instant is moved', () =>
    expect(shown(publish(january, '旧'), publish(march, '新'))).toEqual({ [january]: '旧', [march]: '新' }));
});

describe('A row of contents.csv', () => {
  const rows = rowsOf(contentsFile, { key: 'rules', effective_from: '2026-01-26T19:34:05+08:00', body: '第一条 示范规则' });

  it('A row of contents.csv becomes PublishContent', () =>
    expect(rows.command()).toMatchObject({ key: 'rules', version: { effectiveFrom: '2026-01-26T11:34:05.000Z', body: '第一条 示范规则' } }));

  it.each([
    ['key', 'rule'],
    ['effective_from', ''],
    ['body', '<a href="javascript:alert(1)">规则</a>'],
  ])('A row of contents.csv is refused for %s when it is %j', (column, value) => expect(rows.faulted({ [column]: value })).toEqual([column]));

  it('A row of contents.csv is read or refused for any values, and never throws', () => rows.neverThrows());
});

it('The read model of contents has versions by their instants, without a pending one that a later version replaced', async () => {
  const published = (effectiveFrom: string, body: string) => ({ type: 'ContentPublished', data: { key: 'rules', effectiveFrom, body } }) as const;
  const events = [published('2026-01-01T00:00:00Z', 'a'), published('2027-01-01T00:00:00Z', 'b'), published('2026-06-01T00:00:00Z', 'c')];
  expect(await projected(contents, events)).toEqual({ rules: { '2026-01-01T00:00:00Z': 'a', '2026-06-01T00:00:00Z': 'c' } });
  expect(await projected(contents, [...events, published('2026-06-01T00:00:00.000Z', 'd')])).toEqual({
    rules: { '2026-01-01T00:00:00Z': 'a', '2026-06-01T00:00:00.000Z': 'd' },
  });
});
