import type { Recorded } from '../../event-store/event.js';
import type { EventStore } from '../../event-store/event-store.js';
import { Refusal } from '../../event-store/refusal.js';
import { nearestSentence } from '../../kernel/nearest.js';
import { activeDuties } from '../../office/officers/active-officer.js';
import type { Duties, OfficerEvent } from '../../office/officers/officers.events.js';
import { roleNames } from '../../office/officers/role-names.js';
import { mayDo, type Right, rights } from '../../office/rights/rights.js';
import type { Settings } from '../../settings/settings.js';
import { CommandRefused, WrongUse } from '../program/errors.js';
import { signedIn } from './office-token.js';

/** Who does what a command is asked for. */
export interface Acting {
  readonly account: string;
  readonly duties: Duties;
}

interface Ports {
  readonly settings: Settings;
  readonly events: EventStore;
}

const LOGIN = 'office login ACCOUNT';

/**
 * The officer of `--by`, or who has signed in by `office login`: in use and with the right, as the log has it.
 * @throws WrongUse where nobody is named or somebody else has signed in, CommandRefused where the officer cannot do it
 */
export async function actingOfficer(by: string | undefined, right: Right, ports: Ports): Promise<Acting> {
  const account = await namedOfficer(by, ports);
  if (account === undefined) throw new WrongUse('missing_option', `请写明 --by：谁办的；或者先登录：${LOGIN}`);
  return fitOfficer(account, right, ports);
}

/** As `actingOfficer`, where somebody must have signed in. */
export async function signedInOfficer(by: string | undefined, right: Right, ports: Ports): Promise<Acting> {
  const account = await namedOfficer(by, ports);
  if ((await signedIn(ports)) === undefined || account === undefined) throw new CommandRefused('not_signed_in', `看个人信息要先登录：${LOGIN}`);
  return fitOfficer(account, right, ports);
}

/** The account of `--by`, or of who has signed in. @throws WrongUse where these differ */
export async function namedOfficer(by: string | undefined, ports: Ports): Promise<string | undefined> {
  const own = (await signedIn(ports))?.account;
  const given = by?.toLowerCase();
  if (own !== undefined && given !== undefined && own !== given)
    throw new WrongUse('another_officer', `现在登录的是 ${own}，--by 不能是 ${given}：不写 --by，或者先用 office logout 退出`);
  return given ?? own;
}

async function fitOfficer(account: string, right: Right, { events }: Ports): Promise<Acting> {
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
