import { openBuildStore, openEventStore, openProjectionStore } from '../composition/stores.js';
import { START } from '../event-store/event.js';
import type { EventStore } from '../event-store/event-store.js';
import type { BuildStore } from '../read-models/build-store.js';
import type { ProjectionStore } from '../read-models/read-models.js';
import { placeholderProjection } from '../read-models/rebuilding/rebuild-targets.js';
import { BadChange, type Build, buildNamed, type Registry, withoutBuild, withoutUnfinished } from '../read-models/registry.js';
import { isOfThisLog } from '../read-models/serving/of-this-log.js';
import { readSettings, type Settings } from '../settings/settings.js';
import { lacking } from './lacking.js';
import { type CommandOptions, printLine } from './output.js';

/** A build as the operator sees it. */
interface Shown {
  readonly build: string;
  readonly served: boolean;
  readonly state: Build['state'];
  readonly position: string;
  /** Events that it has not seen, or how many the log counts where there may be more; null where it has seen what is not in this log, which is another one or an older copy of its own. */
  readonly behind: number | null;
  /** That there may be more than `behind` says. */
  readonly more: boolean;
  readonly documents: number;
  readonly quarantined: readonly { readonly key: string; readonly position: string; readonly error: string }[];
}

/** `projections`: which builds there are, which is served, and how they are getting on. */
export async function runProjections({ json }: CommandOptions): Promise<void> {
  const settings = readSettings(process.env);
  const shown = await onBuilds(settings, async (builds) => {
    const store = await openProjectionStore(settings);
    const events = await openEventStore(settings, async () => []); // it asks for no candidate's streams
    try {
      const registry = await builds.registry();
      return await Promise.all(registry.builds.map((build) => shownAs(build, registry, builds, store, events)));
    } finally {
      await store.close();
      await events.close();
    }
  });
  for (const each of shown) {
    const kept = each.state === 'building' ? '重建中' : each.served ? '使用中' : '保留';
    printLine(`${each.build}：${kept}，文档 ${each.documents} 个，${inWords(each)}，隔离 ${each.quarantined.length} 个`);
    for (const { key, position, error } of each.quarantined) printLine(`  隔离 ${key}（事件位置 ${position}）：${error}`);
  }
  if (shown.length === 0) printLine('还没有读模型：个人中心第一次启动时建立');
  if (json) printLine(JSON.stringify({ builds: shown }));
}

function inWords({ behind, more }: Shown): string {
  if (behind === null) return '看过的事件不在这份日志里（日志是另一份，或是较旧的副本），需要重建';
  return more ? `落后事件至少 ${behind} 条` : `落后事件 ${behind} 条`;
}

/** `drop NAME@VERSION`: removes a build that no page reads. */
export async function runDrop(name: string, { json }: CommandOptions): Promise<void> {
  await onBuilds(readSettings(process.env), async (builds) => {
    const build = buildNamed(await builds.registry(), name);
    await builds.change((registry) => withoutBuild(registry, name, new Date().toISOString()));
    await builds.drop(placeholderProjection(build));
  });
  printLine(`${name} 已删除`);
  if (json) printLine(JSON.stringify({ dropped: name }));
}

/** `cancel NAME`: gives up the builds of a read model that are being made; whoever makes them ends by itself. */
export async function runCancel(name: string, { json }: CommandOptions): Promise<void> {
  const cancelled = await onBuilds(readSettings(process.env), async (builds) => {
    const given = (await builds.registry()).builds.filter((build) => build.state === 'building' && (build.readModel === name || build.name === name));
    if (given.length === 0) throw new BadChange(`${name} 没有正在进行的重建`);
    const names = given.map((build) => build.name);
    await builds.change((registry) => withoutUnfinished(registry, names));
    for (const build of given) await builds.drop(placeholderProjection(build));
    return names;
  });
  printLine(`已取消：${cancelled.join('、')}`);
  if (json) printLine(JSON.stringify({ cancelled }));
}

async function onBuilds<T>(settings: Settings, work: (builds: BuildStore) => Promise<T>): Promise<T> {
  const builds = await openBuildStore(settings);
  try {
    return await work(builds);
  } finally {
    await builds.close();
  }
}

async function shownAs(build: Build, registry: Registry, builds: BuildStore, store: ProjectionStore, events: EventStore): Promise<Shown> {
  const place = placeholderProjection(build);
  const [checkpoint] = await store.checkpoints([place]);
  const seen = checkpoint ?? { position: START };
  const { position } = seen;
  return {
    build: build.name,
    served: registry.serving[build.readModel] === build.name,
    state: build.state,
    position,
    ...((await isOfThisLog(events, seen)) ? await lacking(events, position) : { behind: null, more: false }),
    documents: await builds.count(place),
    quarantined: [...(await store.quarantined(place)).values()],
  };
}
