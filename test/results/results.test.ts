import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sittings } from '../../projections/sittings.js';
import { RecordScore } from '../../src/results/record-score.command.js';
import { recordScore, results, withdrawScore, withholdScore } from '../../src/results/results.decider.js';
import type { Result, ResultEvent } from '../../src/results/results.events.js';
import { scores } from '../../src/results/scores.import.js';
import { anyGiven, documentOf, lastRecordedWins } from '../decided.js';
import { rowsOf } from '../file-rows.js';
import { given } from '../given.js';

const about = { candidateId: 'c1', period: '2604', course: '00058' };
const record = (result: Result) => new RecordScore(anyGiven, 'c1', '2604', '00058', result);
const recorded = (result: Result): ResultEvent => ({ type: 'ScoreRecorded', data: { ...about, result } });
const corrected = (result: Result): ResultEvent => ({ type: 'ScoreCorrected', data: { ...about, result } });
const withheld: ResultEvent = { type: 'ScoreWithheld', data: about };
const withdrawn: ResultEvent = { type: 'ScoreWithdrawn', data: about };
const ofAnotherCourse: ResultEvent = { type: 'ScoreRecorded', data: { ...about, course: '00159', result: { score: 60 } } };

describe('A result', () => {
  it.each<[string, ResultEvent[], Result, ResultEvent[]]>([
    ['is recorded', [ofAnotherCourse], { score: 60 }, [recorded({ score: 60 })]],
    ['of zero points is recorded', [], { score: 0 }, [recorded({ score: 0 })]],
    ['of zero points is recorded once', [recorded({ score: 0 })], { score: 0 }, []],
    ['is recorded once', [recorded({ grade: '优' })], { grade: '优' }, []],
    ['is corrected', [recorded({ score: 59 })], { score: 60 }, [corrected({ score: 60 })]],
    ['is corrected once', [recorded({ score: 59 }), corrected({ score: 60 })], { score: 60 }, []],
    ['is corrected back', [recorded({ score: 59 }), corrected({ score: 60 })], { score: 59 }, [corrected({ score: 59 })]],
    ['is voided', [recorded({ score: 88 })], { remark: '作弊' }, [corrected({ remark: '作弊' })]],
    ['is first recorded where it was only withheld', [withheld], { score: 60 }, [recorded({ score: 60 })]],
    ['is corrected where it was recorded and then withheld', [recorded({ score: 59 }), withheld], { score: 60 }, [corrected({ score: 60 })]],
    ['that was withheld is restored', [recorded({ score: 59 }), withheld], { score: 59 }, [corrected({ score: 59 })]],
    ['is first recorded again where it was withdrawn', [recorded({ score: 59 }), withdrawn], { score: 59 }, [recorded({ score: 59 })]],
    ['is a grade rather than a score', [recorded({ score: 88 })], { grade: '优' }, [corrected({ grade: '优' })]],
  ])('A result %s', (_, before, result, after) =>
    given(results, before)
      .when((state) => recordScore(state, record(result)))
      .then(after),
  );

  it.each<[string, ResultEvent[], ResultEvent[]]>([
    ['that nobody has recorded', [ofAnotherCourse], [withheld]],
    ['that is recorded', [recorded({ score: 59 })], [withheld]],
    ['once', [recorded({ score: 59 }), withheld], []],
    ['again after it was corrected', [recorded({ score: 59 }), withheld, corrected({ score: 60 })], [withheld]],
  ])('A result is withheld %s', (_, before, after) =>
    given(results, before)
      .when((state) => withholdScore(state, about))
      .then(after),
  );

  it.each<[string, ResultEvent[], ResultEvent[]]>([
    ['that is recorded', [recorded({ score: 59 })], [withdrawn]],
    ['that is withheld', [withheld], [withdrawn]],
    ['not where there is none', [ofAnotherCourse], []],
    ['once', [recorded({ score: 59 }), withdrawn], []],
  ])('A result is withdrawn %s', (_, before, after) =>
    given(results, before)
      .when((state) => withdrawScore(state, about))
      .then(after),
  );

  it('A result is the one that was recorded last', () =>
    lastRecordedWins({
      decider: results,
      decide: recordScore,
      commands: fc.constantFrom<Result>({ score: 0 }, { score: 60 }, { grade: '不及格' }, { remark: '缺考' }).map(record),
      shown: (events) => documentOf(sittings, events)?.['2604']?.['00058']?.result,
    }));
});

describe('A row of scores.csv', () => {
  const rows = rowsOf(scores, { admission_no: '103000000003', period: '2604', course: '00058', score: '71', grade: '', remark: '' });

  it.each<[string, Record<string, string>, Result]>([
    ['score', {}, { score: 71 }],
    ['score of zero', { score: '0' }, { score: 0 }],
    ['full score', { score: '100' }, { score: 100 }],
    ['grade', { score: '', grade: '及格' }, { grade: '及格' }],
    ['remark', { score: '', remark: '违纪' }, { remark: '违纪' }],
  ])('A row of scores.csv becomes RecordScore with a %s', (_, changes, result) =>
    expect(rows.command(changes)).toMatchObject({ candidateId: 'c1', period: '2604', course: '00058', result }),
  );

  it.each([
    ['score', '101'],
    ['score', '-1'],
    ['score', '59.5'],
    ['score', '85.0'],
    ['score', '060'],
    ['score', '1e2'],
    ['score', '六十'],
    ['score', ' 71'],
    ['grade', '良好'],
    ['remark', '迟到'],
  ])('A row of scores.csv is refused for %s when it is %j', (column, value) => expect(rows.faulted({ score: '', [column]: value })).toEqual([column]));

  it.each([
    ['none of the three', { score: '' }],
    ['a score and a grade', { grade: '优' }],
    ['a score and a remark', { remark: '缺考' }],
    ['all three', { grade: '优', remark: '缺考' }],
  ])('A row of scores.csv is refused for %s', (_, changes) => expect(rows.faulted(changes)).toEqual(['score']));

  it('A row of scores.csv is read or refused for any values, and never throws', () => rows.neverThrows());
});
