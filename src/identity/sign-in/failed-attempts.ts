import type { OnModuleDestroy } from '@nestjs/common';
import type { CommandBus } from '@nestjs/cqrs';
import { LRUCache } from 'lru-cache';
import { causedInBackground } from '../../event-store/cause.js';
import type { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { givenAt } from '../../event-store/given.js';
import type { Clock } from '../../kernel/clock.js';
import { log } from '../../kernel/log.js';
import type { Device } from '../identity.events.js';

/** Milliseconds between two writes. */
const WRITE_INTERVAL = 500;
/** Milliseconds between two writes about the same account. */
const ACCOUNT_INTERVAL = 60_000;
const MAX_BATCH = 100;
const MAX_WAITING = 10_000;

/** How often, and the device of the last time. */
interface Failures {
  readonly times: number;
  readonly last: Device;
}

/**
 * Records for people, by an id, that somebody tried to sign in as they. No answer waits for it, or its time would tell that there is such
 * an account. A process that crashes loses the last half second, and during an attack the last minute.
 */
export abstract class FailedAttempts implements OnModuleDestroy {
  private readonly waiting = new Map<string, Failures>();
  private readonly written = new LRUCache<string, true>({ max: MAX_WAITING, ttl: ACCOUNT_INTERVAL });
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly commands: CommandBus,
    private readonly clock: Clock,
  ) {}

  /** The command that records it. */
  protected abstract command(given: Given, id: string, failures: Failures): Command<unknown>;

  note(id: string, device: Device): void {
    const before = this.waiting.get(id);
    if (!before && this.waiting.size >= MAX_WAITING) return;
    this.waiting.set(id, { times: (before?.times ?? 0) + 1, last: device });
    this.schedule();
  }

  /** Writes all that waits before the stores are closed. */
  async onModuleDestroy(): Promise<void> {
    clearTimeout(this.timer);
    await this.writing;
    await this.write([...this.waiting.keys()]);
  }

  private schedule(): void {
    this.timer ??= setTimeout(() => {
      this.writing = this.writeDue();
    }, WRITE_INTERVAL).unref();
  }

  private async writeDue(): Promise<void> {
    await this.write([...this.waiting.keys()].filter((id) => !this.written.has(id)).slice(0, MAX_BATCH));
    this.timer = undefined;
    if (this.waiting.size > 0) this.schedule();
  }

  private async write(ids: readonly string[]): Promise<void> {
    await Promise.all(
      ids.map(async (id) => {
        const failures = this.waiting.get(id);
        this.waiting.delete(id);
        this.written.set(id, true);
        if (failures) await this.record(id, failures);
      }),
    );
  }

  private async record(id: string, failures: Failures): Promise<void> {
    const given = givenAt(this.clock.instant());
    try {
      await causedInBackground({ by: 'visitor', origin: 'person', correlation: given.id }, () => this.commands.execute(this.command(given, id, failures)));
    } catch (error) {
      log.warn({ err: error, times: failures.times }, 'failed sign-ins could not be recorded');
    }
  }
}
