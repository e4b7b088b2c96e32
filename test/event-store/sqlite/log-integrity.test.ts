import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { streamRules } from '../../../src/composition/known/stream-categories.js';
import { damagesOfLog, type LogCheck } from '../../../src/event-store/sqlite/log-integrity.js';
import { cutLog, pastTriggers } from './past-triggers.js';

const FIXTURE = new URL('../../fixtures/first-release/events.sqlite', import.meta.url);
/** A stream of a candidate with several events. */
const STREAM = `(SELECT id FROM streams WHERE name LIKE 'candidate-%' AND (SELECT count(*) FROM events WHERE stream = streams.id) > 2 ORDER BY id LIMIT 1)`;

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-integrity-'));
  file = join(folder, 'events.sqlite');
  copyFileSync(FIXTURE, file);
});
afterEach(() => rmSync(folder, { recursive: true }));

function found(check: LogCheck): readonly string[] {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    return damagesOfLog(db, streamRules, check);
  } finally {
    db.close();
  }
}

describe('The check of a log', () => {
  it.each<LogCheck>(['quick', 'structure', 'whole'])(
    'The check of a log finds nothing (%s) in one of the first release, nor in an older copy of it',
    (check) => {
      expect(found(check)).toEqual([]);
      cutLog(file, 700);
      expect(found(check)).toEqual([]);
    },
  );

  it.each<readonly [name: string, sql: string, check: LogCheck, named: RegExp]>([
    ['an event that is gone', 'DELETE FROM events WHERE position = 1000', 'quick', /事件只有 1487 条：缺少 1 条，例如位置 0000000000001000/],
    ['the first events gone', 'DELETE FROM events WHERE position < 3', 'quick', /缺少 2 条，例如位置 0000000000000001/],
    ['events moved to other positions', 'UPDATE events SET position = position + 10000', 'quick', /缺少 10000 条/],
    [
      'a subject that is gone',
      `UPDATE streams SET subject = NULL WHERE id = ${STREAM}`,
      'quick',
      /1 个事件流没有记着是哪位考生的，或不该记着考生，例如 candidate-/,
    ],
    ['a subject of what is about nobody', `UPDATE streams SET subject = 'x' WHERE name LIKE 'course-%'`, 'quick', /100 个事件流.+例如 course-/],
    [
      'a subject that is another',
      `UPDATE streams SET subject = 'x' WHERE id = ${STREAM}`,
      'structure',
      /1 个事件流记着的考生与其中的事件不符，例如 candidate-/,
    ],
    [
      'a revision that is another',
      `UPDATE events SET revision = 99 WHERE stream = ${STREAM} AND revision = 1`,
      'structure',
      /1 个事件流缺少事件，或事件的次序不对/,
    ],
    [
      'two revisions exchanged',
      [`1 THEN 98`, `2 THEN 1`, `98 THEN 2`]
        .map((when) => `UPDATE events SET revision = CASE revision WHEN ${when} ELSE revision END WHERE stream = ${STREAM}`)
        .join(';'),
      'structure',
      /1 个事件流缺少事件，或事件的次序不对/,
    ],
    ['a stream without events', `INSERT INTO streams (name) VALUES ('course-none')`, 'structure', /1 个事件流缺少事件，.+例如 course-none/],
    ['a stream that is gone', `DELETE FROM streams WHERE id = ${STREAM}`, 'structure', /事件属于 1 个没有登记的事件流/],
    ['data cut off', `UPDATE events SET data = substr(data, 1, 9) WHERE position = 1000`, 'whole', /1 条事件不完整，例如位置 0000000000001000/],
    ['an id cut off', `UPDATE events SET id = x'00' WHERE position = 1000`, 'whole', /1 条事件不完整，例如位置 0000000000001000/],
  ])('The check of a log finds %s', (_, sql, check, named) => {
    pastTriggers(file, sql);
    expect(found(check)).toContainEqual(expect.stringMatching(named));
    expect(found('whole')).toContainEqual(expect.stringMatching(named));
  });

  it.each([
    ['is gone', 'DROP TRIGGER events_never_change'],
    ['does nothing', 'DROP TRIGGER events_never_change; CREATE TRIGGER events_never_change BEFORE UPDATE ON events BEGIN SELECT 1; END'],
  ])('The check of a log finds that a trigger which keeps events from being changed %s', (_, sql) => {
    const db = new DatabaseSync(file);
    db.exec(sql);
    db.close();
    expect(found('quick')).toEqual([expect.stringMatching(/^events_never_change 不见了或被改动/)]);
  });
});
