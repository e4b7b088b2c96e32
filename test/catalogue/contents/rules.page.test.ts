import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { TestCentre } from '../../centre.js';
import { NOW } from '../../web/announced.js';

let centre: TestCentre;
let cookie: string;
beforeAll(async () => {
  centre = await TestCentre.open(NOW);
  await centre.candidate('119900000001');
  cookie = await centre.signIn('119900000001');
});
afterAll(() => centre.close());

it('The page 考试规则 shows the nine default articles while the office has published none', async () => {
  const { $, text } = await centre.ask('/center/rules', { cookie });
  expect($('.prose h2, .prose h3').length).toBeGreaterThanOrEqual(9);
  expect(text).toContain('2B 铅笔');
});

it('The page 考试规则 shows the published text from the instant on at which it takes effect', async () => {
  await centre.rows('contents', { key: 'rules', effective_from: '2026-11-22T10:30:00+08:00', body: '**新规则**\n\n只有 1 < 2 条' });
  expect((await centre.ask('/center/rules', { cookie })).text).not.toContain('新规则');
  centre.clock.time = new Date('2026-11-22T02:30:00.000Z');
  const { $, text } = await centre.ask('/center/rules', { cookie });
  expect($('.prose strong').text()).toBe('新规则');
  expect(text).toContain('只有 1 < 2 条');
});
