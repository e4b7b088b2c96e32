import type { Correction } from '../../../../projections/corrections.js';
import { shownJson } from '../../../read-models/differences/shown-json.js';
import { sentenceOf } from '../../../timeline/timeline.js';
import type { Words } from '../../../timeline/words.js';
import { CORRECTION_KINDS } from '../correction.js';
import type { ProposalPreview } from '../correction-desk.js';
import { correctionState } from '../correction-words.js';
import type { PreviewedCandidate, PreviewedRow } from '../preview/preview-rows.js';

const tones: Readonly<Record<Correction['state'], string>> = {
  proposed: 'warn',
  returned: 'bad',
  withdrawn: '',
  approved: 'run',
  applied: 'good',
  undone: '',
};

/** What reactors do, for people; a name that is missing is shown as it is. */
const reactors: Readonly<Record<string, string>> = {
  bills: '账单',
  enrolments: '报考的缴费状态',
  declarations: '申报的缴费状态',
  passwords: '同一个人其他准考证号的密码',
  tasks: '待办',
};

const MOST_FIELDS = 60;
const MOST_VALUES = 20;

/** A correction as lists show it. */
export function correctionRow(correction: Correction) {
  const { correction: id, kind, rows, proposer, reason, proposedAt, undoes } = correction;
  return { id, kind: CORRECTION_KINDS[kind], rows, proposer, reason, proposedAt, isUndo: undoes !== undefined, state: stateTag(correction) };
}

/** How it stands, as a tag. */
export function stateTag(correction: Correction) {
  return { text: correctionState(correction), tone: correction.awaitsSecond ? 'warn' : tones[correction.state] };
}

/** A preview as the page shows it. @param names candidates' names by id, where they may be shown */
export function previewView(preview: ProposalPreview, names: ReadonlyMap<string, string>, words: Words) {
  const { changes, unchanged, refused, first, notEnrolled, toPassed, toFailed, candidates } = preview;
  const documents = preview.examples.flatMap((example) => documentsOf(example, names));
  return {
    fingerprint: preview.fingerprint,
    isSingle: preview.terms.rows === 1,
    counts: [
      { name: '考生', value: candidates },
      { name: '更改', value: changes },
      { name: '不变', value: unchanged },
      { name: '拒绝', value: refused },
      { name: '第一次记录', value: first },
      { name: '没有报考', value: notEnrolled },
      { name: '变为合格', value: toPassed },
      { name: '变为不合格', value: toFailed },
    ].filter(({ name, value }, at) => at < 4 || value > 0 || name === '考生'),
    events: preview.examples.flatMap(({ rows }) =>
      rows.flatMap(({ events }) => events.map((event) => ({ type: event.type, sentence: sentenceOf(event, words) }))),
    ),
    eventTypes: Object.entries(preview.events).map(([type, count]) => ({ type, count })),
    documents,
    documentCounts: Object.entries(preview.documents).map(([name, found]) => ({ name, count: found.documents })),
    rows: preview.examples.flatMap(({ rows }) => rows.map((row) => rowOf(row, names))),
    isCut: preview.examples.reduce((sum, { rows }) => sum + rows.length, 0) < changes,
    values: preview.values?.slice(0, MOST_VALUES),
    warnings: preview.warnings,
    reasons: preview.reasons,
    refusedRows: preview.refusedExamples.map(({ line, refusal }) => ({ line, reason: refusal?.reason ?? '' })),
    reactions: Object.entries(preview.reactions).map(([name, count]) => {
      const [reactor = '', command = ''] = name.split(' ');
      return { what: reactors[reactor] ?? reactor, command, count };
    }),
    second: preview.second,
  };
}

function rowOf({ line, candidateId, values, outcome }: PreviewedRow, names: ReadonlyMap<string, string>) {
  return { line, candidateId, name: names.get(candidateId) ?? candidateId, isChanged: outcome === 'changes', values };
}

function documentsOf({ candidateId, documents, rows }: PreviewedCandidate, names: ReadonlyMap<string, string>) {
  const times = new Set(rows.flatMap(({ events }) => events.map(({ recordedAt }) => recordedAt)));
  return documents.map(({ readModel, version, key, fields }) => ({
    title: `${readModel}@${version}`,
    of: key === candidateId ? (names.get(candidateId) ?? candidateId) : key,
    fields: fields.slice(0, MOST_FIELDS).map(({ path, before, after }) => ({
      path,
      sign: before === undefined ? '增' : after === undefined ? '减' : '改',
      tone: before === undefined ? 'good' : after === undefined ? 'bad' : 'run',
      before: textOf(before),
      after: typeof after === 'string' && times.has(after) ? '执行的时刻' : textOf(after),
    })),
  }));
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '没有';
  const shown = shownJson(value);
  return typeof shown === 'string' ? shown : JSON.stringify(shown);
}
