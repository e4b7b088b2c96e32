import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openBuildStore, photosFolder } from '../../composition/stores.js';
import { inMegabytes } from '../../kernel/megabytes.js';
import type { BuildStore } from '../../read-models/build-store.js';
import { abandonedFolders } from '../../read-models/rebuilding/abandoned-folders.js';
import { type PrunableBuild, type PruneReason, prunableBuilds, pruneBuild } from '../../read-models/rebuilding/prunable-builds.js';
import { lockFolder } from '../../read-models/rebuilding/replay-lock.js';
import { withoutUnfinished } from '../../read-models/registry.js';
import type { Settings } from '../../settings/settings.js';
import { abandonedDrafts } from '../../vault/photos.js';
import type { CommandResult, Context } from '../program/command.js';
import { SPOOL } from '../read-models/replay.js';

interface PruneGiven {
  /** A folder that was given to rebuilds for spool files. */
  readonly spool: string | undefined;
  readonly dryRun: boolean;
}

/** A file or folder that nobody uses. */
interface Leftover {
  readonly path: string;
  readonly bytes: number;
}

interface Prunable {
  readonly builds: readonly PrunableBuild[];
  readonly folders: readonly Leftover[];
  readonly drafts: readonly Leftover[];
}

const REASONS: Readonly<Record<PruneReason, string>> = {
  kept: '更早的版本，不是可以退回的那一个',
  'broken-off': '重建中断，没有做完',
  unregistered: '登记表中没有它',
};

/** `prune`: removes what nobody uses any more, once it was shown and a person agrees. */
export async function runPrune({ spool, dryRun }: PruneGiven, { settings, out, confirm }: Context): Promise<CommandResult> {
  const replays = join(settings.DATA_DIR, 'replay');
  const builds = await openBuildStore(settings);
  try {
    const unlock = lockFolder(replays); // nobody rebuilds, compares or verifies meanwhile
    try {
      const found = await prunable(builds, [replays, ...(spool === undefined ? [] : [join(spool, SPOOL)])], settings);
      const leftovers = [...found.folders, ...found.drafts];
      for (const { name, why, documents, bytes } of found.builds) {
        out.answer(`${name}：${REASONS[why]}；文档 ${documents} 个${bytes > 0 ? `，约 ${inMegabytes(bytes)} MB` : ''}`);
      }
      for (const { path, bytes } of found.folders) out.answer(`${path}：重建或核对留下的中间文件，${inMegabytes(bytes)} MB`);
      for (const { path, bytes } of found.drafts) out.answer(`${path}：没有写完的照片，${inMegabytes(bytes)} MB`);
      if (found.builds.length + leftovers.length === 0) {
        out.answer('没有可以清理的');
        return { json: { ...found, pruned: false } };
      }
      if (dryRun) return { json: { ...found, pruned: false } };
      await confirm('以上将被删除。确定吗？');
      const kept: string[] = [];
      for (const build of found.builds) if (!(await pruneBuild(builds, build, new Date()))) kept.push(build.name);
      for (const { path } of leftovers) await rm(path, { recursive: true, force: true });
      for (const name of kept) out.wrong(`${name} 没有删除：它刚刚又在使用了`);
      out.done('已清理。读模型文件不会变小：其中空出的地方留给以后的版本');
      return { json: { ...found, pruned: true, kept }, differs: kept.length > 0 };
    } finally {
      unlock();
    }
  } finally {
    await builds.close();
  }
}

async function prunable(builds: BuildStore, replays: readonly string[], settings: Settings): Promise<Prunable> {
  const found = await prunableBuilds(builds, new Date());
  const gone = found.filter(({ why }) => why === 'broken-off').map(({ name }) => name);
  const registry = withoutUnfinished(await builds.registry(), gone);
  const folders = (await Promise.all(replays.map((folder) => abandonedFolders(folder, registry)))).flat();
  const drafts = await abandonedDrafts(photosFolder(settings), new Date());
  return {
    builds: found,
    folders: await Promise.all(folders.map(async (path) => ({ path, bytes: await sizeOf(path) }))),
    drafts: drafts.map(({ file, bytes }) => ({ path: file, bytes })),
  };
}

/** Bytes of all files in a folder. */
async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const sizes = await Promise.all(entries.filter((entry) => entry.isFile()).map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size));
  return sizes.reduce((total, size) => total + size, 0);
}
