import { declarations } from '../../declarations/declarations.reactor.js';
import { enrolments } from '../../enrolments/enrolments.reactor.js';
import { passwords } from '../../identity/passwords/passwords.reactor.js';
import { corrections, correctionTasks } from '../../office/corrections/corrections.reactor.js';
import { tasks } from '../../office/tasks.reactor.js';
import { bills } from '../../payments/bills/bills.reactor.js';
import type { Reactor } from '../../reactions/reactor.js';

/** All reactors of this release. */
export const knownReactors: readonly Reactor[] = [passwords, bills, enrolments, declarations, corrections, correctionTasks, tasks];
