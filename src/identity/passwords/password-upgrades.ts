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

/** Hashes a password anew that was just typed and whose hash is outdated. No login waits for it or fails by it. */
@Injectable()
export class PasswordUpgrades implements OnModuleDestroy {
  private readonly pending = new Set<Promise<void>>();

  constructor(
    private readonly passwords: Passwords,
    private readonly commands: CommandBus,
    private readonly clock: Clock,
  ) {}

  /** Does nothing while logins wait: the next login of the candidate tries again. @param kept the outdated hash */
  begin(candidateId: string, kept: Sealed<PasswordHash>, password: string): void {
    if (!this.passwords.idle) return;
    const upgrade = this.upgrade(candidateId, kept, password).finally(() => this.pending.delete(upgrade));
    this.pending.add(upgrade);
  }

  /** Before the stores are closed. */
  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.pending);
  }

  private async upgrade(candidateId: string, kept: Sealed<PasswordHash>, password: string): Promise<void> {
    const { correlation } = currentCause();
    try {
      const hash = await this.passwords.hash(password);
      const command = new RehashPassword(givenAt(this.clock.instant()), candidateId, hash, kept);
      await causedInBackground({ by: 'password-upgrade', origin: 'reaction', correlation }, () => this.commands.execute(command));
    } catch (error) {
      // refused: the password was changed meanwhile, or another login has hashed it anew
      if (!(error instanceof Refusal)) log.warn({ err: error }, 'a password could not be hashed anew; the next login tries again');
    }
  }
}
