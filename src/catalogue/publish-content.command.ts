import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Appended } from '../event-store/append.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import type { ContentKey } from './catalogue.events.js';
import { contentStream } from './catalogue.streams.js';
import { content, publishContent } from './content.decider.js';

/** Markdown without HTML, and the instant (UTC) from which it is shown. */
export interface ContentVersion {
  readonly effectiveFrom: string;
  readonly body: string;
}

export class PublishContent extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly key: ContentKey,
    readonly version: ContentVersion,
  ) {
    super();
  }
}

@CommandHandler(PublishContent)
export class PublishContentHandler implements ICommandHandler<PublishContent> {
  constructor(private readonly events: EventStore) {}

  execute(command: PublishContent) {
    return this.events.decide(command, contentStream(command.key), content, (state) => publishContent(state, command));
  }
}
