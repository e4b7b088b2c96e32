import type { z } from 'zod';
import type { Catalogue } from '../../catalogue/catalogue.js';
import type { Appended } from '../../event-store/append.js';
import type { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import type { EventStore } from '../../event-store/event-store.js';
import type { Vault } from '../../vault/vault.js';

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
} as const;

export type CorrectionName = keyof typeof CORRECTION_KINDS;

/** What is read for a correction. */
export interface CorrectionPorts {
  readonly events: EventStore;
  readonly catalogue: Catalogue;
  readonly vault: Vault;
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
}

/** Whose fact is corrected, and the id and the time of the command. */
export interface CorrectionTarget {
  readonly candidateId: string;
  readonly given: Given;
}

/** One kind of fact: its columns, and what a row of them changes. */
export interface CorrectionKind<Row = unknown> {
  /** One check for each column, from text to the typed row. Messages are in Chinese. */
  readonly columns: z.ZodObject<Record<string, z.ZodType>> & z.ZodType<Row>;
  /** Whether the values are personal: who looks at them is recorded. */
  readonly personal?: true;
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
