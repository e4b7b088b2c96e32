import { randomUUID } from 'node:crypto';
import { type Command, CommandBus } from '@nestjs/cqrs';
import type { Appended } from '../../../src/event-store/append.js';
import { causedBy } from '../../../src/event-store/cause.js';
import { EventStore } from '../../../src/event-store/event-store.js';
import { givenAt } from '../../../src/event-store/given.js';
import { ApplyCorrection } from '../../../src/office/corrections/apply-correction.command.js';
import { ApproveCorrection } from '../../../src/office/corrections/approve-correction.command.js';
import type { Columns } from '../../../src/office/corrections/correction.js';
import { CorrectionDesk } from '../../../src/office/corrections/correction-desk.js';
import type { CorrectionName } from '../../../src/office/corrections/corrections.events.js';
import { type ListedRow, proposeRows } from '../../../src/office/corrections/proposing/propose-rows.js';
import { proposeUndo } from '../../../src/office/corrections/proposing/propose-undo.js';
import { Vault } from '../../../src/vault/vault.js';
import type { TestCentre } from '../../centre.js';

/** What officers do about corrections, and reactors after them, on a centre. */
export class ProposalDesk {
  constructor(readonly centre: TestCentre) {}

  private get ports() {
    return { events: this.centre.get(EventStore), safes: this.centre.get(Vault), commands: this.centre.get(CommandBus) };
  }

  private as<T>(account: string, work: () => Promise<T>): Promise<T> {
    return causedBy({ by: `office:${account}`, origin: 'office', correlation: randomUUID() }, work);
  }

  private get at(): string {
    return this.centre.clock.instant();
  }

  /** Proposes rows of candidates by their admission numbers. Returns the id. */
  async propose(kind: CorrectionName, rows: readonly (readonly [admissionNo: string, columns: Columns])[], by = 'zhou'): Promise<string> {
    const correction = randomUUID();
    const listed: ListedRow[] = [];
    for (const [line, [number, columns]] of rows.entries()) listed.push({ line: line + 2, candidateId: await this.centre.idOf(number), columns });
    await this.as(by, () => proposeRows(listed, { correction, kind, by, reason: '登分有误' }, { leftOut: () => 0, at: this.at }, this.ports));
    await this.centre.settled();
    return correction;
  }

  async undo(undoes: string, by = 'zhou'): Promise<string> {
    const correction = randomUUID();
    await this.as(by, () => proposeUndo({ correction, undoes, by, reason: '撤销' }, this.at, this.ports));
    await this.centre.settled();
    return correction;
  }

  preview(correction: string) {
    return this.centre.get(CorrectionDesk).preview(correction, this.at);
  }

  async approve(correction: string, by = 'he', { fingerprint, emergency = false }: { readonly fingerprint?: string; readonly emergency?: boolean } = {}) {
    const seen = fingerprint ?? (await this.preview(correction)).fingerprint;
    await this.execute(by, new ApproveCorrection(givenAt(this.at), correction, by, seen, emergency));
  }

  /** Applies all chunks, as the reactor does. */
  async apply(correction: string): Promise<void> {
    const { terms, applied } = await this.centre.get(CorrectionDesk).proposal(correction);
    for (let chunk = applied; chunk < (terms?.chunks ?? 0); chunk++) await this.execute('reactor', new ApplyCorrection(givenAt(this.at), correction, chunk));
  }

  async execute(by: string, command: Command<Appended>): Promise<void> {
    await this.as(by, () => this.centre.get(CommandBus).execute(command));
    await this.centre.settled();
  }

  /** The events of a candidate that a correction has recorded. */
  async recorded(admissionNo: string, correction: string) {
    const history = await this.centre.get(EventStore).subject(await this.centre.idOf(admissionNo));
    return history.filter(({ metadata }) => metadata.correlation === correction);
  }
}
