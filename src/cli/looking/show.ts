import { projectionsFor } from '../../composition/known/projections.js';
import { openProjectionStore } from '../../composition/stores.js';
import type { EventStore } from '../../event-store/event-store.js';
import { shownJson } from '../../read-models/differences/shown-json.js';
import { bySubject, projectionOf } from '../../read-models/projection.js';
import { buildNamed, type Registry, servedBuild } from '../../read-models/registry.js';
import { assertHasPlace } from '../../read-models/verifying/problems.js';
import { beijing } from '../program/beijing-time.js';
import type { CommandResult, Context } from '../program/command.js';
import { CommandRefused, WrongUse } from '../program/errors.js';
import { adviceOf } from '../program/remedies.js';
import { reading } from '../read-models/reading.js';
import { keyGiven, unknownKey } from './keys.js';
import { openedJson, type Revealing, revealed, viewerOf } from './reveal.js';

interface ShowGiven extends Revealing {
  readonly name: string;
  readonly key: string;
}

/**
 * `show NAME KEY`: the document as it is stored, with the event up to which it has seen the log. Sealed values are only named as such, or
 * opened once it is recorded who looks and why. Ends with 1 where what is stored is not JSON.
 */
export function runShow({ name, key: typed, ...revealing }: ShowGiven, { settings, out }: Context): Promise<CommandResult> {
  const viewer = viewerOf(revealing);
  return reading(settings, async ({ events, builds }) => {
    const build = buildOf(await builds.registry(), name);
    const projection = projectionOf(projectionsFor(settings), build);
    if (!projection) throw new CommandRefused('no_code', `这个版本的程序没有 ${build.name} 的代码`);
    if (viewer && projection.key !== bySubject) throw new WrongUse('conflicting_options', '--reveal 只用于按考生的读模型：别的没有个人信息');
    const key = await keyGiven(typed, projection, settings);
    const store = await openProjectionStore(settings);
    try {
      const stored = (await store.load(projection, [key])).get(key);
      if (!stored) {
        await assertHasPlace({ build, projection }, builds);
        throw await unknownKey(key, projection, builds);
      }
      const fault = (await store.quarantined(projection)).get(key);
      const at = await recordedAt(events, stored.position);
      const { document: sealed, unreadable } = stored;
      const document =
        viewer && unreadable === undefined
          ? await revealed(settings, viewer, [key], `show ${name}`, async (vault) => openedJson(sealed, await vault.safe(key)))
          : shownJson(sealed);
      out.answer(`${build.name}  ${key}  处理到位置 ${stored.position}${at === undefined ? '' : `（${at}）`}`);
      if (fault) out.wrong(`被隔离：位置 ${fault.position} 的事件无法处理：${fault.error}`);
      const cure = unreadable === undefined ? [] : [`refold ${build.name} ${key}`];
      if (unreadable !== undefined) out.wrong(`${unreadable}：${adviceOf(cure)}`);
      else out.answer(sealed === null ? '文档已经删除' : JSON.stringify(document, undefined, 2));
      const quarantined = fault ? { position: fault.position, error: fault.error } : null;
      return {
        json: { build: build.name, key, position: stored.position, recordedAt: at ?? null, quarantined, document, unreadable: unreadable ?? null, cure },
        differs: unreadable !== undefined,
      };
    } finally {
      await store.close();
    }
  });
}

/** The build that pages read of a read model, or one by its own name. @throws BadChange */
function buildOf(registry: Registry, name: string) {
  return servedBuild(registry, name) ?? buildNamed(registry, name);
}

/** When the event at a position was recorded; undefined where the log has none there. */
async function recordedAt(events: EventStore, position: string): Promise<string | undefined> {
  const event = await events.at(position);
  return event && beijing(event.recordedAt);
}
