import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { v7 as newId } from 'uuid';
import { type Domain, withDomain } from '../../composition/domain.js';
import { causedBy } from '../../event-store/cause.js';
import { CORRECTION_KINDS, type CorrectionKind } from '../../office/corrections/correction.js';
import type { CorrectionName, ProposalTerms } from '../../office/corrections/corrections.events.js';
import { columnsOf, faultOf } from '../../office/corrections/proposing/check-columns.js';
import { leaveOutUnknown, proposeStaged } from '../../office/corrections/proposing/propose-file.js';
import { type Proposing, proposeRows } from '../../office/corrections/proposing/propose-rows.js';
import { proposeUndo } from '../../office/corrections/proposing/propose-undo.js';
import { BadCorrectionFile, readCorrectionFile } from '../../office/corrections/proposing/read-file.js';
import { StagedRows } from '../../office/corrections/proposing/staged-rows.js';
import { refused } from '../../registrations/registrations.refusals.js';
import { isAdmissionNo, normalisedNumber } from '../../vault/numbers.js';
import type { CommandResult, Context } from '../program/command.js';
import { CommandRefused, WrongUse } from '../program/errors.js';

interface ProposeGiven {
  readonly kind: CorrectionName;
  /** The admission number, and values such as `period=2610`. */
  readonly values: readonly string[];
  readonly file: string | undefined;
  readonly skipBadRows: boolean;
  readonly by: string;
  readonly reason: string;
  readonly ticket: string | undefined;
  readonly evidence: string | undefined;
}

/** `correction propose`. */
export async function runPropose(given: ProposeGiven, { settings, out }: Context): Promise<CommandResult> {
  const { kind, values, file, by, reason, ticket } = given;
  if ((file === undefined) === (values.length === 0)) throw new WrongUse('bad_value', '要么写准考证号和 列=值，要么写 --file FILE');
  const evidence = given.evidence === undefined ? undefined : await sha256Of(given.evidence);
  return withDomain(settings, async (domain) => {
    const proposing: Proposing = { correction: newId(), kind, by, reason, ticket, evidence };
    return file === undefined ? proposeOne(values, proposing, domain, out) : proposeFile(file, given.skipBadRows, proposing, domain, out);
  });
}

async function proposeOne([typed = '', ...values]: readonly string[], proposing: Proposing, domain: Domain, out: Context['out']): Promise<CommandResult> {
  const admissionNo = normalisedNumber(typed);
  if (!isAdmissionNo(admissionNo)) throw new WrongUse('bad_value', 'KIND 后面应为 12 位数字的准考证号');
  const columns = namedColumns(proposing.kind, domain.desk.kind(proposing.kind), values);
  const [candidateId] = await domain.vault.find([admissionNo]);
  if (candidateId === undefined) throw refused('candidate.unknown');
  const at = domain.clock.instant();
  const terms = await causedBy(causeOf(proposing), () =>
    proposeRows([{ line: 1, candidateId, columns }], proposing, { leftOut: () => 0, at }, { ...domain, safes: domain.vault }),
  );
  return proposed(terms, [], out);
}

/** @throws WrongUse that names the column */
function namedColumns(name: CorrectionName, kind: CorrectionKind, values: readonly string[]): Record<string, string> {
  const names = columnsOf(kind);
  const known = `${name} 的列：${names.join('、')}`;
  const columns: Record<string, string> = {};
  for (const each of values) {
    const [, column = '', value = ''] = /^([a-z_]+)=(.*)$/su.exec(each) ?? [];
    if (!names.includes(column)) throw new WrongUse('unknown_column', `应为 列=值，不是 ${each}`, known);
    if (column in columns) throw new WrongUse('repeated_column', `${column} 写了两次`);
    if (value !== '') columns[column] = value;
  }
  const fault = faultOf(kind, columns);
  if (fault) throw new WrongUse('bad_value', `${fault.column} ${fault.reason}`, known);
  return columns;
}

async function proposeFile(file: string, skipBadRows: boolean, proposing: Proposing, domain: Domain, out: Context['out']): Promise<CommandResult> {
  const staged = new StagedRows();
  try {
    await readCorrectionFile(file, domain.desk.kind(proposing.kind), staged);
    await leaveOutUnknown(staged, domain.vault);
    for (const { line, column, reason } of staged.bad) out.wrong(`第 ${line} 行${column && ` ${column}`}：${reason}`);
    if (staged.badCount > 0 && !skipBadRows)
      throw new CommandRefused('bad_rows', `有 ${staged.badCount} 行不能提出：改好再提出，或者加上 --skip-bad-rows 只提出其余的行`);
    const terms = await causedBy(causeOf(proposing), () => proposeStaged(staged, proposing, domain.clock.instant(), { ...domain, safes: domain.vault }));
    return proposed(terms, staged.bad, out);
  } catch (error) {
    if (error instanceof BadCorrectionFile) throw new CommandRefused('bad_file', error.message);
    throw error;
  } finally {
    staged.close();
  }
}

interface UndoGiven extends Pick<ProposeGiven, 'by' | 'reason' | 'ticket'> {
  readonly id: string;
}

/** `correction undo ID`. */
export function runUndo({ id, by, reason, ticket }: UndoGiven, { settings, out }: Context): Promise<CommandResult> {
  return withDomain(settings, async (domain) => {
    const undoing = { correction: newId(), undoes: id, by, reason, ticket };
    const terms = await causedBy(causeOf(undoing), () => proposeUndo(undoing, domain.clock.instant(), { ...domain, safes: domain.vault }));
    return proposed(terms, [], out);
  });
}

function causeOf({ by, correction, reason, ticket }: Omit<Proposing, 'kind'>) {
  return { by: `office:${by}`, origin: 'office', correlation: correction, why: reason, ...(ticket !== undefined && { ticket }) } as const;
}

function proposed({ correction, kind, rows, leftOut, undoes }: ProposalTerms, bad: StagedRows['bad'], out: Context['out']): CommandResult {
  out.answer(correction);
  out.done(
    `已提出${CORRECTION_KINDS[kind]}的更正，${rows} 行${leftOut > 0 ? `，另有 ${leftOut} 行没有提出` : ''}。预览：correction preview ${correction} --by ACCOUNT`,
  );
  return { json: { correction, kind, rows, leftOut, bad, undoes: undoes ?? null }, differs: leftOut > 0 };
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(path)) hash.update(bytes as Uint8Array);
  return hash.digest('hex');
}
