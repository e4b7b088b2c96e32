import type { Event } from '../event-store/event.js';
import type { EventTypes } from '../event-store/event-types.js';
import type { Sealed } from '../vault/vault.js';

/** 接考, 免考, 考籍转出, 考籍转入 */
export type ApplicationKind = 'continuation' | 'exemption' | 'transfer_out' | 'transfer_in';
/** 暂存未提交, 已提交, 审核通过, 审核不通过, 已撤回 */
export type ApplicationState = 'draft' | 'submitted' | 'approved' | 'rejected' | 'withdrawn';

/** Free text about a person. */
export interface ApplicationText {
  readonly remark: string;
  readonly detail: string;
}

/** A status application 考籍申请: each event holds all of it. `course` is an exemption's; `appliedOn` is a date. */
export interface ApplicationDetails {
  readonly candidateId: string;
  readonly application: string;
  readonly kind: ApplicationKind;
  readonly course?: string | undefined;
  readonly appliedOn?: string | undefined;
  readonly text: Sealed<ApplicationText>;
  /** Keyed digest of the text, to tell a correction from a repeat. */
  readonly digest: string;
}

export type ApplicationEvent =
  | Event<'ApplicationDrafted', ApplicationDetails>
  | Event<'ApplicationSubmitted', ApplicationDetails>
  | Event<'ApplicationApproved', ApplicationDetails>
  | Event<'ApplicationRejected', ApplicationDetails>
  | Event<'ApplicationWithdrawn', ApplicationDetails>
  /** It was recorded wrongly: as if it had never been made. */
  | Event<'ApplicationVoided', { candidateId: string; application: string }>;

export const applicationEvents: EventTypes<ApplicationEvent> = {
  ApplicationDrafted: [],
  ApplicationSubmitted: [],
  ApplicationApproved: [],
  ApplicationRejected: [],
  ApplicationWithdrawn: [],
  ApplicationVoided: [],
};
