import type { Catalogue } from '../../catalogue/catalogue.js';
import type { Commands } from '../../event-store/commands.js';
import type { EventStore } from '../../event-store/event-store.js';
import { currentState } from '../../event-store/reading/current-state.js';
import { registeredIdentifiers } from '../../registrations/identifiers.js';
import type { Safes } from '../../vault/vault.js';
import type { OfficeVisitor } from '../../web/routes/officer.js';
import type { Role } from '../officers/officers.events.js';
import { applyChunk } from './applying/apply-chunk.js';
import type { CorrectionKind } from './correction.js';
import { maySee } from './correction-officers.js';
import { type ChunkOutcome, correctionProposal, type Proposal } from './correction-proposal.decider.js';
import { listedRows } from './correction-rows.js';
import type { CorrectionName, ProposalTerms } from './corrections.events.js';
import { refused } from './corrections.refusals.js';
import { correctionStream } from './corrections.streams.js';
import { type PreviewedCandidate, previewRows } from './preview/preview-rows.js';
import { type PreviewSummary, PreviewTally, whySecond } from './preview/preview-tally.js';
import type { CorrectionRelease } from './preview/release.js';
import { leaveOutUnknown, proposeStaged } from './proposing/propose-file.js';
import { type ListedRow, type Proposing, proposeRows } from './proposing/propose-rows.js';
import { proposeUndo } from './proposing/propose-undo.js';
import type { StagedRows } from './proposing/staged-rows.js';

/** A preview as a whole, and why a second person has to agree. */
export interface ProposalPreview extends PreviewSummary {
  readonly terms: ProposalTerms;
  readonly second: string | undefined;
}

/** Called with what was previewed of each chunk, in order. */
type OnChunk = (chunk: number, candidates: readonly PreviewedCandidate[]) => void | Promise<void>;

/** Previews and applies proposed corrections. */
export class CorrectionDesk {
  /** @param alone how many rows may be changed without a second person */
  constructor(
    private readonly events: EventStore,
    private readonly safes: Safes,
    private readonly catalogue: Catalogue,
    private readonly release: CorrectionRelease,
    private readonly alone: number,
  ) {}

  kind(name: CorrectionName): CorrectionKind {
    return this.release.kinds[name];
  }

  proposal(correction: string): Promise<Proposal> {
    return currentState(this.events, correctionStream(correction), correctionProposal);
  }

  /** Whether a proposal is there for an officer with these duties. */
  async isVisible(correction: string, { account, roles, districts }: OfficeVisitor<Role>): Promise<boolean> {
    const { terms } = await this.proposal(correction);
    return terms !== undefined && maySee(account, { roles, districts }, terms, this.events);
  }

  /**
   * What a proposal would change, as of now. Memory is bounded: a chunk is forgotten with its call.
   * @param at ISO 8601, UTC
   * @throws Refusal correction.unknown
   */
  async preview(correction: string, at: string, onChunk?: OnChunk, signal?: AbortSignal): Promise<ProposalPreview> {
    const { terms } = await this.proposal(correction);
    if (!terms) throw refused('correction.unknown', { correction });
    const upTo = await this.events.head();
    const sources = { events: this.events, vault: this.safes, catalogue: this.catalogue };
    const tally = new PreviewTally();
    for (let chunk = 0; chunk < terms.chunks; chunk++) {
      signal?.throwIfAborted();
      const rows = await listedRows(this.events, this.safes, correction, chunk);
      const candidates = await previewRows(rows, { correction, kind: terms.kind, upTo, at }, sources, this.release);
      for (const each of candidates) tally.add(each);
      await onChunk?.(chunk, candidates);
    }
    const summary = tally.summary();
    return { ...summary, terms, second: whySecond(summary, this.kind(terms.kind), this.alone) };
  }

  /** Proposes rows. Needs a current cause. @throws Refusal as `proposeRows` */
  propose(rows: readonly ListedRow[], proposing: Proposing, at: string, commands: Commands): Promise<ProposalTerms> {
    return proposeRows(rows, proposing, { leftOut: () => 0, at }, { events: this.events, safes: this.safes, commands });
  }

  /** Proposes staged rows of known candidates. Needs a current cause. @throws Refusal as `proposeRows` */
  proposeStaged(staged: StagedRows, proposing: Proposing, at: string, commands: Commands): Promise<ProposalTerms> {
    return proposeStaged(staged, proposing, at, { events: this.events, safes: this.safes, commands });
  }

  /** Leaves out the staged rows of nobody. */
  leaveOutUnknown(staged: StagedRows): Promise<void> {
    return leaveOutUnknown(staged, this.safes);
  }

  /** Proposes the opposite of an applied correction. Needs a current cause. @throws Refusal as `proposeUndo` */
  proposeUndo(undoing: Parameters<typeof proposeUndo>[0], at: string, commands: Commands): Promise<ProposalTerms> {
    return proposeUndo(undoing, at, { events: this.events, safes: this.safes, commands });
  }

  /** Candidates' names with their admission numbers, as the log has them; none of who is forgotten. */
  async namesOf(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const people = await registeredIdentifiers(this.events, await this.safes.safes(ids));
    return new Map(people.flatMap((person, at) => (person ? [[ids[at] as string, `${person.name} ${person.admissionNo}`] as const] : [])));
  }

  /** Records the rows of a chunk of an approved correction; repeating it records nothing more. @param at ISO 8601, UTC */
  apply(correction: string, chunk: number, at: string): Promise<ChunkOutcome> {
    const { events, safes, catalogue, release } = this;
    return applyChunk(correction, chunk, at, { events, safes, catalogue, release });
  }
}
