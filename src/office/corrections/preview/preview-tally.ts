import { createHash } from 'node:crypto';
import type { CorrectionKind } from '../correction.js';
import type { PreviewedCandidate, PreviewedRow } from './preview-rows.js';

/** How often a value changes to another. */
export interface ValueChange {
  readonly before: string;
  readonly after: string;
  readonly rows: number;
}

/** What a correction would change as a whole. Its size is bounded, whatever the number of rows. */
export interface PreviewSummary {
  readonly fingerprint: string;
  readonly rows: number;
  readonly changes: number;
  readonly unchanged: number;
  readonly refused: number;
  /** Recorded for the first time rather than corrected; of courses that are not enrolled. */
  readonly first: number;
  readonly notEnrolled: number;
  readonly toPassed: number;
  readonly toFailed: number;
  /** Rows of what is released. */
  readonly released: number;
  readonly candidates: number;
  readonly events: Readonly<Record<string, number>>;
  /** Changed documents by read model, and their changed fields. */
  readonly documents: Readonly<Record<string, { readonly documents: number; readonly fields: Readonly<Record<string, number>> }>>;
  readonly reactions: Readonly<Record<string, number>>;
  /** By text, the commonest first. */
  readonly warnings: readonly { readonly text: string; readonly rows: number }[];
  readonly reasons: readonly { readonly text: string; readonly rows: number }[];
  /** From one value to another, the commonest first; null where there are too many different ones. */
  readonly values: readonly ValueChange[] | null;
  /** The first candidates that change. */
  readonly examples: readonly PreviewedCandidate[];
  readonly refusedExamples: readonly PreviewedRow[];
}

const MOST_EXAMPLES = 20;
const MOST_VALUES = 200;
const MOST_TEXTS = 50;

/** Adds up a preview, candidate by candidate in the order of the rows. */
export class PreviewTally {
  private readonly hash = createHash('sha256');
  private readonly counts = { rows: 0, changes: 0, unchanged: 0, refused: 0, first: 0, notEnrolled: 0, toPassed: 0, toFailed: 0, released: 0, candidates: 0 };
  private readonly events = new Map<string, number>();
  private readonly reactions = new Map<string, number>();
  private readonly warnings = new Map<string, number>();
  private readonly reasons = new Map<string, number>();
  private readonly documents = new Map<string, { documents: number; readonly fields: Map<string, number> }>();
  private values: Map<string, number> | undefined = new Map();
  private readonly examples: PreviewedCandidate[] = [];
  private readonly refusedExamples: PreviewedRow[] = [];

  add(candidate: PreviewedCandidate): void {
    const { counts } = this;
    this.hash.update(`${candidate.candidateId} ${candidate.digest}\n`);
    counts.candidates++;
    for (const row of candidate.rows) this.addRow(row);
    for (const { readModel, fields, fault } of candidate.documents) {
      const known = this.documents.get(readModel) ?? { documents: 0, fields: new Map<string, number>() };
      this.documents.set(readModel, known);
      known.documents++;
      for (const field of new Set(fields.map((each) => each.field))) increase(known.fields, field);
      if (fault !== undefined) increase(this.warnings, `${readModel} 的文档不能接受这个事件，会停在原处`);
    }
    if (this.examples.length < MOST_EXAMPLES && candidate.rows.some(({ outcome }) => outcome === 'changes')) this.examples.push(candidate);
  }

  summary(): PreviewSummary {
    const { counts, examples, refusedExamples } = this;
    return {
      ...counts,
      fingerprint: this.hash.copy().digest('base64url'),
      events: Object.fromEntries(this.events),
      documents: Object.fromEntries(Array.from(this.documents, ([name, { documents, fields }]) => [name, { documents, fields: Object.fromEntries(fields) }])),
      reactions: Object.fromEntries(this.reactions),
      warnings: counted(this.warnings),
      reasons: counted(this.reasons),
      values: this.values ? counted(this.values).map(({ text, rows }) => ({ ...(JSON.parse(text) as Omit<ValueChange, 'rows'>), rows })) : null,
      examples,
      refusedExamples,
    };
  }

  private addRow(row: PreviewedRow): void {
    const { counts } = this;
    counts.rows++;
    counts[row.outcome]++;
    if (row.refusal) {
      increase(this.reasons, row.refusal.reason);
      if (this.refusedExamples.length < MOST_EXAMPLES) this.refusedExamples.push(row);
    }
    if (row.outcome !== 'changes') return;
    if (row.doubt === 'first') counts.first++;
    if (row.doubt === 'not_enrolled') counts.notEnrolled++;
    if (row.becomes === 'passed') counts.toPassed++;
    if (row.becomes === 'failed') counts.toFailed++;
    if (row.isReleased) counts.released++;
    for (const { type } of row.events) increase(this.events, type);
    for (const { reactor, command } of row.reactions) increase(this.reactions, `${reactor} ${command}`);
    for (const warning of row.warnings) if (this.warnings.size < MOST_TEXTS || this.warnings.has(warning)) increase(this.warnings, warning);
    for (const { before, after } of row.values) if (this.values) increase(this.values, JSON.stringify({ before, after }));
    if (this.values && this.values.size > MOST_VALUES) this.values = undefined;
  }
}

/** Why a second person has to agree, for people; undefined where nobody has to. @param alone rows that the proposer may change alone */
export function whySecond({ changes, released }: PreviewSummary, { second }: CorrectionKind, alone: number): string | undefined {
  if (second === 'identity') return '更正的是身份信息';
  if (second === 'money') return '更正的是缴费';
  if (released > 0) return '更正的内容已经发布';
  return changes > alone ? `更正超过 ${alone} 行` : undefined;
}

function increase(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function counted(counts: ReadonlyMap<string, number>): readonly { readonly text: string; readonly rows: number }[] {
  return [...counts].map(([text, rows]) => ({ text, rows })).sort((one, other) => other.rows - one.rows || (one.text < other.text ? -1 : 1));
}
