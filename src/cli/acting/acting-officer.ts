import type { Recorded } from '../../event-store/event.js';
import type { EventStore } from '../../event-store/event-store.js';
import { Refusal } from '../../event-store/refusal.js';
import { nearestSentence } from '../../kernel/nearest.js';
import { activeDuties } from '../../office/officers/active-officer.js';
import type { Duties, OfficerEvent } from '../../office/officers/officers.events.js';
import { roleNames } from '../../office/officers/role-names.js';
import { mayDo, type Right, rights } from '../../office/rights/rights.js';
import { CommandRefused, WrongUse } from '../program/errors.js';

/** Who does what a command is asked for. */
export interface Acting {
  readonly account: string;
  readonly duties: Duties;
}

interface Ports {
  readonly events: EventStore;
}

/**
 * The officer of `--by`, who must be in use and have the right, as the log has it.
 * @throws WrongUse where nobody is named, CommandRefused where the officer cannot do it
 */
export async function actingOfficer(by: string | undefined, right: Right, { events }: Ports): Promise<Acting> {
  if (by === undefined) throw new WrongUse('missing_option', '请写明 --by：谁办的');
  const account = by.toLowerCase();
  const duties = await dutiesOf(account, events);
  if (mayDo(duties.roles, right)) return { account, duties };
  const roles = duties.roles.map((role) => roleNames[role]).join('、');
  throw new CommandRefused('officer.no_right', `账号 ${account}（${roles}）不能${rights[right].says}`);
}

/** @throws CommandRefused that names the nearest accounts that are in use */
async function dutiesOf(account: string, events: EventStore): Promise<Duties> {
  try {
    return await activeDuties(account, events);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const others = await accountsInUse(events);
    const which = others.length === 0 ? '还没有办公室的账号，先用 office add 添加' : nearestSentence(account, others);
    throw new CommandRefused(error.code, `没有在用的账号 ${account}；${which}`);
  }
}

/** Events that are read at a time. */
const PAGE = 1_000;

/** No read model is asked, which may be behind: there are few accounts, and it is for a message alone. */
async function accountsInUse(events: EventStore): Promise<readonly string[]> {
  const accounts: string[] = [];
  let end = false;
  for (let position = ''; !end; ) {
    const page = await events.read(position, PAGE, { types: ['OfficerAdded'] satisfies OfficerEvent['type'][] });
    for (const { data } of page.events as readonly Recorded<Extract<OfficerEvent, { type: 'OfficerAdded' }>>[]) accounts.push(data.officer);
    ({ position, end } = page);
  }
  const inUse = await Promise.all(accounts.map((account) => activeDuties(account, events).then(() => true, isInUse)));
  return accounts.filter((_, at) => inUse[at]).toSorted();
}

function isInUse(error: unknown): false {
  if (!(error instanceof Refusal)) throw error;
  return false;
}
