import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Given } from '../../event-store/decider.js';
import { Clock } from '../../kernel/clock.js';
import type { Device } from '../identity.events.js';
import { FailedAttempts } from './failed-attempts.js';
import { NoteFailedSignIns } from './note-failed-sign-ins.command.js';

/** Records for candidates that somebody knew their number and not their password. */
@Injectable()
export class FailedSignIns extends FailedAttempts {
  /** Its own, since Nest reads there what a class needs. */
  constructor(commands: CommandBus, clock: Clock) {
    super(commands, clock);
  }

  protected override command(given: Given, candidateId: string, { times, last }: { readonly times: number; readonly last: Device }) {
    return new NoteFailedSignIns(given, candidateId, times, last);
  }
}
