import type { Decider } from '../event-store/decider.js';
import { same } from '../event-store/same.js';
import type { CatalogueEvent } from './catalogue.events.js';
import type { ContentVersion, PublishContent } from './publish-content.command.js';

type ContentEvent = Extract<CatalogueEvent, { type: 'ContentPublished' }>;

/** An editable content, as it was published last. */
interface Content {
  readonly last?: ContentVersion;
}

export const content: Decider<Content, ContentEvent> = {
  initial: () => ({}),
  evolve: (_, { data: { effectiveFrom, body } }) => ({ last: { effectiveFrom, body } }),
};

/** What is published last holds from its moment on; a version that has not begun by now never will. */
export function publishContent(state: Content, { key, version }: PublishContent): ContentEvent[] {
  return same(state.last, version) ? [] : [{ type: 'ContentPublished', data: { key, ...version } }];
}
