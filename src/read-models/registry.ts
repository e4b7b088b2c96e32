import { CLOCK_SKEW } from '../kernel/clock.js';
import { nearestSentence } from '../kernel/nearest.js';
import type { Remedy } from './remedies.js';

/**
 * The builds of each read model and which one is served: one document, read once a request. Pure; build-store.ts stores it and
 * makes changes atomic.
 */
export interface Registry {
  /** Grows with every change. */
  readonly revision: number;
  /** By read model, the build that pages read. */
  readonly serving: Readonly<Record<string, string>>;
  /** By read model, the build that was served before: the target of a rollback. */
  readonly before: Readonly<Record<string, string>>;
  readonly builds: readonly Build[];
  /** Requests of the command line to the projector, with their newest outcomes. */
  readonly requests: readonly ProjectorRequest[];
  /** The installation whose log the builds were made from; unset before the first check. */
  readonly installation?: string;
  /** EVENT_STREAM_PREFIX of that time, where there was one. */
  readonly prefix?: string;
}

/** One build of a read model from the log. */
export interface Build {
  /** Such as `bills@2`; `bills@2-3` when it is the third of its version. */
  readonly name: string;
  readonly readModel: string;
  readonly version: number;
  /** Of the code that makes it (fingerprints.ts). */
  readonly fingerprint: string;
  /** `building`: being rebuilt while another is served; `current`: maintained as the log grows. */
  readonly state: 'building' | 'current';
  /** `fields`: MongoDB stores documents as native fields; unset: as JSON text, as earlier releases did. */
  readonly form?: 'fields';
  /** ISO 8601 instant. */
  readonly begun: string;
  /** ISO 8601 instant since when it is not served; requests that began before may still read it. */
  readonly left?: string;
}

/** A request to the projector, because only the lease's holder may do it. */
export interface ProjectorRequest {
  /** UUID. */
  readonly id: string;
  readonly what: Change;
  /** Deadline (ISO 8601 instant): afterwards it is not done, since the caller has given up. Unset: no deadline. */
  readonly until?: string;
  /** Undefined while it is pending. */
  readonly outcome?: { readonly done: boolean; readonly says: string; readonly remedies?: readonly Remedy[] };
}

export type Change =
  | { readonly kind: 'switch'; readonly build: string /** Quarantined documents that a person accepts. */; readonly accepted: readonly string[] }
  | { readonly kind: 'rollback'; readonly readModel: string /** As of a switch; unset by older releases. */; readonly accepted?: readonly string[] }
  | { readonly kind: 'retry'; readonly build: string; readonly key: string }
  /** The lease is handed over to this holder, who repairs documents under it and releases it. */
  | { readonly kind: 'lend'; readonly to: string };

export const EMPTY_REGISTRY: Registry = { revision: 0, serving: {}, before: {}, builds: [], requests: [] };

/** How many outcomes are kept for callers. */
const MAX_OUTCOMES = 20;

/** A change that the registry's state does not allow; the message is for the operator. */
export class BadChange extends Error {
  override readonly name = 'BadChange';
  constructor(
    message: string,
    readonly remedies: readonly Remedy[] = [],
  ) {
    super(message);
  }
}

/** @throws BadChange that names the nearest ones, and read models, which stand for what is served of them */
export function buildNamed({ builds, serving }: Registry, name: string): Build {
  const build = builds.find((each) => each.name === name);
  if (!build) {
    const known = builds.map((each) => each.name);
    throw new BadChange(`没有 ${name}；${nearestSentence(name, [...known, ...Object.keys(serving)])}`);
  }
  return build;
}

/** The build that pages read of a read model; undefined before the first. */
export function servedBuild({ serving, builds }: Registry, readModel: string): Build | undefined {
  return builds.find(({ name }) => name === serving[readModel]);
}

/** Whether this very build still exists: not abandoned or dropped, and no other begun under its name. */
export function isStillThere({ builds }: Registry, { name, begun }: Build): boolean {
  return builds.some((build) => build.name === name && build.begun === begun);
}

/** The name of the next build of a version. */
export function nextName({ builds }: Registry, readModel: string, version: number): string {
  const numbers = builds.filter((build) => build.readModel === readModel && build.version === version).map(({ name }) => buildNumber(name));
  const last = Math.max(0, ...numbers);
  return nameOfBuild(readModel, version, last + 1);
}

export function nameOfBuild(readModel: string, version: number, number: number): string {
  return number === 1 ? `${readModel}@${version}` : `${readModel}@${version}-${number}`;
}

const BUILD = /^([^@]+)@(\d+)(?:-\d+)?$/;

/** The read model and version that the name of a build says; undefined for what is none. */
export function partsOfName(name: string): Pick<Build, 'name' | 'readModel' | 'version'> | undefined {
  const [, readModel, version] = BUILD.exec(name) ?? [];
  return readModel === undefined ? undefined : { name, readModel, version: Number(version) };
}

