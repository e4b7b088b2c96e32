import { describe, expect, it } from '@jest/globals';
import type { Event, Metadata, Recorded } from '../../src/event-store/event.js';
import { sentenceOf, timelineOf } from '../../src/timeline/timeline.js';
import type { Words } from '../../src/timeline/words.js';
import { type Draw } from '../event-values.js';
import { drawn, everyType } from '../every-event.js';

const words: Words = {
  course: (code) => `${code} 形势与政策`,
  major: (code) => `${code} 汉语言文学`,
  period: (code) => `${code}期`,
  open: () => undefined,
  idNo: (number) => number,
};

/** Chooses the first or the last of each, so that what may be missing is missing once. */
const draws = (at: 0 | -1): Draw => ({
  id: (kind) => (kind === 'period' ? '2610' : `one-${kind}`),
  of: (...values) => values.at(at) as (typeof values)[number],
  instant: () => '2026-11-22T10:24:00.000Z',
});

function recorded(event: Event & { readonly subject?: string }, metadata: Partial<Metadata> = {}): Recorded {
  const place = { id: 'event-1', stream: 'a-stream', revision: 0, position: '1', recordedAt: '2026-11-22T10:24:00.000Z' };
  return { ...event, ...place, metadata: { command: 'a-command', correlation: 'a-request', by: 'import', origin: 'import', ...metadata } };
}

describe('A sentence of the timeline', () => {
  it.each(everyType)('A sentence of the timeline says in Chinese what %s is, with nothing undefined and nothing sealed', (type) => {
    for (const at of [0, -1] as const) {
      const sentence = sentenceOf(recorded(drawn(type, draws(at))), words);
      expect(sentence).toMatch(/\p{Script=Han}{2}/u);
      expect(sentence).not.toMatch(/undefined|null|NaN|\[object|one-sealed|。$/);
    }
  });

  it('A sentence of the timeline names courses and scores as people say them', () => {
    const data = { candidateId: 'zhang', period: '2610', course: '00249' };
    const said = (type: string, more: object) => sentenceOf(recorded({ type, data: { ...data, ...more } }), words);
    expect(said('ScoreRecorded', { result: { score: 58 } })).toBe('2610期 00249 形势与政策 的成绩：58 分，不合格');
    expect(said('ScoreCorrected', { result: { remark: '缺考' } })).toBe('2610期 00249 形势与政策 的成绩更正为：缺考');
    expect(said('CourseEnrolled', {})).toBe('报考 2610期 00249 形势与政策');
  });

  it('A sentence of the timeline holds personal values only where they may be seen', () => {
    const person = { admissionNo: '110000000001', name: '赵明远', idType: '身份证', idNo: '110101199001011237', sex: '男', birth: '1990-01-01' };
    const registered = recorded({
      type: 'CandidateRegistered',
      data: { candidateId: 'zhang', district: '海淀区', registeredPeriod: '2604', person: 'sealed' },
    });
    expect(sentenceOf(registered, words)).toBe('登记为考生：考区 海淀区，注册时间 2604期，照片未上传');
    const open = <T>() => person as T;
    expect(sentenceOf(registered, { ...words, open })).toContain('赵明远，准考证号 110000000001，身份证 110101199001011237');
  });

  it('A sentence of the timeline of an event of a newer release says that this one cannot read it', () => {
    expect(sentenceOf({ ...recorded({ type: 'SomethingNew', data: {} }), unknown: true }, words)).toBe('SomethingNew：由更新的程序版本记录，这个版本读不懂');
  });
});

it('The timeline says of each event who recorded it: the candidate, an officer, an import or a reactor', () => {
  const event = { type: 'SiteConfirmed', data: { candidateId: 'zhang' }, subject: 'zhang' };
  const entries = timelineOf(
    [
      recorded(event, { by: 'zhang', origin: 'person' }),
      recorded(event, { by: 'office:li', origin: 'office', why: '核对' }),
      recorded(event),
      recorded(event, { by: 'payments', origin: 'reaction' }),
    ],
    words,
  );
  expect(entries.map(({ who, why }) => [who, why])).toEqual([
    ['考生本人', undefined],
    ['办理人 li', '核对'],
    ['导入', undefined],
    ['自动（payments）', undefined],
  ]);
});
