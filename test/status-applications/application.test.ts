import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { applications } from '../../projections/applications.js';
import { application, correctApplication, recordStatusApplication, voidApplication } from '../../src/status-applications/application.decider.js';
import { type ApplicationTerms, RecordStatusApplication } from '../../src/status-applications/record-status-application.command.js';
import type { ApplicationDetails, ApplicationEvent, ApplicationState, ApplicationText } from '../../src/status-applications/status-applications.events.js';
import { statusApplications } from '../../src/status-applications/status-applications.import.js';
import type { Sealed } from '../../src/vault/vault.js';
import { anyGiven, documentOf, lastRecordedWins } from '../decided.js';
import { rowsOf } from '../file-rows.js';
import { given } from '../given.js';

const terms: ApplicationTerms = { candidateId: 'c1', application: 'S3-14', kind: 'exemption', course: '00015', appliedOn: '2026-10-13' };

let sealings = 0;
/** As the handler gives it to the decider: what is sealed looks different each time. */
function details(text: string, changes: Partial<ApplicationTerms> = {}): ApplicationDetails {
  return { ...terms, ...changes, text: `${text}, sealed for the ${++sealings}th time` as Sealed<ApplicationText>, digest: `of ${text}` };
}
const nothing = details('');

type Report = readonly [ApplicationState, ApplicationDetails];
const decide = (before: ReturnType<typeof application.initial>, [state, data]: Report) =>
  recordStatusApplication(before, new RecordStatusApplication(anyGiven, terms, state, { remark: '', detail: '' }), data);

const drafted: ApplicationEvent = { type: 'ApplicationDrafted', data: nothing };
const submitted: ApplicationEvent = { type: 'ApplicationSubmitted', data: nothing };
const approved: ApplicationEvent = { type: 'ApplicationApproved', data: nothing };
const withdrawn: ApplicationEvent = { type: 'ApplicationWithdrawn', data: nothing };
const incomplete = details('材料不全');
const rejected: ApplicationEvent = { type: 'ApplicationRejected', data: incomplete };

describe('A status application', () => {
  it.each<[string, ApplicationEvent[], Report, ApplicationEvent[]]>([
    ['is drafted', [], ['draft', nothing], [drafted]],
    ['is drafted once, although it is sealed again', [drafted], ['draft', details('')], []],
    ['is submitted', [drafted], ['submitted', nothing], [submitted]],
    ['is approved also where it was never recorded', [], ['approved', nothing], [approved]],
    ['is approved', [submitted], ['approved', nothing], [approved]],
    ['is rejected with a reason', [submitted], ['rejected', incomplete], [rejected]],
    ['is rejected once', [submitted, rejected], ['rejected', details('材料不全')], []],
    ['is submitted again', [submitted, rejected], ['submitted', nothing], [submitted]],
    ['is rejected again', [submitted, rejected, submitted], ['rejected', incomplete], [rejected]],
    ['is withdrawn', [submitted], ['withdrawn', nothing], [withdrawn]],
  ])('A status application %s', (_, before, report, after) =>
    given(application, before)
      .when((state) => decide(state, report))
      .then(after),
  );

  it.each<[string, ApplicationDetails]>([
    ['another text', details('请补交')],
    ['another kind', details('', { kind: 'transfer_in' })],
    ['another course', details('', { course: '00018' })],
    ['no course', details('', { course: undefined })],
    ['another day', details('', { appliedOn: '2026-10-14' })],
  ])('A status application is recorded again in the same state with %s', (_, data) =>
    given(application, [approved])
      .when((state) => decide(state, ['approved', data]))
      .then([{ type: 'ApplicationApproved', data }]),
  );

  it('A status application is refused for another candidate', () =>
    given(application, [approved])
      .when((state) => decide(state, ['approved', details('', { candidateId: 'c2' })]))
      .refuses('application.of_another', { application: 'S3-14' }));

  it('A status application ends in the state that was recorded last', () =>
    lastRecordedWins({
      decider: application,
      decide,
      commands: fc
        .tuple(
          fc.constantFrom<ApplicationState>('draft', 'submitted', 'approved', 'rejected', 'withdrawn'),
          fc.constantFrom('', '材料不全'),
          fc.constantFrom<Partial<ApplicationTerms>>({}, { course: undefined }, { kind: 'continuation' }, { appliedOn: undefined }),
        )
        .map(([state, text, changes]): Report => [state, details(text, changes)]),
      shown: (events) => {
        const document = documentOf(applications, events)?.['S3-14'];
        return { ...document, text: document?.text.split(',')[0] };
      },
    }));

  const of = { candidateId: 'c1', application: 'S3-14' };
  /** Seals `{ text } with { changes }`. */
  const changeText = (text: string, changes: object) => details(`${text.split(',')[0]} with ${JSON.stringify(changes)}`);

  it('A status application is corrected in what is named, and keeps date, text and course', () => {
    given(application, [submitted])
      .when((state) => correctApplication(state, { ...of, changes: { state: 'approved' } }, changeText))
      .then([approved]);
    given(application, [rejected])
      .when((state) => correctApplication(state, { ...of, changes: { appliedOn: '2026-10-14' } }, changeText))
      .then([{ type: 'ApplicationRejected', data: { ...incomplete, appliedOn: '2026-10-14' } }]);
    given(application, [rejected])
      .when((state) => correctApplication(state, { ...of, changes: { state: 'rejected' } }, changeText))
      .then([]);
  });

  it('A status application has another remark in the text that it had', () => {
    const [event] = correctApplication(application.evolve(undefined, rejected), { ...of, changes: { remark: '缺证明' } }, changeText);
    expect(event).toMatchObject({ type: 'ApplicationRejected', data: { course: '00015', digest: 'of 材料不全 with {"remark":"缺证明"}' } });
  });

  it('A status application is none of another candidate, nor once it is voided, and can be made again', () => {
    const voided: ApplicationEvent = { type: 'ApplicationVoided', data: of };
    given(application, [submitted])
      .when((state) => voidApplication(state, of))
      .then([voided]);
    for (const before of [[], [submitted, voided]])
      given(application, before)
        .when((state) => voidApplication(state, of))
        .refuses('application.unknown');
    given(application, [submitted])
      .when((state) => correctApplication(state, { ...of, candidateId: 'c2', changes: { state: 'approved' } }, changeText))
      .refuses('application.unknown');
    given(application, [submitted, voided])
      .when((state) => decide(state, ['submitted', nothing]))
      .then([submitted]);
    expect(documentOf(applications, [submitted, voided])).toEqual({});
  });
});

