import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '../../demo/random.js';
import { type Sittings, sittings } from '../../projections/sittings.js';
import type { Stored } from '../../src/read-models/read-models.js';
import { withRegistrySnapshot } from '../../src/read-models/serving/registry-snapshot.js';
import type { SoakedCentre } from './soaked-centre.js';

/** A period that does not exist; its entry names the build of a document. */
const MARK = '0000';

export function marked(document: unknown, build: string): Sittings {
  return { ...(document as Sittings), [MARK]: { [build]: { enrolled: false, paid: false } } };
}

function buildOf(document: Sittings): string {
  return Object.keys(document[MARK] ?? {}).join() || 'none';
}

/** Concurrent pages, documents on each, and the most milliseconds between two reads. */
const READERS = 3;
const DOCUMENTS = 6;
const BETWEEN = 8;

/** Reads pages continuously, of documents that are marked with their build. */
export class PageReads {
  readonly wrong: string[] = [];
  pages = 0;
  private going: Promise<unknown> | undefined;
  private ended = false;

  constructor(
    private readonly centre: SoakedCentre,
    private readonly documents: ReadonlyMap<string, Stored>,
    private readonly random: Random,
  ) {}

  begin(): void {
    const failed = (error: unknown) => void this.wrong.push(`a page failed: ${error}`);
    this.going = Promise.all(Array.from({ length: READERS }, () => this.goOn().catch(failed)));
  }

  async end(): Promise<void> {
    this.ended = true;
    await this.going;
  }

  private async goOn(): Promise<void> {
    while (!this.ended) {
      const before = await this.served();
      const read = await withRegistrySnapshot(() => this.page());
      const after = await this.served();
      const builds = [...new Set(read)];
      this.pages++;
      if (builds.length !== 1 || ![before, after].includes(builds[0]))
        this.wrong.push(`a page of ${builds.join(' and ')} while ${before}, then ${after} was served`);
    }
  }

  /** The builds of the documents of one page. */
  private async page(): Promise<readonly string[]> {
    const builds: string[] = [];
    for (let left = DOCUMENTS; left > 0; left--) {
      builds.push(buildOf(await this.centre.readModels.get(sittings, this.random.pick([...this.documents.keys()]))));
      await pause(this.random.between(0, BETWEEN));
    }
    return builds;
  }

  private async served(): Promise<string | undefined> {
    return (await this.centre.builds.registry()).serving[sittings.name];
  }
}
