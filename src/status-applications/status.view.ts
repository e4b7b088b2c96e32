import type { Application, Applications } from '../../projections/applications.js';
import type { Catalogue } from '../catalogue/catalogue.js';
import type { Safe } from '../vault/vault.js';
import type { ApplicationKind, ApplicationState } from './status-applications.events.js';

/** A status application as its page shows it. */
export interface ApplicationView {
  readonly kind: string;
  readonly state: string;
  readonly tone: 'good' | 'warn' | 'bad' | 'plain';
  readonly appliedOn?: string | undefined;
  readonly course?: string | undefined;
  readonly remark: string;
  readonly detail: string;
}

const kinds: Readonly<Record<ApplicationKind, string>> = { continuation: '接考', exemption: '免考', transfer_out: '考籍转出', transfer_in: '考籍转入' };
const states: Readonly<Record<ApplicationState, Pick<ApplicationView, 'state' | 'tone'>>> = {
  draft: { state: '暂存，未提交', tone: 'warn' },
  submitted: { state: '已提交', tone: 'plain' },
  approved: { state: '审核通过', tone: 'good' },
  rejected: { state: '审核不通过', tone: 'bad' },
  withdrawn: { state: '已撤回', tone: 'plain' },
};

/** Newest application first, and before them drafts that have no date yet. */
export function applicationViews(all: Applications, catalogue: Catalogue, safe: Safe): readonly ApplicationView[] {
  return Object.values(all)
    .sort((left, right) => (right.appliedOn ?? '9').localeCompare(left.appliedOn ?? '9'))
    .map((application) => applicationView(application, catalogue, safe));
}

function applicationView({ kind, state, course, appliedOn, text }: Application, catalogue: Catalogue, safe: Safe): ApplicationView {
  const { remark, detail } = safe.open(text) ?? { remark: '信息已删除', detail: '' };
  const name = course && catalogue.course(course)?.name;
  return {
    kind: kinds[kind],
    ...states[state],
    appliedOn,
    course: course && (name ? `${course} ${name}` : course),
    remark,
    detail: detail === course ? '' : detail,
  };
}