/** 3 for `bills@2-3`, 1 for `bills@2`. */
export function buildNumber(name: string): number {
  return Number(/@\d+-(\d+)$/.exec(name)?.[1] ?? 1);
}

/** Adds a build: where none is served of its read model, or one that is not there, it is served from the start. */
export function withBuild(registry: Registry, build: Build): Registry {
  const { readModel, name } = build;
  const builds = [...registry.builds, build];
  return servedBuild(registry, readModel) ? { ...registry, builds } : { ...registry, builds, serving: { ...registry.serving, [readModel]: name } };
}

/** Removes the unfinished builds of these names. */
export function withoutUnfinished(registry: Registry, names: readonly string[]): Registry {
  const gone = new Set(registry.builds.filter(({ name, state }) => state === 'building' && names.includes(name)).map(({ name }) => name));
  if (gone.size === 0) return registry;
  const serving = Object.fromEntries(Object.entries(registry.serving).filter(([, name]) => !gone.has(name)));
  return { ...registry, serving, builds: registry.builds.filter(({ name }) => !gone.has(name)) };
}

/** Marks a build as caught up with the log: the projector maintains it from now on. */
export function withCurrentBuild(registry: Registry, name: string): Registry {
  return { ...registry, builds: registry.builds.map((build) => (build.name === name ? { ...build, state: 'current' } : build)) };
}

/** Makes a build the served one; the one served until now is kept as the target of a rollback. */
export function withServedBuild(registry: Registry, name: string, now: string): Registry {
  const { readModel, state } = buildNamed(registry, name);
  const served = registry.serving[readModel];
  if (served === name) throw new BadChange(`${name} 已经在使用`);
  if (state !== 'current') throw new BadChange(`${name} 还没有重建完成`);
  return {
    ...registry,
    serving: { ...registry.serving, [readModel]: name },
    before: served === undefined ? registry.before : { ...registry.before, [readModel]: served },
    builds: registry.builds.map((build) => {
      if (build.name === served) return { ...build, left: now };
      if (build.name !== name) return build;
      const { left: _, ...back } = build;
      return back;
    }),
  };
}

/**
 * The target of a rollback: always a build that was begun before the served one, so that a repeated request does not switch
 * forward again.
 */
export function buildBefore(registry: Registry, readModel: string): string {
  const served = servedBuild(registry, readModel);
  const before = registry.builds.find(({ name }) => name === registry.before[readModel]);
  if (!before) throw new BadChange(`${readModel} 没有可以退回的版本`);
  if (served && before.begun > served.begun) throw new BadChange(`${readModel} 已经退回到 ${served.name}`, [{ kind: 'switch', build: before.name }]);
  return before.name;
}

/** Milliseconds for which a build may still be read after it was last served. */
const DROP_DELAY = 60_000;

/** Removes a build, whose documents can then be dropped. */
export function withoutBuild(registry: Registry, name: string, now: string): Registry {
  const { readModel, left, state } = buildNamed(registry, name);
  if (registry.serving[readModel] === name) throw new BadChange(`${name} 正在使用，不能删除`);
  const wait = left === undefined ? 0 : Date.parse(left) + DROP_DELAY - Date.parse(now);
  const isSetBack = wait > DROP_DELAY + CLOCK_SKEW; // it was left before the clock was set back, and would be kept for as long
  if (wait > 0 && !isSetBack) throw new BadChange(`${name} 刚刚停用，可能还有页面在读，请 ${Math.ceil(wait / 1_000)} 秒后再试`);
  if (state === 'building') throw new BadChange(`${name} 还没有重建完成，不能删除`, [{ kind: 'cancel', build: name }]);
  const { [readModel]: before, ...others } = registry.before;
  return {
    ...registry,
    builds: registry.builds.filter((build) => build.name !== name),
    before: before === name || before === undefined ? others : registry.before,
  };
}

export function withRequest(registry: Registry, id: string, what: Change, until?: Date): Registry {
  return { ...registry, requests: [...registry.requests, { id, what, ...(until && { until: until.toISOString() }) }] };
}

/** Withdraws a request that is not answered. */
export function withoutPendingRequest(registry: Registry, id: string): Registry {
  const requests = registry.requests.filter((request) => request.id !== id || request.outcome);
  return requests.length === registry.requests.length ? registry : { ...registry, requests };
}

/** Answers a request; old outcomes are removed. */
export function withRequestOutcome(registry: Registry, id: string, done: boolean, says: string, remedies: readonly Remedy[] = []): Registry {
  const outcome = { done, says, ...(remedies.length > 0 && { remedies }) };
  const requests = registry.requests.map((request) => (request.id === id ? { ...request, outcome } : request));
  const outcomes = requests.filter((request) => request.outcome);
  const kept = new Set(outcomes.slice(-MAX_OUTCOMES));
  return { ...registry, requests: requests.filter((request) => !request.outcome || kept.has(request)) };
}
