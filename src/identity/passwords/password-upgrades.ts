import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { causedInBackground, currentCause } from '../../event-store/cause.js';
import { givenAt } from '../../event-store/given.js';
import { Refusal } from '../../event-store/refusal.js';
import { Clock } from '../../kernel/clock.js';
import { log } from '../../kernel/log.js';
import { RehashPassword } from '../../registrations/passwords/rehash-password.command.js';
import type { PasswordHash } from '../../registrations/registrations.events.js';
import type { Sealed } from '../../vault/vault.js';
import { Passwords } from './passwords.js';

/** Keeps a password that was just typed by a better hash than before. No login waits for that, and none fails by it. */
@Injectable()
export class PasswordUpgrades implements OnModuleDestroy {
  private readonly inHand = new Set<Promise<void>>();

  constructor(
    private readonly passwords: Passwords,
    private readonly commands: CommandBus,
    private readonly clock: Clock,
  ) {}

  /** @param kept as it is kept now; where others wait for their login, this waits for the next one */
  begin(candidateId: string, kept: Sealed<PasswordHash>, password: string): void {
    if (!this.passwords.idle) return;
    const upgrade = this.upgrade(candidateId, kept, password).finally(() => this.inHand.delete(upgrade));
    this.inHand.add(upgrade);
  }

  /** Before the stores are closed. */
  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.inHand);
  }

  private async upgrade(candidateId: string, kept: Sealed<PasswordHash>, password: string): Promise<void> {
    const { correlation } = currentCause();
    try {
      const hash = await this.passwords.hash(password);
      const command = new RehashPassword(givenAt(this.clock.instant()), candidateId, hash, kept);
      await causedInBackground({ by: 'password-upgrade', origin: 'reaction', correlation }, () => this.commands.execute(command));
    } catch (error) {
      // set anew in between, or by another login at the same time: there is nothing to do any more
      if (!(error instanceof Refusal)) log.warn({ err: error }, 'a password could not be kept by a better hash; the next login tries again');
    }
  }
}
