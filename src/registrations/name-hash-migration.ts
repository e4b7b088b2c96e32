import type { EventStore } from '../event-store/event-store.js';
import { abortableDelay } from '../kernel/abortable-delay.js';
import { log } from '../kernel/log.js';
import { StoreUnavailable } from '../kernel/store-unavailable.js';
import { NAME_RULE } from '../vault/names.js';
import type { Vault } from '../vault/vault.js';
import { registeredIdentifiers } from './identifiers.js';

const PAGE = 200;
/** How long to wait before asking a store again that did not answer, in milliseconds. */
const RETRY_DELAY = 5_000;

/**
 * Hashes the names in a vault of an earlier release again by the present rule, from the names in the log. It runs once, page by page,
 * and resumes after a kill. Until it is done, the vault looks names up by both rules.
 */
export class NameHashMigration {
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly events: EventStore,
    private readonly vault: Vault,
  ) {}

  /** Runs beside the pages. What fails now is done after the next start. */
  start(): void {
    this.running = this.untilDone();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** Resolves once it is done or stopped, with the number of names processed. @throws StoreUnavailable */
  async apply(): Promise<number> {
    let { rule, after, done } = (await this.vault.nameHashing()) ?? { rule: NAME_RULE, done: false };
    if (rule === NAME_RULE && done) return 0;
    if (rule !== NAME_RULE) after = undefined;
    let names = 0;
    for (let end = false; !end && !this.stopping.signal.aborted; ) {
      const rows = await this.vault.nameRows(after, PAGE);
      const registered = await registeredIdentifiers(
        this.events,
        rows.map(({ safe }) => safe),
      );
      const named = rows.flatMap(({ safe: { id }, hash }, at) => {
        const name = registered[at]?.name;
        return name === undefined ? [] : [{ id, hash, name }];
      });
      end = rows.length < PAGE;
      names += named.length;
      after = rows.at(-1)?.safe.id ?? after;
      await this.vault.hashNames(named, { rule: NAME_RULE, ...(after !== undefined && { after }), done: end });
    }
    return names;
  }

  private async untilDone(): Promise<void> {
    try {
      const names = await this.apply();
      if (names > 0) log.info({ names }, 'names in the vault were hashed anew');
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) {
        log.error({ err: error }, 'names in the vault could not be hashed anew; it is tried again at the next start');
        return;
      }
      log.warn({ err: error, delay: RETRY_DELAY }, 'names in the vault are hashed anew once the store answers');
      await abortableDelay(this.stopping.signal, RETRY_DELAY);
      if (!this.stopping.signal.aborted) await this.untilDone();
    }
  }
}
