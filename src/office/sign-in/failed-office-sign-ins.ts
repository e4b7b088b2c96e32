import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Given } from '../../event-store/decider.js';
import type { Device } from '../../identity/identity.events.js';
import { FailedAttempts } from '../../identity/sign-in/failed-attempts.js';
import { Clock } from '../../kernel/clock.js';
import type { FailedStep } from '../officers/officers.events.js';
import { NoteFailedOfficeSignIns } from './note-failed-office-sign-ins.command.js';

class FailedAt extends FailedAttempts {
  constructor(
    private readonly at: FailedStep,
    commands: CommandBus,
    clock: Clock,
  ) {
    super(commands, clock);
  }

  protected override command(given: Given, account: string, { times, last }: { readonly times: number; readonly last: Device }) {
    return new NoteFailedOfficeSignIns(given, account, this.at, times, last);
  }
}

/** Records for officers that somebody tried their password, or knew it and tried their second factor. */
@Injectable()
export class FailedOfficeSignIns {
  private readonly attempts: Readonly<Record<FailedStep, FailedAt>>;

  constructor(commands: CommandBus, clock: Clock) {
    this.attempts = { password: new FailedAt('password', commands, clock), factor: new FailedAt('factor', commands, clock) };
  }

  /** @param account one that there is: for any other a key would be made */
  note(account: string, at: FailedStep, device: Device): void {
    this.attempts[at].note(account, device);
  }

  /** Writes all that waits before the stores are closed. */
  async onModuleDestroy(): Promise<void> {
    await Promise.all(Object.values(this.attempts).map((each) => each.onModuleDestroy()));
  }
}
