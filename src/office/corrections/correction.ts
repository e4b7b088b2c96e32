import type { z } from 'zod';
import type { Catalogue } from '../../catalogue/catalogue.js';
import type { Appended } from '../../event-store/append.js';
import type { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import type { EventStore } from '../../event-store/event-store.js';
import type { Safes } from '../../vault/vault.js';
import type { CorrectionName } from './corrections.events.js';

/** The kinds of facts that are corrected one by one, with their names for people. */
export const CORRECTION_KINDS = {
  score: '成绩',
  person: '考生资料',
  seat: '座位',
  enrolment: '报考',
  confirmation: '现场确认',
  account: '账号状态',
  major: '专业',
  payment: '缴费',
  declaration: '申报',
  application: '考籍申请',
} as const satisfies Readonly<Record<CorrectionName, string>>;

/** What is read for a correction. */
export interface CorrectionPorts {
  readonly events: EventStore;
  readonly catalogue: Catalogue;
  readonly vault: Pick<Safes, 'safe'>;
}

/** A value before and after; what there is none of is 无. */
export interface CorrectedValue {
  /** Such as `2610 00249 room`; empty where the kind has one value. */
  readonly field: string;
  readonly before: string;
  readonly after: string;
}

/** A correction as it is shown before it is recorded. */
export interface PreparedCorrection {
  readonly values: readonly CorrectedValue[];
  /** What should be known before one agrees. */
  readonly warnings: readonly string[];
  readonly command: Command<Appended>;
  /** By the field of a value that is shown as sealed: what tells it from another one. */
  readonly digests?: Readonly<Record<string, { readonly before: string | undefined; readonly after: string | undefined }>> | undefined;
  /** What a row of the same kind has to say for the fact to be as it was; missing where there is no way back. */
  readonly wayBack?: Columns | undefined;
  /** That it is more than a correction: the fact is recorded for the first time, or of a course that is not enrolled. */
  readonly doubt?: 'first' | 'not_enrolled' | undefined;
  /** Of a result that passes, or does so no more. */
  readonly becomes?: 'passed' | 'failed' | undefined;
  /** That the fact is released, so that the candidate sees what changes. */
  readonly isReleased?: boolean | undefined;
}

/** A row as a file says it: texts by column, those that say nothing left out. */
export type Columns = Readonly<Record<string, string>>;

/** Whose fact is corrected, and the id and the time of the command. */
export interface CorrectionTarget {
  readonly candidateId: string;
  readonly given: Given;
}

/** One kind of fact: its columns, and what a row of them changes. */
export interface CorrectionKind<Row = unknown> {
  /** One check for each column, from text to the typed row. Messages are in Chinese. */
  readonly columns: z.ZodObject<Record<string, z.ZodType>> & z.ZodType<Row>;
  /** The columns that say which fact of a candidate it is; none where there is one. */
  readonly key: readonly string[];
  /** Whether the values are personal: who looks at them is recorded. */
  readonly personal?: true;
  /** Why a second person always has to agree. */
  readonly second?: 'identity' | 'money';
  /** @throws Refusal for what cannot be corrected */
  prepare(row: Row, target: CorrectionTarget, ports: CorrectionPorts): Promise<PreparedCorrection>;
}

/** Declares a kind; the row's type follows from its columns. */
export function correctionKind<Row>(declared: CorrectionKind<Row>): CorrectionKind<Row> {
  return declared;
}

/** What is shown in place of a personal value that nobody needs to see. */
export const SEALED = '〔密封〕';

/** What is shown where there is no value. */
export const NONE = '无';

/** The columns that say something. */
export function textsOf(columns: Readonly<Record<string, string | undefined>>): Columns {
  return Object.fromEntries(Object.entries(columns).filter((column): column is [string, string] => column[1] !== undefined));
}
