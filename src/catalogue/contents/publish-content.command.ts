import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import type { ContentKey } from '../catalogue.events.js';
import { contentStream } from '../catalogue.streams.js';
import type { ContentVersion } from './content.decider.js';
import { content, publishContent } from './content.decider.js';

export class PublishContent extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly key: ContentKey,
    readonly version: ContentVersion,
  ) {
    super();
  }
}

export const PublishContentHandler = handler(PublishContent, {
  stream: ({ key }) => contentStream(key),
  decider: content,
  decide: publishContent,
});
