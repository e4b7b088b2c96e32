import { randomUUID } from 'node:crypto';
import { type Domain, withDomain } from '../../composition/domain.js';
import { causedBy } from '../../event-store/cause.js';
import { givenAt } from '../../event-store/given.js';
import { ForgetCandidate } from '../../registrations/forget-candidate.command.js';
import { registeredIdentifiers } from '../../registrations/identifiers.js';
import { refused } from '../../registrations/registrations.refusals.js';
import { actingOfficer } from '../acting/acting-officer.js';
import type { CommandResult, Context } from '../program/command.js';
import { assertNamesNobody } from './names-nobody.js';

interface ForgetGiven {
  readonly admissionNo: string;
  /** The account of the office that has decided it. */
  readonly by: string | undefined;
  readonly reason: string;
}

/** `forget ADMISSION_NO`: nothing personal of the candidate can be opened any more, and imports refuse the number. */
export function runForget({ admissionNo, by, reason }: ForgetGiven, { settings, out }: Context): Promise<CommandResult> {
  return withDomain(settings, async (domain) => {
    const { account } = await actingOfficer(by, 'forget_candidates', domain);
    const [id] = await domain.vault.find([admissionNo]);
    if (id === undefined) {
      const [wasForgotten] = await domain.vault.wereForgotten([admissionNo]);
      if (!wasForgotten) throw refused('candidate.unknown');
      out.done(`以前已经删除：${admissionNo}`);
      return { json: { admissionNo, forgotten: false, otherNumbers: [] } };
    }
    await assertNamesNobody({ reason }, id, domain);
    const otherNumbers = await otherNumbersOf(domain, id);
    const cause = { by: `office:${account}`, origin: 'office', correlation: randomUUID(), why: reason } as const;
    await causedBy(cause, () => domain.commands.execute(new ForgetCandidate(givenAt(domain.clock.instant()), id)));
    out.done(`已删除：${admissionNo}`);
    if (otherNumbers.length > 0) out.answer(`同一个人还有准考证号 ${otherNumbers.join('、')}，没有删除`);
    return { json: { admissionNo, candidate: id, forgotten: true, otherNumbers } };
  });
}

/** The admission numbers under which the same person is registered too, by citizen number and name. */
async function otherNumbersOf({ events, vault }: Pick<Domain, 'events' | 'vault'>, id: string): Promise<readonly string[]> {
  const [own] = await registeredIdentifiers(events, [await vault.safe(id)]);
  if (!own) return [];
  const matches = await vault.findByCitizenNo(own.citizenNo, own.name);
  const others = matches.filter((each) => each.sameName && each.id !== id);
  const identifiers = await registeredIdentifiers(events, await vault.safes(others.map((each) => each.id)));
  return identifiers.flatMap((each) => each?.admissionNo ?? []);
}
