import { withReplayPorts } from '../../composition/replay-ports.js';
import { lowerThreadPriority } from '../../kernel/priority.js';
import { isNone } from '../../read-models/differences/difference.js';
import { assertUsable } from '../../read-models/fingerprints.js';
import { BadChange, type Build, buildNamed, type Registry, servedBuild } from '../../read-models/registry.js';
import type { CommandResult, Context } from '../program/command.js';
import { type BuildPair, compareBuilds, DifferentKeys } from './comparing.js';
import { differenceLines } from './difference-report.js';

interface DiffGiven {
  readonly one: string;
  readonly other: string;
  /** The keys of all documents that differ, in place of examples. */
  readonly all: boolean;
}

/** `diff A B`: in what two builds differ that there are; ends with 1 when they do. */
export async function runDiff({ one, other, all }: DiffGiven, { settings, out, signal }: Context): Promise<CommandResult> {
  lowerThreadPriority();
  return withReplayPorts(settings, async (ports) => {
    const registry = await ports.builds.registry();
    const pair = pairOf(registry, one, other);
    assertUsable(registry, ports.code, ports.fingerprints);
    const different = new DifferentKeys();
    const [difference] = await compareBuilds([pair], ports, { signal, different });
    if (!difference) throw new Error(`${one} and ${other} were not compared`);
    const lines = differenceLines(difference);
    if (all) {
      out.answer(different.csv().trimEnd());
      out.note(lines[0] ?? '');
    } else for (const line of lines) out.answer(line);
    const keys = all && different.keys.map(({ kind, key }) => ({ kind, key }));
    return { json: { ...difference, ...(keys && { keys }) }, differs: !isNone(difference) };
  });
}

/** @throws BadChange for builds that cannot be compared */
function pairOf(registry: Registry, one: string, other: string): BuildPair {
  const pair = { one: madeBuild(registry, one), other: madeBuild(registry, other) };
  if (pair.one.name === pair.other.name) throw new BadChange(`${one} 和 ${other} 是同一个版本`);
  if (pair.one.readModel !== pair.other.readModel) throw new BadChange(`${pair.one.name} 和 ${pair.other.name} 不是同一个读模型的版本`);
  return pair;
}

/** A build by its name, or the one that is served of a read model. */
function madeBuild(registry: Registry, name: string): Build {
  const build = servedBuild(registry, name) ?? buildNamed(registry, name);
  if (build.state !== 'current') throw new BadChange(`${build.name} 还没有重建完成：等它完成，或再次运行 replay ${build.readModel}`);
  return build;
}
