import { readFileSync } from 'node:fs';
import { deterministicId } from '../../../../src/event-store/deterministic-id.js';

/** What a real EventStoreDB 22.10.5 answered to a step; where names and places differ from run to run it has a placeholder. */
export interface RecordedStep {
  readonly name: string;
  readonly does: string;
  readonly answer?: unknown;
  readonly error?: Readonly<Record<string, string>>;
}

/** How to do each step, by its name, in the order in which they were recorded. */
export type Steps = Readonly<Record<string, () => Promise<unknown>>>;

const file = new URL('../../../fixtures/eventstoredb-answers.json', import.meta.url);
export const recordedSteps = (JSON.parse(readFileSync(file, 'utf8')) as { readonly steps: readonly RecordedStep[] }).steps;

/** The ids of a run's events by what they are called in it. */
export function idsOf(run: string): (name: string) => string {
  return (name) => deterministicId(`${run} ${name}`);
}

/** A value as it was recorded, with this run's names for the placeholders. */
export function ofRun(recorded: unknown, run: string, stream: string): unknown {
  return JSON.parse(JSON.stringify(recorded).replaceAll('<run>', run).replaceAll('<stream>', stream));
}
