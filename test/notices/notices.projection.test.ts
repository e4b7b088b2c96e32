import { expect, it } from '@jest/globals';
import { notices } from '../../projections/notices.js';
import { projected } from '../projections/projected.js';

it('The read model of notices has those that are published and not withdrawn', async () => {
  const published = (notice: string) =>
    ({ type: 'NoticePublished', data: { notice, title: '通知', publishedAt: '2026-11-01T00:00:00Z', body: '正文' } }) as const;
  expect(await projected(notices, [published('n1'), published('n2'), { type: 'NoticeWithdrawn', data: { notice: 'n2' } }])).toEqual({
    n1: { title: '通知', publishedAt: '2026-11-01T00:00:00Z', body: '正文' },
  });
});
