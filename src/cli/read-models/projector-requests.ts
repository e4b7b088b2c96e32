import { v4 as uuid } from 'uuid';
import { projectionsFor } from '../../composition/known/projections.js';
import { claimReadModels } from '../../composition/starting/assert-own-log.js';
import { openBuildStore, openEventStore, openProjectionStore } from '../../composition/stores.js';
import { abortableDelay } from '../../kernel/abortable-delay.js';
import type { BuildStore } from '../../read-models/build-store.js';
import { assertCodeThere, knownFingerprints } from '../../read-models/fingerprints.js';
import { RegisteredBuilds } from '../../read-models/projecting/maintained-builds.js';
import { Projector } from '../../read-models/projecting/projector.js';
import type { Projection } from '../../read-models/projection.js';
import type { ProjectionStore } from '../../read-models/read-models.js';
import { BadChange, type Change, type ProjectorRequest, type Registry, withoutPendingRequest, withRequest } from '../../read-models/registry.js';
import type { Context } from '../program/command.js';
import { withAdvice } from '../program/remedies.js';

/** What requests are made with. */
export interface RequestPorts {
  readonly builds: BuildStore;
  readonly store: ProjectionStore;
  readonly code: readonly Projection[];
  /**
   * Asks the projector for a change and waits until it has done or refused it.
   * @throws BadChange when nobody answers; the request is withdrawn then
   */
  ask(change: Change): Promise<Answer>;
}

export type Answer = Omit<NonNullable<ProjectorRequest['outcome']>, 'remedies'>;

/** Milliseconds to wait for the projector: longer than a takeover of the lease and the events of a busy minute take. */
const TIMEOUT = 60_000;
/** Milliseconds after which the projector ignores the request, whose command may have been killed; tolerates clock skew. */
const REQUEST_DEADLINE = 10 * TIMEOUT;
const POLL_INTERVAL = 100;

/**
 * Makes requests of the projector. Meanwhile this process runs a projector too: where there is no other, it gets the lease. A request
 * whose command is interrupted is withdrawn.
 */
export async function askingProjector<T>({ settings, signal }: Context, work: (ports: RequestPorts) => Promise<T>): Promise<T> {
  const builds = await openBuildStore(settings);
  const store = await openProjectionStore(settings);
  const events = await openEventStore(settings, async () => []); // it asks for no candidate's streams
  const stopping = new AbortController();
  try {
    const [code, fingerprints] = [projectionsFor(settings), knownFingerprints()];
    assertCodeThere(await builds.registry(), code); // away from a build that other code made leads a switch
    await claimReadModels(settings, events);
    let projecting: Promise<void> | undefined;
    const ask = async (change: Change): Promise<Answer> => {
      const id = uuid();
      await builds.change((registry) => withRequest(registry, id, change, new Date(Date.now() + REQUEST_DEADLINE)));
      const kept = () => new RegisteredBuilds(builds, store, events, code, fingerprints);
      projecting ??= new Projector(events, store, code, { holder: uuid(), builds: kept() }).run(stopping.signal);
      try {
        const answer = await Promise.race([answerTo(builds, id, signal), projecting.then(() => undefined)]);
        if (!answer) throw new BadChange('没有得到答复，请求已撤回。请确认投影程序在运行，然后再试一次');
        return { done: answer.done, says: withAdvice(answer.says, answer.remedies) };
      } finally {
        await builds.change((registry) => withoutPendingRequest(registry, id));
      }
    };
    return await work({ builds, store, code, ask }).finally(() => {
      stopping.abort();
      return Promise.allSettled([projecting]); // it has ended before the stores are closed
    });
  } finally {
    await builds.close();
    await store.close();
    await events.close();
  }
}

async function answerTo(builds: { registry(): Promise<Registry> }, id: string, signal: AbortSignal): Promise<ProjectorRequest['outcome']> {
  for (const until = performance.now() + TIMEOUT; performance.now() < until; await abortableDelay(signal, POLL_INTERVAL)) {
    const outcome = (await builds.registry()).requests.find((request) => request.id === id)?.outcome;
    if (outcome) return outcome;
    signal.throwIfAborted();
  }
  return undefined;
}
