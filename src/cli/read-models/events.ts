import { shownJson } from '../../read-models/rebuilding/shown-json.js';
import { beijing } from '../program/beijing-time.js';
import type { CommandResult, Context } from '../program/command.js';
import { CommandRefused } from '../program/errors.js';
import { reading } from './reading.js';

/** `events STREAM`: the events of a stream; sealed values are only named as such. */
export function runEvents({ stream }: { readonly stream: string }, { settings, out }: Context): Promise<CommandResult> {
  return reading(settings, async ({ events: log }) => {
    const [events = []] = await log.streams([stream]);
    if (events.length === 0) throw new CommandRefused('unknown_stream', `没有事件流 ${stream}`);
    const shown = events.map((event) => ({ ...event, recordedAt: beijing(event.recordedAt), data: shownJson(event.data) }));
    for (const { revision, type, position, recordedAt, metadata, data, unknown } of shown) {
      const why = [metadata.why && `  原因：${metadata.why}`, metadata.ticket && `  工单：${metadata.ticket}`].filter(Boolean).join('');
      out.answer(`${revision}  ${recordedAt}  ${type}${unknown ? '（更新的版本写入）' : ''}  位置 ${position}  ${metadata.by}${why}`);
      out.answer(`    ${JSON.stringify(data)}`);
    }
    return { json: { stream, events: shown } };
  });
}
