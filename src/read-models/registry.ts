import { CLOCKS_DIFFER } from '../kernel/clock.js';

/**
 * What there is of each read model, and which of it is served: one document, read once a request. Pure: how it is kept
 * and changed by one at a time is the store's affair (build-store.ts).
 */
export interface Registry {
  /** Grows with every change. */
  readonly revision: number;
  /** By read model, the build that pages read. */
  readonly serving: Readonly<Record<string, string>>;
  /** By read model, the build that was served before: there the way back leads. */
  readonly before: Readonly<Record<string, string>>;
  readonly builds: readonly Build[];
  /** What the command line has asked of the projector, and the newest of what came of it. */
  readonly requests: readonly Asked[];
  /** Whose log all this was made from; unset before it was first looked at. */
  readonly installation?: string;
  /** EVENT_STREAM_PREFIX of that time, where there was one. */
  readonly prefix?: string;
}

/** One making of a read model from the log. */
export interface Build {
  /** Such as `bills@2`; `bills@2-3` when it is the third of its version. */
  readonly name: string;
  readonly readModel: string;
  readonly version: number;
  /** Of the code that makes it (fingerprints.ts). */
  readonly fingerprint: string;
  /** `building`: being made beside what is served; `current`: kept up as the log grows. */
  readonly state: 'building' | 'current';
  /** ISO 8601 instant. */
  readonly begun: string;
  /** ISO 8601 instant since when pages read it no more; requests that began before may still. */
  readonly left?: string;
}

/** Something only the holder of the lease may do. */
export interface Asked {
  /** UUID. */
  readonly id: string;
  readonly what: Change;
  /** ISO 8601 instant after which it is not done any more: who asked hears no answer by then. Unset: whenever it can be. */
  readonly until?: string;
  /** What came of it; undefined while it waits. */
  readonly outcome?: { readonly done: boolean; readonly says: string };
}

export type Change =
  | { readonly kind: 'switch'; readonly build: string /** Quarantined documents that a person accepts. */; readonly accepted: readonly string[] }
  | { readonly kind: 'rollback'; readonly readModel: string }
  | { readonly kind: 'retry'; readonly build: string; readonly key: string };

export const NOTHING_BUILT: Registry = { revision: 0, serving: {}, before: {}, builds: [], requests: [] };

/** Outcomes that are kept for those who asked. */
const MOST_OUTCOMES = 20;

/** A change of the registry that makes no sense as it stands; the message is for the operator. */
export class BadChange extends Error {
  override readonly name = 'BadChange';
}

export function buildNamed({ builds }: Registry, name: string): Build {
  const build = builds.find((each) => each.name === name);
  if (!build) throw new BadChange(`没有 ${name}；现有：${builds.map((each) => each.name).join('、') || '无'}`);
  return build;
}

/** The build that pages read of a read model; undefined before the first. */
export function servedBuild({ serving, builds }: Registry, readModel: string): Build | undefined {
  return builds.find(({ name }) => name === serving[readModel]);
}

/** Whether a build is still as it was begun: not given up or dropped, and no other begun under its name. */
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

/** 3 for `bills@2-3`, 1 for `bills@2`. */
export function buildNumber(name: string): number {
  return Number(/@\d+-(\d+)$/.exec(name)?.[1] ?? 1);
}

/** A build begins: the first of a read model is served from the start, any other beside what is served. */
export function withBuild(registry: Registry, build: Build): Registry {
  const { readModel, name } = build;
  const builds = [...registry.builds, build];
  return readModel in registry.serving ? { ...registry, builds } : { ...registry, builds, serving: { ...registry.serving, [readModel]: name } };
}

/** Builds of these names that are not finished are given up. */
export function withoutUnfinished(registry: Registry, names: readonly string[]): Registry {
  const gone = new Set(registry.builds.filter(({ name, state }) => state === 'building' && names.includes(name)).map(({ name }) => name));
  if (gone.size === 0) return registry;
  const serving = Object.fromEntries(Object.entries(registry.serving).filter(([, name]) => !gone.has(name)));
  return { ...registry, serving, builds: registry.builds.filter(({ name }) => !gone.has(name)) };
}

/** A build has caught up with the log: it is kept up from now on. */
export function madeCurrent(registry: Registry, name: string): Registry {
  return { ...registry, builds: registry.builds.map((build) => (build.name === name ? { ...build, state: 'current' } : build)) };
}

/** Pages read this build from now on; what they have read until now is kept, and is where the way back leads. */
export function switched(registry: Registry, name: string, now: string): Registry {
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
 * The build that the way back leads to: always one that was begun before what is served, so that asked twice, by one who heard no
 * answer, it does not lead forward again.
 */
export function buildBefore(registry: Registry, readModel: string): string {
  const served = servedBuild(registry, readModel);
  const before = registry.builds.find(({ name }) => name === registry.before[readModel]);
  if (!before) throw new BadChange(`${readModel} 没有可以退回的版本`);
  if (served && before.begun > served.begun) throw new BadChange(`${readModel} 已经退回到 ${served.name}；要使用较新的，请运行 switch ${before.name}`);
  return before.name;
}

/** How long after it was last pointed to a build may still be read, in milliseconds. */
export const STILL_READ = 60_000;

/** A build is forgotten; its documents can go. */
export function withoutBuild(registry: Registry, name: string, now: string): Registry {
  const { readModel, left } = buildNamed(registry, name);
  if (registry.serving[readModel] === name) throw new BadChange(`${name} 正在使用，不能删除`);
  const wait = left === undefined ? 0 : Date.parse(left) + STILL_READ - Date.parse(now);
  const isSetBack = wait > STILL_READ + CLOCKS_DIFFER; // it was left before the clock was set back, and would be kept for as long
  if (wait > 0 && !isSetBack) throw new BadChange(`${name} 刚刚停用，可能还有页面在读，请 ${Math.ceil(wait / 1_000)} 秒后再试`);
  const { [readModel]: before, ...others } = registry.before;
  return {
    ...registry,
    builds: registry.builds.filter((build) => build.name !== name),
    before: before === name || before === undefined ? others : registry.before,
  };
}

export function asked(registry: Registry, id: string, what: Change, until?: Date): Registry {
  return { ...registry, requests: [...registry.requests, { id, what, ...(until && { until: until.toISOString() }) }] };
}

/** What came of a request. */
export function answered(registry: Registry, id: string, done: boolean, says: string): Registry {
  const requests = registry.requests.map((request) => (request.id === id ? { ...request, outcome: { done, says } } : request));
  const outcomes = requests.filter(({ outcome }) => outcome);
  const kept = new Set(outcomes.slice(-MOST_OUTCOMES));
  return { ...registry, requests: requests.filter((request) => !request.outcome || kept.has(request)) };
}
