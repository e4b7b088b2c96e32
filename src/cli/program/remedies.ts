import { DamagedDocument } from '../../read-models/damaged-document.js';
import { UnusableReadModels } from '../../read-models/fingerprints.js';
import { NotEnoughSpace } from '../../read-models/rebuilding/disk-space.js';
import { BadChange } from '../../read-models/registry.js';
import type { Remedy } from '../../read-models/remedies.js';
import { UnservedReadModel } from '../../read-models/unserved-read-model.js';
import type { Problem } from '../../read-models/verifying/problems.js';
import { UnregisteredCandidates } from '../../vault/rotation.js';

/** The commands that do something about read models, one after another, as they are typed. */
export function commandsOf(remedies: readonly Remedy[]): readonly string[] {
  return remedies.flatMap(commandsFor);
}

function commandsFor(remedy: Remedy): readonly string[] {
  switch (remedy.kind) {
    case 'catch-up':
    case 'status':
      return [remedy.kind];
    case 'replay':
      return [`replay ${remedy.readModel}`];
    case 'switch-newest':
      return [`switch ${remedy.readModel}`];
    case 'rebuild':
      return [`replay ${remedy.readModel}`, `switch ${remedy.readModel}`];
    case 'switch':
    case 'cancel':
      return [`${remedy.kind} ${remedy.build}`];
    case 'repair-vault':
      return ['verify --repair-all'];
    case 'repair-all':
      return [`verify ${remedy.build} --repair-all`];
    case 'repair':
      return [`verify ${remedy.build} --repair ${remedy.key}`];
    case 'retry-all':
      return [`retry ${remedy.build} --all`];
    case 'retry':
      return [`retry ${remedy.build} ${remedy.key}`];
    case 'sample':
      return ['verify --sample N'];
    case 'spool-elsewhere':
      return ['replay --spool DIR'];
  }
}

/** `请运行 …`; undefined where no command helps. */
export function adviceOf(commands: readonly string[]): string | undefined {
  return commands.length === 0 ? undefined : `请运行 ${commands.join('，再运行 ')}`;
}

/** The message of an error, with the command or the option that helps where the error names a remedy. */
export function messageWithAdvice(error: Error): string {
  if (error instanceof UnregisteredCandidates) return `${error.message}；要删除它们，请加上 --drop-unregistered`;
  if (error instanceof UnusableReadModels) return [withAdvice(error.message, error.remedies), error.ofProgrammer ?? []].flat().join('。');
  const isRemediable = error instanceof BadChange || error instanceof NotEnoughSpace || error instanceof DamagedDocument || error instanceof UnservedReadModel;
  return isRemediable ? withAdvice(error.message, error.remedies) : error.message;
}

/** A sentence for the operator, with the command that helps. */
export function withAdvice(says: string, remedies: readonly Remedy[] = []): string {
  const [first] = remedies;
  if (!first) return says;
  const command = commandsOf([first])[0];
  switch (first.kind) {
    case 'switch':
      return `${says}；要使用 ${first.build}，请运行 ${command}`;
    case 'cancel':
      return `${says}：要放弃它，请运行 ${command}`;
    case 'replay':
      return `${says}：等它完成，或再次运行 ${command}`;
    case 'retry':
    case 'retry-all':
      return `${says}；先用 ${command} 处理`;
    case 'sample':
      return `${says}；也可以用 --sample 只核对一部分`;
    case 'spool-elsewhere':
      return `${says}；也可以用 --spool DIR 把中间文件放到别的磁盘`;
    default:
      return `${says}：${adviceOf(commandsOf(remedies))}`;
  }
}

/** A problem of read models as commands show it, and as it stands in their JSON. */
export interface ShownProblem extends Pick<Problem, 'kind' | 'says'> {
  readonly cure: readonly string[];
}

export function shownProblem({ kind, says, cure }: Problem): ShownProblem {
  return { kind, says, cure: commandsOf(cure) };
}
