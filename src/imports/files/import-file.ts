import type { Command } from '@nestjs/cqrs';
import type { z } from 'zod';
import type { Appended } from '../../event-store/append.js';
import type { Given } from '../../event-store/decider.js';

/** What a row may name that must be known: in the batch, or already recorded. A declaration period is `kind/code`. */
export type ReferenceKind = 'candidate' | 'period' | 'unit' | 'course' | 'major' | 'district' | 'declaration_period';

export interface Reference {
  readonly kind: ReferenceKind;
  /** As the key of that kind's file: an admission number, a period, `period/unit`, a course, a major, a district, `kind/code`. */
  readonly value: string;
  readonly column: string;
}

/** Why a row is bad, for the person who mends the file: the column at fault, and the reason in plain Chinese. */
export interface Fault {
  readonly column: string;
  readonly reason: string;
}

/** What the engine found out for a row before its command is made. */
export interface Found {
  /** Of the row's `admission_no`; missing only for files without one, and for candidates themselves. */
  readonly candidateId?: string;
  /** The bytes of the file named in the row's `photo` column. */
  readonly photo?: Uint8Array;
}

/** One kind of input file: its columns and their checks, and the command that a row becomes. */
export interface ImportFile<Row = unknown> {
  /** The file's name without `.csv`. */
  readonly name: string;
  /** One check a column, in the file's order, on text; the output is the typed row. Messages are for people, in Chinese. */
  readonly columns: z.ZodObject<Record<string, z.ZodType>> & z.ZodType<Row>;
  /** Rows with the same key say the same thing; two in one file with other values contradict each other. */
  key(row: Row): string;
  /** Other keys that rows of the file share only when `same` agrees: a citizen number under two names, say. */
  agreement?(row: Row): { readonly on: string; readonly same: string; readonly fault: Fault };
  /** What must be known for the row to make sense. */
  references(row: Row): readonly Reference[];
  /** What other rows may refer to through this row: the value of a Reference of the kind. */
  defines?(row: Row): { readonly kind: ReferenceKind; readonly value: string };
  /** Faults that take more than one column to see. */
  faults?(row: Row): readonly Fault[];
  /** What a person should look at in a row that is good all the same. */
  warnings?(row: Row): readonly Fault[];
  /** Rows of one stream are recorded together: a text that sorts them so. So are those of files with the same function, of which it is ASCII. */
  stream(row: Row): string;
  /** The row's command; executed on the command bus, a thousand at a time. */
  command(row: Row, given: Given, found: Found): Command<Appended>;
}

export function kindNamed(kinds: readonly ImportFile[], name: string): ImportFile {
  const kind = kinds.find((each) => each.name === name);
  if (!kind) throw new Error(`there is no kind of file ${name}`);
  return kind;
}
