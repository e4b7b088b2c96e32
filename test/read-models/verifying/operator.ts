import { randomUUID } from 'node:crypto';
import { RegisteredBuilds } from '../../../src/read-models/projecting/maintained-builds.js';
import { Projector } from '../../../src/read-models/projecting/projector.js';
import { waitForHead } from '../../../src/read-models/projecting/wait-for-head.js';
import { type Change, withRequest } from '../../../src/read-models/registry.js';
import type { Remedy } from '../../../src/read-models/remedies.js';
import { SqliteProjectionStore } from '../../../src/read-models/sqlite/projection-store.js';
import { type Examined, examine } from '../../../src/read-models/verifying/examine.js';
import { type Verified, type VerifyOptions, verify } from '../../../src/read-models/verifying/verify.js';
import { verifyTargets } from '../../../src/read-models/verifying/verify-targets.js';
import { until } from '../../until.js';
import type { Rebuilding } from '../rebuilding/rebuilding.js';

/** Does what a problem names as its cure. */
export class Operator {
  private readonly running: (() => Promise<void>)[] = [];

  constructor(private readonly rebuilding: Rebuilding) {}

  async verify(options: VerifyOptions = {}, names: readonly string[] = []): Promise<readonly Verified[]> {
    const { targets } = verifyTargets(await this.rebuilding.builds.registry(), this.rebuilding.code, this.rebuilding.ports().fingerprints, names);
    return verify(targets, this.rebuilding.ports(), { waitingTimes: { look: 1, idle: 0, stuck: 200 }, ...options });
  }

  /** As `status` looks. */
  async examine(isSmall: boolean): Promise<Examined> {
    const { targets } = verifyTargets(await this.rebuilding.builds.registry(), this.rebuilding.code, this.rebuilding.ports().fingerprints, []);
    return examine(targets, this.rebuilding.ports(), { isSmall });
  }

  /** Problems of all served builds, as their kinds with their cures. */
  async problems(options: VerifyOptions = {}) {
    return (await this.verify(options)).flatMap(({ problems }) => problems);
  }

  /** A projector in a process of its own. */
  project(): void {
    const { events, builds, code, fingerprint } = this.rebuilding;
    const store = new SqliteProjectionStore(`${this.rebuilding.folder}/read-models.sqlite`);
    const kept = new RegisteredBuilds(builds, store, events, code, { of: () => fingerprint });
    const stopping = new AbortController();
    const projector = new Projector(events, store, code, { holder: randomUUID(), builds: kept, heartbeatInterval: 5 });
    const ended = projector.run(stopping.signal);
    this.running.push(async () => {
      stopping.abort();
      await ended;
      await store.close();
    });
  }

  /** Ends every projector. */
  async end(): Promise<void> {
    for (const stop of this.running.splice(0)) await stop();
  }

  async apply(remedy: Remedy): Promise<void> {
    if (remedy.kind === 'repair-all') await this.verify({ repair: 'all' }, [remedy.build]);
    else if (remedy.kind === 'repair') await this.verify({ repair: [remedy.key] }, [remedy.build]);
    else if (remedy.kind === 'rebuild') await this.rebuild(remedy.readModel);
    else if (remedy.kind === 'catch-up') await this.catchUp();
    else if (remedy.kind === 'retry') await this.ask({ kind: 'retry', build: remedy.build, key: remedy.key });
    else throw new Error(`no problem names ${remedy.kind}`);
  }

  async catchUp(): Promise<void> {
    const { builds, events, store, code } = this.rebuilding;
    this.project();
    const { targets } = verifyTargets(await builds.change((registry) => ({ ...registry })), code, this.rebuilding.ports().fingerprints, []);
    const projections = targets.map(({ projection }) => projection);
    await waitForHead(projections, await events.head(), store, { waitingTimes: { look: 5, idle: 5_000, stuck: 5_000 } });
    await this.running.pop()?.();
  }

  private async rebuild(readModel: string): Promise<void> {
    await this.rebuilding.rebuild(this.rebuilding.code.filter((each) => each.name === readModel));
    await this.switchTo(readModel);
  }

  async switchTo(readModel: string): Promise<void> {
    const newest = (await this.rebuilding.builds.registry()).builds.filter((build) => build.readModel === readModel).at(-1);
    await this.ask({ kind: 'switch', build: newest?.name ?? '', accepted: [] });
  }

  private async ask(what: Change): Promise<void> {
    this.project();
    const id = randomUUID();
    await this.rebuilding.builds.change((registry) => withRequest(registry, id, what));
    const outcome = async () => (await this.rebuilding.builds.registry()).requests.find((request) => request.id === id)?.outcome;
    await until('an answer', async () => (await outcome()) !== undefined, 10_000);
    await this.running.pop()?.();
    const answer = await outcome();
    if (!answer?.done) throw new Error(answer?.says);
  }
}
