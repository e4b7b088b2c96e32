import type { Event } from '../event-store/event.js';
import type { EventTypes } from '../event-store/event-types.js';
import type { Sealed } from '../vault/vault.js';

/** 接考, 免考, 考籍转出, 考籍转入 */
export type ApplicationKind = 'continuation' | 'exemption' | 'transfer_out' | 'transfer_in';
/** 暂存未提交, 已提交, 审核通过, 审核不通过, 已撤回 */
export type ApplicationState = 'draft' | 'submitted' | 'approved' | 'rejected' | 'withdrawn';

/** What a person wrote about a person. */
export interface ApplicationText {
  readonly remark: string;
  readonly detail: string;
}

/** A status application 考籍申请 as it stands after the event; `course` is an exemption's. `appliedOn` is a date. */
interface OfApplication {
  readonly candidateId: string;
  readonly application: string;
  readonly kind: ApplicationKind;
  readonly course?: string | undefined;
  readonly appliedOn?: string | undefined;
  readonly text: Sealed<ApplicationText>;
  /** Keyed digest of what is sealed, to tell a correction from a repeat. */
  readonly digest: string;
}

export type ApplicationEvent =
  | Event<'ApplicationDrafted', OfApplication>
  | Event<'ApplicationSubmitted', OfApplication>
  | Event<'ApplicationApproved', OfApplication>
  | Event<'ApplicationRejected', OfApplication>
  | Event<'ApplicationWithdrawn', OfApplication>;

export const applicationEvents: EventTypes<ApplicationEvent> = {
  ApplicationDrafted: [],
  ApplicationSubmitted: [],
  ApplicationApproved: [],
  ApplicationRejected: [],
  ApplicationWithdrawn: [],
};
