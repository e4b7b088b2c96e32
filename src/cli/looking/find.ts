import { candidate } from '../../../projections/candidate.js';
import type { Recorded } from '../../event-store/event.js';
import type { EventStore } from '../../event-store/event-store.js';
import { billHistories, foldBill } from '../../payments/bills/bill-history.js';
import type { PaymentEvent } from '../../payments/payments.events.js';
import { billOfOrder } from '../../payments/payments.streams.js';
import type { ReadModels } from '../../read-models/read-models.js';
import { openedPerson } from '../../registrations/person.js';
import { candidateStream } from '../../registrations/registrations.streams.js';
import { accountStateNames } from '../../registrations/state-names.js';
import type { Settings } from '../../settings/settings.js';
import { isAdmissionNo, normalisedNumber } from '../../vault/numbers.js';
import type { Vault } from '../../vault/vault.js';
import type { CommandResult, Context } from '../program/command.js';
import { CommandRefused } from '../program/errors.js';
import { reading } from '../read-models/reading.js';
import { withVault } from './keys.js';
import { type Revealing, revealed, viewerOf } from './reveal.js';

/** What a number or id is of. */
interface Found {
  readonly kind: 'candidate' | 'bill' | 'order' | 'receipt';
  readonly candidateId: string;
  readonly bill?: string;
}

const KINDS: Readonly<Record<Found['kind'], string>> = { candidate: '考生', bill: '账单', order: '订单', receipt: '票据' };

interface FindGiven extends Revealing {
  readonly what: string;
}

/**
 * `find WHAT`: whose admission number, id, bill, order, receipt or name it is, and by which commands to go on. Who it is is shown only once
 * it is recorded who looks and why.
 */
export function runFind({ what, ...revealing }: FindGiven, { settings, out }: Context): Promise<CommandResult> {
  const viewer = viewerOf(revealing);
  return reading(settings, async ({ events, readModels }) => {
    const number = normalisedNumber(what);
    const found = [
      ...(await candidates(what.trim(), number, events, settings)),
      ...(await billsAndOrders(number, events)),
      ...(isReceiptNumber(number) ? await receipts(number, events) : []),
    ];
    if (found.length === 0) throw new CommandRefused('not_found', '没有找到：没有这样的准考证号、姓名、考生 id、账单、订单或票据');
    const ids = [...new Set(found.map(({ candidateId }) => candidateId))];
    const states = await Promise.all(ids.map((id) => stateOf(id, readModels)));
    const persons = viewer ? await revealed(settings, viewer, ids, 'find', (vault) => personsOf(ids, readModels, vault)) : [];
    const people = states.map((state, at) => ({ ...state, ...(persons[at] && { person: persons[at] }) }));
    for (const { kind, candidateId, bill } of found) {
      if (kind !== 'candidate') out.answer(`${KINDS[kind]} ${number}：${kind === 'bill' ? '' : `账单 ${bill}，`}考生 ${candidateId}`);
    }
    for (const { candidateId, district, account, confirmed, person } of people) {
      const named = person ? `，${person.name}，准考证号 ${person.admissionNo}，${person.idType} ${person.idNo}` : '';
      out.answer(`考生 ${candidateId}：考区 ${district || '（无）'}，账号${accountStateNames[account]}，${confirmed ? '已' : '未'}现场确认${named}`);
    }
    const next = [
      ...found.flatMap(({ bill }) => (bill === undefined ? [] : [`events bill-${bill}`])),
      ...people.flatMap(({ candidateId }) => [`show candidate ${candidateId}`, `events ${candidateStream(candidateId).name}`]),
    ];
    for (const command of next) out.note(`  ${command}`);
    return { json: { found, candidates: people, next } };
  });
}

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Candidates of one name that are listed. */
const MOST = 100;

async function candidates(typed: string, number: string, events: EventStore, settings: Settings): Promise<readonly Found[]> {
  const ids = ID.test(typed) ? await candidateWithId(typed, events) : await withVault(settings, (vault) => candidatesIn(vault, typed, number));
  return ids.map((candidateId) => ({ kind: 'candidate', candidateId }));
}

async function candidateWithId(id: string, events: EventStore): Promise<readonly string[]> {
  const [history = []] = await events.streams([candidateStream(id).name]);
  return history.length === 0 ? [] : [id];
}

/** By admission number, or what has no digit by the whole name. */
async function candidatesIn(vault: Vault, typed: string, number: string): Promise<readonly string[]> {
  if (isAdmissionNo(number)) return (await vault.find([number])).filter((id) => id !== undefined);
  return /\p{L}/u.test(typed) && !/\d/.test(typed) ? vault.findByName(typed, MOST) : [];
}

async function billsAndOrders(number: string, events: EventStore): Promise<readonly Found[]> {
  if (!/^\d+$/.test(number)) return [];
  const ofOrder = billOfOrder(number);
  const [own = [], ordered = []] = await billHistories(events, [number, ofOrder ?? number]);
  const owner = foldBill(own).terms?.candidateId;
  const bills: readonly Found[] = owner === undefined ? [] : [{ kind: 'bill', candidateId: owner, bill: number }];
  const orderer = foldBill(ordered).terms?.candidateId;
  if (ofOrder === undefined || orderer === undefined || !hasOrder(ordered, number)) return bills;
  return [...bills, { kind: 'order', candidateId: orderer, bill: ofOrder }];
}

function hasOrder(history: readonly Recorded<PaymentEvent>[], order: string): boolean {
  return history.some(({ data }) => 'order' in data && data.order === order);
}

/** Of a receipt the number alone, or its code and number together. */
function isReceiptNumber(number: string): boolean {
  return /^(\d{8})?\d{10}$/.test(number);
}

/** Events that are read at a time. */
const PAGE = 2_000;

/** No read model lists receipts by their numbers: the log's receipts are read. */
async function receipts(number: string, events: EventStore): Promise<readonly Found[]> {
  const found: Found[] = [];
  let end = false;
  for (let position = ''; !end; ) {
    const page = await events.read(position, PAGE, { types: ['ReceiptIssued'] satisfies PaymentEvent['type'][] });
    for (const { data } of page.events as readonly Recorded<Extract<PaymentEvent, { type: 'ReceiptIssued' }>>[]) {
      if (data.number === number || data.code + data.number === number) found.push({ kind: 'receipt', candidateId: data.candidateId, bill: data.bill });
    }
    ({ position, end } = page);
  }
  return found;
}

async function stateOf(candidateId: string, readModels: ReadModels) {
  const { district, accountState, confirmed } = await readModels.get(candidate, candidateId);
  return { candidateId, district, account: accountState, confirmed };
}

/** Who they are, as far as they are not forgotten. */
function personsOf(ids: readonly string[], readModels: ReadModels, vault: Vault) {
  return Promise.all(
    ids.map(async (id) => {
      const [document, safe] = await Promise.all([readModels.get(candidate, id), vault.safe(id)]);
      const opened = openedPerson(document, safe);
      return opened && { name: opened.name, admissionNo: opened.admissionNo, idType: opened.idType, idNo: opened.idNo };
    }),
  );
}
