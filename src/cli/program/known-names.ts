import { nearestSentence } from '../../kernel/nearest.js';
import type { Settings } from '../../settings/settings.js';
import type { Command } from './command.js';
import { WrongUse } from './errors.js';

/** @throws WrongUse where an argument names a read model that this release has not; builds such as `bills@2` are looked for in the data */
export async function assertReadModelsKnown(command: Command, given: Readonly<Record<string, unknown>>, settings: Settings): Promise<void> {
  const named = Object.entries(command.arguments ?? {}).flatMap(([key, { completes }]) => (completes === 'read-models' ? [given[key]].flat() : []));
  const names = named.filter((name) => typeof name === 'string' && !name.includes('@')).map(String);
  if (names.length === 0) return;
  const { servedFor } = await import('../../composition/known/projections.js');
  const known = [...new Set(servedFor(settings).map(({ name }) => name))];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new WrongUse('unknown_read_model', `没有读模型 ${unknown}；${nearestSentence(unknown, known)}`);
}
