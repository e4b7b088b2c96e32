import type { TallyRequest, Verdict } from './attempt-tallies.js';

/**
 * Small counts under keys, shared by all processes of one installation, each forgotten after its time. A power cut may take
 * the last ones back, and there is a limit to how many there are: they slow guessing, nothing more. No caller's thread waits
 * for a lock.
 */
export abstract class Tallies {
  /** All changes of a request: in one transaction where the store has such, else each as if nobody else changed that tally at the same time. */
  abstract run(request: TallyRequest): Promise<Verdict>;

  abstract close(): Promise<void>;
}
