import { receipts } from '../../../projections/receipts.js';
import type { Recorded } from '../../event-store/event.js';
import type { EventStore } from '../../event-store/event-store.js';
import { billOfOrder, billStreamName } from '../../payments/payments.streams.js';
import type { ReadModels } from '../../read-models/read-models.js';
import { candidateStream } from '../../registrations/registrations.streams.js';
import { isAdmissionNo, normalisedNumber } from '../../vault/numbers.js';
import type { Vault } from '../../vault/vault.js';

/** What a number, a name or an id is of. */
export interface FoundRecord {
  readonly kind: 'candidate' | 'bill' | 'order' | 'receipt' | 'declaration' | 'application' | 'task' | 'event';
  /** Unset of a task that is about nobody. */
  readonly candidateId?: string;
  /** Found by an admission or citizen number or a name, which not every officer may see. */
  readonly isByPerson?: true;
  /** Of a bill, an order or a receipt. */
  readonly bill?: string;
  /** The id of a task. */
  readonly task?: string;
  /** Of an event: its position in the log. */
  readonly position?: string;
}

export const recordKinds: Readonly<Record<FoundRecord['kind'], string>> = {
  candidate: '考生',
  bill: '账单',
  order: '订单',
  receipt: '票据',
  declaration: '申报',
  application: '考籍申请',
  task: '待办',
  event: '事件',
};

export interface SearchedStores {
  readonly events: Pick<EventStore, 'streams' | 'at'>;
  readonly readModels: Pick<ReadModels, 'get'>;
  readonly vault: Pick<Vault, 'find' | 'findByCitizenNo' | 'findByName'>;
}

/** Candidates of one name that are found: more than have the commonest one, so that those of each district are among them. */
export const MOST_FOUND = 1_000;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** An id as files may have it; a name of a person is none. */
const ID = /^(?!\p{Script=Han}+$)[^\p{Cc}\p{Z}]{1,64}$/u;
/** `bill-90000000000001@2` */
const EVENT = /^([a-z]+-[^\p{Cc}\p{Z}]{1,200})@(\d{1,9})$/u;
/** Digits of a position in the log of each store; as the office writes it, the zeros before it are left out. */
const POSITION_WIDTHS = [16, 40];

/**
 * Everything that a text may name: an admission number, a citizen number or a whole name; the id of a candidate, bill, order, receipt,
 * declaration, application or task; an event by `stream@revision` or its position. Each is read by its key. Whoever shows it asks first
 * whether its candidate may be seen.
 */
export async function recordsNamed(text: string, stores: SearchedStores): Promise<readonly FoundRecord[]> {
  const typed = text.trim();
  const number = normalisedNumber(typed);
  const found = await Promise.all([
    candidates(typed, number, stores.vault),
    billsAndOrders(number, stores.events),
    byReceipt(number, stores.readModels),
    byId(typed, stores.events),
    eventNamed(typed, stores.events),
  ]);
  return found.flat();
}

/** By admission or citizen number, or what has no digit by the whole name. */
async function candidates(typed: string, number: string, vault: SearchedStores['vault']): Promise<readonly FoundRecord[]> {
  const ids = await candidateIds(typed, number, vault);
  return ids.map((candidateId) => ({ kind: 'candidate', candidateId, isByPerson: true }));
}

async function candidateIds(typed: string, number: string, vault: SearchedStores['vault']): Promise<readonly string[]> {
  if (isAdmissionNo(number)) return (await vault.find([number])).filter((id) => id !== undefined);
  if (/^(\d{15}|\d{17}[\dX])$/.test(number)) return (await vault.findByCitizenNo(number)).map(({ id }) => id);
  return /\p{L}/u.test(typed) && !/\d/.test(typed) ? vault.findByName(typed, MOST_FOUND) : [];
}

async function billsAndOrders(number: string, events: SearchedStores['events']): Promise<readonly FoundRecord[]> {
  if (!/^\d{14}(\d{2})?$/.test(number)) return [];
  const ofOrder = billOfOrder(number);
  const bill = ofOrder ?? number;
  const [history = []] = await events.streams([billStreamName(bill)]);
  const candidateId = ownerOf(history);
  if (candidateId === undefined || (ofOrder !== undefined && !history.some(({ data }) => 'order' in data && data.order === number))) return [];
  return [{ kind: ofOrder === undefined ? 'bill' : 'order', candidateId, bill }];
}

/** A receipt by its number alone, or by its code and number together. */
async function byReceipt(number: string, readModels: SearchedStores['readModels']): Promise<readonly FoundRecord[]> {
  const [, code, short = ''] = /^(\d{8})?(\d{10})$/.exec(number) ?? [];
  if (short === '') return [];
  const { receipts: issued } = await readModels.get(receipts, short);
  return issued.filter((each) => code === undefined || each.code === code).map(({ bill, candidateId }) => ({ kind: 'receipt', candidateId, bill }));
}

/** By the id of a candidate, declaration, application or task. */
async function byId(typed: string, events: SearchedStores['events']): Promise<readonly FoundRecord[]> {
  if (!ID.test(typed)) return [];
  const kinds = ['declaration', 'application', 'task', ...(UUID.test(typed) ? (['candidate'] as const) : [])] as const;
  const histories = await events.streams(kinds.map((kind) => (kind === 'candidate' ? candidateStream(typed).name : `${kind}-${typed}`)));
  return kinds.flatMap((kind, at) => {
    const history = histories[at] ?? [];
    const candidateId = ownerOf(history);
    return history.length === 0 ? [] : [{ kind, ...(candidateId !== undefined && { candidateId }), ...(kind === 'task' && { task: typed }) }];
  });
}

async function eventNamed(typed: string, events: SearchedStores['events']): Promise<readonly FoundRecord[]> {
  const event = await eventAt(typed, events);
  const candidateId = event && ownerOf([event]);
  return event && candidateId !== undefined ? [{ kind: 'event', candidateId, position: event.position }] : [];
}

async function eventAt(typed: string, events: SearchedStores['events']): Promise<Recorded | undefined> {
  const [, stream, revision] = EVENT.exec(typed) ?? [];
  if (stream !== undefined) {
    const [history = []] = await events.streams([stream]);
    return history.find((each) => each.revision === Number(revision));
  }
  const [, digits] = /^@?(\d{1,40})$/.exec(typed) ?? [];
  if (digits === undefined || (!typed.startsWith('@') && !POSITION_WIDTHS.includes(digits.length))) return undefined;
  const widths = POSITION_WIDTHS.filter((width) => width >= digits.length);
  const found = await Promise.all(widths.map((width) => events.at(digits.padStart(width, '0'))));
  return found.find((event) => event !== undefined);
}

/** The candidate that a stream is about; of a task it is in the data. */
function ownerOf(history: readonly Recorded[]): string | undefined {
  for (const { subject, data } of history) {
    if (subject !== undefined) return subject;
    if ('candidateId' in data && typeof data.candidateId === 'string') return data.candidateId;
  }
  return undefined;
}
