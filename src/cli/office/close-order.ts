import { randomUUID } from 'node:crypto';
import { withDomain } from '../../composition/domain.js';
import { causedBy } from '../../event-store/cause.js';
import type { Commands } from '../../event-store/commands.js';
import { givenAt } from '../../event-store/given.js';
import { Refusal } from '../../event-store/refusal.js';
import { FailPayment } from '../../payments/paying/fail-payment.command.js';
import { actingOfficer } from '../acting/acting-officer.js';
import type { CommandResult, Context } from '../program/command.js';
import { CommandRefused } from '../program/errors.js';

interface CloseOrderGiven {
  readonly order: string;
  /** The account of the office by which it is closed. */
  readonly by: string | undefined;
}

/**
 * `close-order ORDER`: a person has made sure that an order was not paid and cannot be any more, which the platform did not say.
 * The bill can then be paid anew, or expires. Money that comes for it after all is taken or given back as ever.
 */
export function runCloseOrder({ order, by }: CloseOrderGiven, { settings, out }: Context): Promise<CommandResult> {
  return withDomain(settings, async (domain) => {
    const { account } = await actingOfficer(by, 'close_orders', domain);
    const command = new FailPayment(givenAt(domain.clock.instant()), order);
    const cause = { by: `office:${account}`, origin: 'office', correlation: randomUUID() } as const;
    const closed = await causedBy(cause, () => close(domain.commands, command));
    out.done(closed ? `已结束：${order}` : `没有改变：${order} 不是正在等待结果的订单`);
    return { json: { order, closed } };
  });
}

async function close(commands: Commands, command: FailPayment): Promise<boolean> {
  try {
    return (await commands.execute(command)).recorded > 0;
  } catch (error) {
    if (error instanceof Refusal && error.code === 'bill.unknown') throw new CommandRefused('order.unknown', `没有这个订单：${command.order}`);
    throw error;
  }
}