describe('A row of status_applications.csv', () => {
  const rows = rowsOf(statusApplications, {
    id: 'S3-14',
    admission_no: '103000000101',
    kind: 'exemption',
    state: 'rejected',
    applied_on: '2026-10-13',
    remark: '材料不全，请补交成绩单原件',
    detail: '00015',
  });

  it('A row of status_applications.csv becomes RecordStatusApplication, with the course of an exemption', () =>
    expect(rows.command()).toMatchObject({ terms, state: 'rejected', text: { remark: '材料不全，请补交成绩单原件', detail: '00015' } }));

  it('A row of status_applications.csv refers to its candidate, and an exemption to its course', () => {
    expect(rows.references()).toEqual(['admission_no: candidate 103000000101', 'detail: course 00015']);
    expect(rows.references({ detail: '已取得英语四级证书' })).toEqual(['admission_no: candidate 103000000101']);
    expect(rows.references({ kind: 'transfer_out' })).toEqual(['admission_no: candidate 103000000101']);
  });

  it('A row of status_applications.csv has no course where its detail is words, or where it is no exemption', () => {
    expect(rows.command({ detail: '00015 及英语四级' })).toMatchObject({ terms: { ...terms, course: undefined } });
    expect(rows.command({ kind: 'continuation' })).toMatchObject({ terms: { ...terms, kind: 'continuation', course: undefined } });
  });

  it('A row of status_applications.csv may leave out remark and detail', () =>
    expect(rows.command({ remark: '', detail: '' })).toMatchObject({ text: { remark: '', detail: '' } }));

  it.each([
    ['id', ''],
    ['id', 'S\u00003'],
    ['admission_no', '103'],
    ['kind', '免考'],
    ['state', 'paid'],
    ['applied_on', '2026-13-01'],
    ['remark', 'a\u0007b'],
  ])('A row of status_applications.csv is refused for %s when it is %j', (column, value) => expect(rows.faulted({ [column]: value })).toEqual([column]));

  it('A row of status_applications.csv is read or refused for any values, and never throws', () => rows.neverThrows());
});
