import { candidate } from '../../../projections/candidate.js';
import { recordKinds, recordsNamed } from '../../office/search/records.js';
import type { ReadModels } from '../../read-models/read-models.js';
import { openedPerson } from '../../registrations/person.js';
import { candidateStream } from '../../registrations/registrations.streams.js';
import { accountStateNames } from '../../registrations/state-names.js';
import { normalisedNumber } from '../../vault/numbers.js';
import type { Vault } from '../../vault/vault.js';
import type { CommandResult, Context } from '../program/command.js';
import { CommandRefused } from '../program/errors.js';
import { reading } from '../read-models/reading.js';
import { assertVaultFits, withVault } from './keys.js';
import { type Revealing, revealed, viewerOf } from './reveal.js';

interface FindGiven extends Revealing {
  readonly what: string;
}

/**
 * `find WHAT`: whose number, name or id it is, or that of something of theirs, and by which commands to go on. Who it is is shown only once
 * it is recorded who looks and why.
 */
export function runFind({ what, ...revealing }: FindGiven, { settings, out }: Context): Promise<CommandResult> {
  const viewer = viewerOf(revealing);
  return reading(settings, async ({ events, readModels }) => {
    const found = await withVault(settings, (vault) => recordsNamed(what, { events, readModels, vault }));
    if (found.length === 0) {
      await assertVaultFits(settings);
      throw new CommandRefused('not_found', '没有找到：没有这样的准考证号、证件号、姓名、考生 id、账单、订单、票据、申报、考籍申请、待办或事件');
    }
    const ids = [...new Set(found.flatMap(({ candidateId }) => candidateId ?? []))];
    const states = await Promise.all(ids.map((id) => stateOf(id, readModels)));
    const persons = viewer ? await revealed(settings, viewer, ids, 'find', (vault) => personsOf(ids, readModels, vault)) : [];
    const people = states.map((state, at) => ({ ...state, ...(persons[at] && { person: persons[at] }) }));
    const typed = normalisedNumber(what);
    for (const { kind, candidateId, bill } of found) {
      if (kind === 'candidate') continue;
      const ofBill = bill === undefined || kind === 'bill' ? '' : `账单 ${bill}，`;
      out.answer(`${recordKinds[kind]} ${typed}：${ofBill}${candidateId === undefined ? '不是关于一位考生的' : `考生 ${candidateId}`}`);
    }
    for (const { candidateId, district, account, confirmed, person } of people) {
      const named = person ? `，${person.name}，准考证号 ${person.admissionNo}，${person.idType} ${person.idNo}` : '';
      const state =
        account === null
          ? '没有登记（撤销了、销毁了，或读模型还没有）'
          : `考区 ${district || '（无）'}，账号${accountStateNames[account]}，${confirmed ? '已' : '未'}现场确认`;
      out.answer(`考生 ${candidateId}：${state}${named}`);
    }
    const next = [
      ...found.flatMap(({ bill }) => (bill === undefined ? [] : [`events bill-${bill}`])),
      ...people.flatMap(({ candidateId }) => [`show candidate ${candidateId}`, `events ${candidateStream(candidateId).name}`]),
    ];
    for (const command of next) out.note(`  ${command}`);
    return { json: { found, candidates: people, next } };
  });
}

/** `account` is null of somebody who is not registered, as after the registration was voided. */
async function stateOf(candidateId: string, readModels: ReadModels) {
  const { person, district, accountState, confirmed } = await readModels.get(candidate, candidateId);
  return { candidateId, district, account: person ? accountState : null, confirmed };
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
