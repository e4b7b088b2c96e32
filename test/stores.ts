import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { knownEvents } from '../src/composition/known/events.js';
import { type Cause, causedBy } from '../src/event-store/cause.js';
import type { Recorded } from '../src/event-store/event.js';
import { SqliteEventStore } from '../src/event-store/sqlite/event-store.js';
import { Photos } from '../src/vault/photos.js';
import { SqliteVault } from '../src/vault/sqlite/vault.js';

const cause: Cause = { correlation: 'of a test', by: 'import', origin: 'import' };

/** A log, a vault and photos in a temporary folder, for handlers that need more than a decider. */
export class TestStores {
  private readonly folder = mkdtempSync(join(tmpdir(), 'stores-'));
  readonly events = new SqliteEventStore(join(this.folder, 'events.sqlite'), knownEvents);
  readonly vault = new SqliteVault(join(this.folder, 'vault.sqlite'), new Uint8Array(32));
  readonly photos = new Photos(join(this.folder, 'photos'));

  /** Executes commands together, as an import does. */
  execute<Command, Answer>(handler: { execute(command: Command): Promise<Answer> }, ...commands: readonly Command[]): Promise<Answer[]> {
    return causedBy(cause, () => Promise.all(commands.map((command) => handler.execute(command))));
  }

  /** All recorded events, in order. */
  async log(): Promise<readonly Recorded[]> {
    return (await this.events.read('', 1_000)).events;
  }

  /** The data of a recorded event, by its index in the log; -1 is the last. */
  async data<Data extends object>(at: number): Promise<Data> {
    const event = (await this.log()).at(at);
    if (!event) throw new Error(`no event is recorded at ${at}`);
    return event.data as Data;
  }

  /** The log as text, which must contain nothing personal. */
  async words(): Promise<string> {
    return JSON.stringify(await this.log());
  }

  async drop(): Promise<void> {
    await this.events.close();
    await this.vault.close();
    rmSync(this.folder, { recursive: true });
  }
}
