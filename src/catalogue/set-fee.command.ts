import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Appended } from '../event-store/append.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import type { FeeKind } from './catalogue.events.js';
import { feesStream } from './catalogue.streams.js';
import { fees, setFee } from './fees.decider.js';

/** The amount in fen that holds from a period on. */
export class SetFee extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly kind: FeeKind,
    readonly fromPeriod: string,
    readonly fen: number,
  ) {
    super();
  }
}

@CommandHandler(SetFee)
export class SetFeeHandler implements ICommandHandler<SetFee> {
  constructor(private readonly events: EventStore) {}

  execute(command: SetFee) {
    return this.events.decide(command, feesStream(command.kind), fees, (state) => setFee(state, command));
  }
}
