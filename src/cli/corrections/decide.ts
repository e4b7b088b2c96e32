import { withDomain } from '../../composition/domain.js';
import { causedBy } from '../../event-store/cause.js';
import { givenAt } from '../../event-store/given.js';
import { ReturnCorrection } from '../../office/corrections/return-correction.command.js';
import { WithdrawCorrection } from '../../office/corrections/withdraw-correction.command.js';
import type { CommandResult, Context } from '../program/command.js';

interface WithdrawGiven {
  readonly id: string;
  readonly by: string;
}

/** `correction withdraw ID`. */
export function runWithdraw({ id, by }: WithdrawGiven, { settings, out }: Context): Promise<CommandResult> {
  return withDomain(settings, async ({ commands, clock }) => {
    const cause = { by: `office:${by}`, origin: 'office', correlation: id } as const;
    await causedBy(cause, () => commands.execute(new WithdrawCorrection(givenAt(clock.instant()), id, by)));
    out.done('已撤回');
    return { json: { correction: id, state: 'withdrawn' } };
  });
}

/** `correction return ID`. */
export function runReturn({ id, by, reason }: WithdrawGiven & { readonly reason: string }, { settings, out }: Context): Promise<CommandResult> {
  return withDomain(settings, async ({ commands, clock }) => {
    const cause = { by: `office:${by}`, origin: 'office', correlation: id, why: reason } as const;
    await causedBy(cause, () => commands.execute(new ReturnCorrection(givenAt(clock.instant()), id, by, reason)));
    out.done('已退回');
    return { json: { correction: id, state: 'returned' } };
  });
}
