import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyRequest } from 'fastify';
import { causedBy } from '../../event-store/cause.js';
import { givenAt } from '../../event-store/given.js';
import { Clock } from '../../kernel/clock.js';
import { RecordViewing } from '../record-viewing.command.js';

/** Candidates that one event names. */
const MOST = 500;

/** What is about to be shown, and why where a reason is asked for. */
export interface Shown {
  /** Such as `档案：时间线`. */
  readonly what: string;
  readonly reason?: string;
}

/** Records which candidates an officer is shown, before the page is answered: where it cannot be recorded, nothing is shown. */
@Injectable()
export class RecordedViewings {
  constructor(
    private readonly commands: CommandBus,
    private readonly clock: Clock,
  ) {}

  /** @throws StoreUnavailable when it cannot be recorded */
  async record({ officer, id }: Pick<FastifyRequest, 'officer' | 'id'>, candidateIds: readonly string[], { what, reason = '' }: Shown): Promise<void> {
    if (!officer) throw new Error('people are shown to officers alone');
    const chunks = Array.from({ length: Math.ceil(candidateIds.length / MOST) }, (_, at) => candidateIds.slice(at * MOST, (at + 1) * MOST));
    const record = (ids: readonly string[]) => this.commands.execute(new RecordViewing(givenAt(this.clock.instant()), ids, what, reason));
    await causedBy({ by: `office:${officer.account}`, origin: 'office', correlation: id }, () => Promise.all(chunks.map(record)));
  }
}
