import type { Decider } from '../../event-store/decider.js';
import { same } from '../../event-store/same.js';
import type { CatalogueEvent, ContentKey } from '../catalogue.events.js';

type ContentEvent = Extract<CatalogueEvent, { type: 'ContentPublished' }>;

/** Markdown without HTML, and the instant (UTC) from which it is shown. */
export interface ContentVersion {
  readonly effectiveFrom: string;
  readonly body: string;
}

/** An editable content: its version published last. */
interface Content {
  readonly last?: ContentVersion;
}

export const content: Decider<Content, ContentEvent> = {
  initial: () => ({}),
  evolve: (_, { data: { effectiveFrom, body } }) => ({ last: { effectiveFrom, body } }),
};

/** The version published last counts: an earlier one that is not in effect yet never will be. */
export function publishContent(state: Content, { key, version }: { readonly key: ContentKey; readonly version: ContentVersion }): ContentEvent[] {
  return same(state.last, version) ? [] : [{ type: 'ContentPublished', data: { key, ...version } }];
}
