import { randomUUID } from 'node:crypto';
import { type Domain, withDomain } from '../../composition/domain.js';
import { knownCorrections } from '../../composition/known/corrections.js';
import { causedBy } from '../../event-store/cause.js';
import { givenAt } from '../../event-store/given.js';
import { same } from '../../event-store/same.js';
import { CORRECTION_KINDS, type CorrectionKind } from '../../office/corrections/correction.js';
import type { CorrectionName } from '../../office/corrections/corrections.events.js';
import { RecordViewing } from '../../office/record-viewing.command.js';
import { refused } from '../../registrations/registrations.refusals.js';
import { actingOfficer, signedInOfficer } from '../acting/acting-officer.js';
import type { CommandResult, Context } from '../program/command.js';
import { CommandRefused, WrongUse } from '../program/errors.js';
import { assertNamesNobody } from './names-nobody.js';

interface CorrectGiven {
  readonly kind: CorrectionName;
  readonly admissionNo: string;
  /** Such as `period=2610`. */
  readonly values: readonly string[];
  /** The account of the office that corrects it. */
  readonly by: string | undefined;
  readonly reason: string;
  readonly ticket: string | undefined;
}

/** `correct KIND ADMISSION_NO COLUMN=VALUE…`: shows what would change and asks, then records it, unless it is not so any more. */
export async function runCorrect({ kind: name, admissionNo, values, by, reason, ticket }: CorrectGiven, context: Context): Promise<CommandResult> {
  const { settings, out, confirm } = context;
  const kind = knownCorrections[name];
  const row = rowOf(name, kind, values);
  return withDomain(settings, async (domain) => {
    const { account } = await (kind.personal ? signedInOfficer : actingOfficer)(by, 'correct_at_once', domain); // personal values are shown before they are corrected
    await domain.catalogue.start();
    const [candidateId] = await domain.vault.find([admissionNo]);
    if (candidateId === undefined) throw refused('candidate.unknown');
    await assertNamesNobody({ reason, ticket }, candidateId, domain);
    const given = givenAt(domain.clock.instant());
    const cause = { by: `office:${account}`, origin: 'office', correlation: randomUUID(), why: reason, ...(ticket !== undefined && { ticket }) } as const;
    return causedBy(cause, async () => {
      if (kind.personal) await noteViewing(domain, candidateId, name, reason);
      const prepared = await kind.prepare(row, { candidateId, given }, domain);
      const changed = prepared.values.filter(({ before, after }) => before !== after);
      for (const { field, before, after } of changed) out.answer(`${CORRECTION_KINDS[name]}${field && ` ${field}`}：${before} → ${after}`);
      if (changed.length === 0) out.done('没有改变：记录的已经是这样');
      else {
        for (const warning of prepared.warnings) out.note(`注意：${warning}`);
        await confirm('确定更正吗？');
        const now = await kind.prepare(row, { candidateId, given }, domain);
        if (!same(now.values, prepared.values)) throw new CommandRefused('changed_meanwhile', '刚才又有改动，没有更正：请再运行一次，看过以后再确认');
      }
      // also where nothing changes: a command that was interrupted may have left something to do
      const { recorded } = await domain.commands.execute(prepared.command);
      if (recorded > 0) out.done(`已更正：${admissionNo}`);
      return { json: { kind: name, admissionNo, candidate: candidateId, values: changed, warnings: prepared.warnings, events: recorded } };
    });
  });
}

/** Personal values are shown once it is recorded who looks, and why. */
async function noteViewing({ commands, clock }: Domain, candidateId: string, name: string, reason: string): Promise<void> {
  await commands.execute(new RecordViewing(givenAt(clock.instant()), [candidateId], `correct ${name}`, reason));
}

/** @throws WrongUse that names the column */
function rowOf(name: CorrectionName, { columns }: CorrectionKind, values: readonly string[]): unknown {
  const names = Object.keys(columns.shape);
  const known = `${name} 的列：${names.join('、')}`;
  const given: Record<string, string> = {};
  for (const each of values) {
    const [, column = '', value = ''] = /^([a-z_]+)=(.*)$/su.exec(each) ?? [];
    if (!names.includes(column)) throw new WrongUse('unknown_column', `应为 列=值，不是 ${each}`, known);
    if (column in given) throw new WrongUse('repeated_column', `${column} 写了两次`);
    given[column] = value;
  }
  const read = columns.safeParse(given);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const column = String(issue?.path[0] ?? '');
  throw new WrongUse('bad_value', column in given ? `${column} ${issue?.message}` : `缺少 ${column}`, known);
}
