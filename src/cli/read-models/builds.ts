import { join } from 'node:path';
import { openBuildStore } from '../../composition/stores.js';
import type { BuildStore } from '../../read-models/build-store.js';
import { placeholderProjection } from '../../read-models/rebuilding/rebuild-targets.js';
import { lockFolder } from '../../read-models/rebuilding/replay-lock.js';
import { BadChange, buildNamed, withoutBuild, withoutUnfinished } from '../../read-models/registry.js';
import type { Settings } from '../../settings/settings.js';
import type { CommandResult, Context } from '../program/command.js';

/** `drop NAME@VERSION`: removes a build that no page reads. */
export async function runDrop({ build: name }: { readonly build: string }, { settings, out }: Context): Promise<CommandResult> {
  await onBuilds(settings, async (builds) => {
    const build = buildNamed(await builds.registry(), name);
    const unlock = lockFolder(join(settings.DATA_DIR, 'replay')); // a rebuild, a comparison or a verification may be reading it
    try {
      await builds.change((registry) => withoutBuild(registry, name, new Date().toISOString()));
      await builds.drop(placeholderProjection(build));
    } finally {
      unlock();
    }
  });
  out.done(`${name} 已删除`);
  return { json: { dropped: name } };
}

/** `cancel NAME`: gives up the builds of a read model that are being made; whoever makes them ends by itself. */
export async function runCancel({ name }: { readonly name: string }, { settings, out }: Context): Promise<CommandResult> {
  const cancelled = await onBuilds(settings, async (builds) => {
    const given = (await builds.registry()).builds.filter((build) => build.state === 'building' && (build.readModel === name || build.name === name));
    if (given.length === 0) throw new BadChange(`${name} 没有正在进行的重建`);
    const names = given.map((build) => build.name);
    await builds.change((registry) => withoutUnfinished(registry, names));
    for (const build of given) await builds.drop(placeholderProjection(build));
    return names;
  });
  out.done(`已取消：${cancelled.join('、')}`);
  return { json: { cancelled } };
}

async function onBuilds<T>(settings: Settings, work: (builds: BuildStore) => Promise<T>): Promise<T> {
  const builds = await openBuildStore(settings);
  try {
    return await work(builds);
  } finally {
    await builds.close();
  }
}
