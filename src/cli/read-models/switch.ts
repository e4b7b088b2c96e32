import { buildRole } from '../../read-models/build-condition.js';
import { BadChange, type Change, type Registry } from '../../read-models/registry.js';
import { keyNamed } from '../looking/keys.js';
import type { CommandResult, Context } from '../program/command.js';
import { WrongUse } from '../program/errors.js';
import { type Answer, askingProjector, type RequestPorts } from './projector-requests.js';

interface RollbackGiven {
  readonly name: string;
  /** Keys of documents that are in quarantine in both builds. */
  readonly accept: readonly string[];
}

interface SwitchGiven {
  readonly name: string | undefined;
  readonly all: boolean;
  readonly accept: readonly string[];
}

/** `switch NAME|--all`: serves this build, the newest of the read model, or all new builds that await the switch. */
export async function runSwitch({ name, all, accept }: SwitchGiven, context: Context): Promise<CommandResult> {
  if (all && name !== undefined) throw new WrongUse('conflicting_options', '--all 不能与 NAME 同用');
  if (all) return switchAll(accept, context);
  if (name === undefined) throw new WrongUse('missing_argument', '请写出读模型或它的一个版本，或用 --all');
  return change(context, async (ports) => {
    const build = newestOf(await ports.builds.registry(), name);
    return { kind: 'switch', build, accepted: await acceptedKeys(accept, build, ports, context) };
  });
}

/** `rollback NAME`: serves the build that was served before the last switch. */
export function runRollback({ name, accept }: RollbackGiven, context: Context): Promise<CommandResult> {
  return change(context, async (ports) => ({ kind: 'rollback', readModel: name, accepted: await acceptedKeys(accept, name, ports, context) }));
}

function change(context: Context, changeOf: (ports: RequestPorts) => Promise<Change>): Promise<CommandResult> {
  return askingProjector(context, async (ports) => {
    const answer = await ports.ask(await changeOf(ports));
    if (!answer.done) throw new BadChange(answer.says);
    context.out.done(answer.says);
    return { json: answer };
  });
}

/** One after another: a build that cannot be served yet keeps back no other. */
function switchAll(accept: readonly string[], context: Context): Promise<CommandResult> {
  const { out } = context;
  return askingProjector(context, async (ports) => {
    const registry = await ports.builds.registry();
    const switched: ({ readonly build: string } & Answer)[] = [];
    for (const build of awaitingSwitch(registry)) {
      const accepted = await acceptedKeys(accept, build, ports, context);
      const answer = await ports.ask({ kind: 'switch', build, accepted });
      switched.push({ build, ...answer });
      if (answer.done) out.done(answer.says);
      else out.wrong(`${build} 没有切换：${answer.says}`);
    }
    if (switched.length === 0) out.answer('没有等待切换的版本');
    return { json: { switched }, differs: switched.some(({ done }) => !done) };
  });
}

/** Of each read model the newest build that was made since the served one and never served; one that was rolled back from is left. */
function awaitingSwitch(registry: Registry): readonly string[] {
  const awaiting = registry.builds.filter((build) => buildRole(registry, build, false) === 'awaiting-switch');
  const newest = new Map(awaiting.toSorted((one, other) => (one.begun < other.begun ? -1 : 1)).map(({ readModel, name }) => [readModel, name]));
  return [...newest.values()];
}

/** What stands for the documents of a read model on the command line, as their keys. */
function acceptedKeys(typed: readonly string[], name: string, { code }: RequestPorts, { settings }: Context): Promise<readonly string[]> {
  return Promise.all(typed.map((each) => keyNamed(each, name, code, settings)));
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
