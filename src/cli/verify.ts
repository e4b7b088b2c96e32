import { replaying } from '../composition/replaying.js';
import { lowerThreadPriority } from '../kernel/priority.js';
import { assertUsable } from '../read-models/fingerprints.js';
import { projectionOf } from '../read-models/projection.js';
import type { Target } from '../read-models/rebuilding/rebuild-targets.js';
import { BadChange, type Registry, servedBuild } from '../read-models/registry.js';
import type { Differing, DifferingKind } from '../read-models/verifying/compare-partition.js';
import { verify } from '../read-models/verifying/verify.js';
import { readSettings } from '../settings/settings.js';
import { interruption } from './interrupt.js';
import { type CommandOptions, printLine } from './output.js';
import { showingProgress } from './replay-progress.js';

const KINDS: Readonly<Record<DifferingKind, string>> = {
  changed: '内容与事件不符',
  missing: '缺少',
  extra: '多出，没有事件',
  position: '内容相符，但处理到的位置与事件不符',
};

/** `verify [NAME…]`: compares stored documents with a fold of the log; ends with 1 when one is not what its events come to. */
export async function runVerify(names: readonly string[], { json }: CommandOptions): Promise<void> {
  const settings = readSettings(process.env);
  lowerThreadPriority();
  const verified = await replaying(settings, async (ports) => {
    const registry = await ports.builds.registry();
    assertUsable(registry, ports.code, ports.fingerprints);
    const targets = targetsOf(registry, names, (build) => projectionOf(ports.code, build));
    return showingProgress((progress) => verify(targets, ports, { progress, signal: interruption() }));
  });
  for (const { build, documents, differing, quarantined, stopped } of verified) {
    printLine(`${build}：核对了 ${documents} 个文档，${differing.length === 0 ? '全部与事件相符' : `${differing.length} 个不符`}`);
    for (const each of differing) for (const line of linesOf(each)) printLine(`  ${line}`);
    if (quarantined.length > 0) printLine(`  被隔离、只核对到隔离之前：${quarantined.join('、')}`);
    if (stopped !== undefined) printLine(`  停在：${stopped}`);
  }
  if (json) printLine(JSON.stringify({ verified }));
  if (verified.some(({ differing, stopped }) => differing.length > 0 || stopped !== undefined)) process.exitCode = 1;
}

/** @throws BadChange for a name that there is none of */
function targetsOf(
  registry: Registry,
  names: readonly string[],
  projectionOf: (build: Target['build']) => Target['projection'] | undefined,
): readonly Target[] {
  const wanted = names.length > 0 ? [...new Set(names)] : Object.keys(registry.serving);
  return wanted.map((name) => {
    const build = servedBuild(registry, name) ?? registry.builds.find((each) => each.name === name);
    if (!build) throw new BadChange(`没有 ${name}；现有：${registry.builds.map((each) => each.name).join('、') || '无'}`);
    if (build.state !== 'current') throw new BadChange(`${build.name} 还没有重建完成`);
    const projection = projectionOf(build);
    if (!projection) throw new BadChange(`这个版本的程序没有 ${build.name} 的代码`);
    return { build, projection };
  });
}

function linesOf({ key, kind, fields }: Differing): readonly string[] {
  const value = (each: object, name: 'fromLog' | 'stored') => (name in each ? JSON.stringify((each as Record<string, unknown>)[name]) : '（无）');
  return [`${key}：${KINDS[kind]}`, ...fields.map((each) => `  ${each.path || '整个文档'}：应为 ${value(each, 'fromLog')}，存为 ${value(each, 'stored')}`)];
}
