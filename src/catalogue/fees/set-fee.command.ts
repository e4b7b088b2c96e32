import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import type { FeeKind } from '../catalogue.events.js';
import { feesStream } from '../catalogue.streams.js';
import { fees, setFee } from './fees.decider.js';

/** Sets the fee of a kind, in fen, from a period on. */
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

export const SetFeeHandler = handler(SetFee, {
  stream: ({ kind }) => feesStream(kind),
  decider: fees,
  decide: setFee,
});
