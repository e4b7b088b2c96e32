import { v4 as uuid } from 'uuid';
import { projectionsFor } from '../../composition/known/projections.js';
import { openBuildStore, openEventStore, openProjectionStore } from '../../composition/stores.js';
import { abortableDelay } from '../../kernel/abortable-delay.js';
import { assertUsable, knownFingerprints } from '../../read-models/fingerprints.js';
import { RegisteredBuilds } from '../../read-models/projecting/maintained-builds.js';
import { Projector } from '../../read-models/projecting/projector.js';
import { BadChange, type Change, type ProjectorRequest, type Registry, withoutPendingRequest, withRequest } from '../../read-models/registry.js';
import type { CommandResult, Context } from '../program/command.js';

interface SwitchGiven {
  readonly name: string;
  /** Keys of documents that are in quarantine in both builds. */
  readonly accept: readonly string[];
}

/** `switch NAME`: serves this build, or the newest of the read model. */
export function runSwitch({ name, accept }: SwitchGiven, context: Context): Promise<CommandResult> {
  return request((registry) => ({ kind: 'switch', build: newestOf(registry, name), accepted: accept }), context);
}

/** `rollback NAME`: serves the build that was served before the last switch. */
export function runRollback({ name, accept }: SwitchGiven, context: Context): Promise<CommandResult> {
  return request(() => ({ kind: 'rollback', readModel: name, accepted: accept }), context);
}

/** `retry NAME KEY`: folds the events that a quarantined document has missed. */
export function runRetry({ name, key }: { readonly name: string; readonly key: string }, context: Context): Promise<CommandResult> {
  return request(({ serving }) => ({ kind: 'retry', build: serving[name] ?? name, key }), context);
}

/** Milliseconds to wait for the projector: longer than a takeover of the lease and the events of a busy minute take. */
const TIMEOUT = 60_000;
/** Milliseconds after which the projector ignores the request, whose command may have been killed; tolerates clock skew. */
const REQUEST_DEADLINE = 10 * TIMEOUT;
const POLL_INTERVAL = 100;

/**
 * Sends a request to the projector and waits for its outcome. Meanwhile this process runs a projector too: where there is no other,
 * it gets the lease. A request whose command is interrupted is withdrawn.
 */
async function request(changeOf: (registry: Registry) => Change, { settings, out, signal }: Context): Promise<CommandResult> {
  const builds = await openBuildStore(settings);
  const store = await openProjectionStore(settings);
  const events = await openEventStore(settings, async () => []); // it asks for no candidate's streams
  const stopping = new AbortController();
  const id = uuid();
  try {
    const fingerprints = knownFingerprints();
    const code = projectionsFor(settings);
    assertUsable(await builds.registry(), code, fingerprints);
    await builds.change((registry) => withRequest(registry, id, changeOf(registry), new Date(Date.now() + REQUEST_DEADLINE)));
    const kept = new RegisteredBuilds(builds, store, events, code, fingerprints);
    const projecting = new Projector(events, store, code, { holder: uuid(), builds: kept }).run(stopping.signal);
    const ended = Promise.allSettled([projecting]);
    const outcome = await Promise.race([answerTo(builds, id, signal), projecting.then(() => undefined)]).finally(() => {
      stopping.abort();
      return ended; // before the stores are closed
    });
    if (!outcome) throw new BadChange('没有得到答复，请求已撤回。请确认投影程序在运行，然后再试一次');
    if (!outcome.done) throw new BadChange(outcome.says);
    out.done(outcome.says);
    return { json: outcome };
  } finally {
    await builds.change((registry) => withoutPendingRequest(registry, id));
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

/**
 * A build by its name, or the newest of a read model; a repeated command never selects an older one.
 */
function newestOf({ builds, serving }: Registry, name: string): string {
  if (name.includes('@')) return name;
  const current = builds.filter((build) => build.readModel === name && build.state === 'current');
  const newest = current.toSorted((one, other) => (one.begun < other.begun ? -1 : 1)).at(-1);
  if (!newest || newest.name === serving[name]) throw new BadChange(`${name} 没有更新的版本可以使用：请先运行 replay ${name}`);
  return newest.name;
}
